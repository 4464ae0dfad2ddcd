/** How far predictions of numbers are from the truth. */

import { ShapeError } from "../errors.js";

export interface RegressionMetrics {
  readonly rows: number;
  /** √(mean of squared errors), in the unit of the target. */
  readonly rmse: number;
  /** Mean of absolute errors, in the unit of the target. */
  readonly mae: number;
  /** 1 − Σ(y − ŷ)² / Σ(y − ȳ)², dimensionless, ≤ 1: negative is worse than the mean. null where the target does not vary. */
  readonly r2: number | null;
}

/**
 * Root mean squared error, mean absolute error, and coefficient of determination.
 *
 * @param actual - y, [n], n ≥ 1.
 * @param predicted - ŷ, [n].
 * @throws ShapeError SHAPE_MISMATCH
 */
export function regressionMetrics(actual: ArrayLike<number>, predicted: ArrayLike<number>): RegressionMetrics {
  const rows = actual.length;
  if (rows === 0 || predicted.length !== rows) {
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `regressionMetrics: expected as many predictions as actual values, and at least one, got ${predicted.length} and ${rows}.`,
      {
        where: "regressionMetrics",
        expected: `[${rows}]`,
        got: `[${predicted.length}]`,
      },
    );
  }
  let mean = 0;
  for (let i = 0; i < rows; i++) mean += actual[i]! / rows;
  let squared = 0;
  let absolute = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const error = actual[i]! - predicted[i]!;
    squared += error * error;
    absolute += Math.abs(error);
    total += (actual[i]! - mean) ** 2;
  }
  return { rows, rmse: Math.sqrt(squared / rows), mae: absolute / rows, r2: total > 0 ? 1 - squared / total : null };
}
