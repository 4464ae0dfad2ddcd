/**
 * Linear least squares as a problem a descent can solve, whatever the units of the table.
 *
 * Columns and target are standardized inside the problem: with zₖ = (xₖ − x̄ₖ)/sₖ and t = (y − ȳ)/s,
 *
 *   objective(b, w) = mean over rows of (b + Σₖ wₖ·zₖ − t)²
 *
 * so every coordinate has the same scale, the objective starts at 1 (predict the mean) and ends at 1 − R². The solution is mapped back to the
 * units of the table: cₖ = wₖ·s/sₖ, intercept = ȳ + s·b − Σₖ cₖ·x̄ₖ.
 */

import { type ColumnStatistics, columnStatistics } from "../data/column-statistics.js";
import { DataError, ShapeError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { symmetricEigenvalues } from "../numeric/symmetric-eigenvalues.js";

/** Parameters of the standardized problem. */
export interface LinearParams {
  readonly intercept: number;
  /** One per feature, [features]. */
  readonly weights: Float64Array;
}

/** A linear model in the units of the table: prediction = intercept + Σₖ weights[k]·xₖ. */
export interface LinearModel {
  readonly intercept: number;
  /** [features] */
  readonly weights: Float64Array;
}

export interface LinearLeastSquares {
  /** Loss of a row of `data`; its mean over rows is the objective. */
  readonly objective: (params: LinearParams, row: { readonly z: Tensor; readonly t: Tensor }) => Tensor;
  /** All zeros: predict the mean. */
  readonly start: LinearParams;
  /** `z`: a block [features] per row; `t`: a number per row. */
  readonly data: { readonly z: readonly Float64Array[]; readonly t: Float64Array };
  /** Eigenvalues of the Hessian of the objective, ascending, [features + 1]; absent for more than {@link MAX_EXACT_FEATURES} features. */
  readonly curvatures: Float64Array | undefined;
  /** The model that parameters of the standardized problem stand for. */
  readonly modelOf: (params: { readonly intercept: number; readonly weights: ArrayLike<number> }) => LinearModel;
}

/** Above this many features all eigenvalues cost more than the descent itself. */
export const MAX_EXACT_FEATURES = 128;

/**
 * Sets up the problem.
 *
 * @param features - columns, [features][rows], features ≥ 1, finite, none constant.
 * @param target - [rows], rows ≥ 2, finite, not constant.
 * @throws ShapeError SHAPE_MISMATCH; DataError TARGET_CONSTANT, or FEATURES_EMPTY for no features, or a constant one
 *
 * Cost: one copy of the table; (features²)·rows for the eigenvalues.
 */
export function linearLeastSquares(features: readonly ArrayLike<number>[], target: ArrayLike<number>): LinearLeastSquares {
  const rows = target.length;
  for (const column of features) {
    if (column.length !== rows) {
      throw new ShapeError(
        "SHAPE_MISMATCH",
        `linearLeastSquares: expected columns of ${rows} rows like the target, got ${column.length}.`,
        {
          where: "linearLeastSquares",
          expected: `[${rows}]`,
          got: `[${column.length}]`,
        },
      );
    }
  }
  const statistics = features.map((column) => columnStatistics(column));
  const constant = statistics.findIndex(({ deviation }) => deviation === 0);
  if (features.length === 0 || constant >= 0) {
    throw new DataError(
      "FEATURES_EMPTY",
      `linearLeastSquares: expected at least one feature and none constant, got ${features.length === 0 ? "none" : `a constant one at ${constant}`}.`,
      {
        target: "",
        setAside: constant < 0 ? [] : [{ column: String(constant), reason: "constant" }],
      },
    );
  }
  const targetStatistics = columnStatistics(target);
  if (targetStatistics.deviation === 0) {
    throw new DataError(
      "TARGET_CONSTANT",
      `linearLeastSquares: expected a target that varies, got ${targetStatistics.mean} in every row.`,
      {
        column: "target",
        value: targetStatistics.mean,
      },
    );
  }
  const z = standardizedRows(features, statistics, rows);
  const t = Float64Array.from({ length: rows }, (_, i) => (target[i]! - targetStatistics.mean) / targetStatistics.deviation);
  return {
    objective: (params, row) => row.z.matmul(params.weights).add(params.intercept).sub(row.t).square(),
    start: { intercept: 0, weights: new Float64Array(features.length) },
    data: { z, t },
    curvatures: features.length <= MAX_EXACT_FEATURES ? curvaturesOf(z, features.length) : undefined,
    modelOf: (params) => inUnitsOfTable(params, statistics, targetStatistics),
  };
}

/**
 * Predictions of a linear model, [rows].
 *
 * @param features - columns in the order of the model's weights, [features][rows].
 * @param rows - indices of the rows to predict, [n].
 */
export function predictLinear(model: LinearModel, features: readonly ArrayLike<number>[], rows: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rows.length }, (_, i) => {
    let prediction = model.intercept;
    for (let k = 0; k < features.length; k++) prediction += model.weights[k]! * features[k]![rows[i]!]!;
    return prediction;
  });
}

/** (x − x̄)/s of every column, as one block of memory with a view per row. */
function standardizedRows(features: readonly ArrayLike<number>[], statistics: readonly ColumnStatistics[], rows: number): Float64Array[] {
  const width = features.length;
  const block = new Float64Array(rows * width);
  for (let k = 0; k < width; k++) {
    const { mean, deviation } = statistics[k]!;
    for (let i = 0; i < rows; i++) block[i * width + k] = (features[k]![i]! - mean) / deviation;
  }
  return Array.from({ length: rows }, (_, i) => block.subarray(i * width, (i + 1) * width));
}

/** Twice the eigenvalues of [1, 0; 0, ZᵀZ/rows]: the columns of Z have mean 0, so the intercept stands apart. */
function curvaturesOf(z: readonly Float64Array[], width: number): Float64Array {
  const gram = new Float64Array(width * width);
  for (const row of z) {
    for (let j = 0; j < width; j++) for (let k = 0; k <= j; k++) gram[j * width + k]! += (row[j]! * row[k]!) / z.length;
  }
  for (let j = 0; j < width; j++) for (let k = j + 1; k < width; k++) gram[j * width + k] = gram[k * width + j]!;
  return Float64Array.of(...symmetricEigenvalues(gram, width), 1)
    .map((eigenvalue) => 2 * eigenvalue)
    .sort();
}

function inUnitsOfTable(
  params: { readonly intercept: number; readonly weights: ArrayLike<number> },
  statistics: readonly ColumnStatistics[],
  target: ColumnStatistics,
): LinearModel {
  const weights = Float64Array.from(statistics, ({ deviation }, k) => params.weights[k]! * (target.deviation / deviation));
  let intercept = target.mean + target.deviation * params.intercept;
  for (let k = 0; k < weights.length; k++) intercept -= weights[k]! * statistics[k]!.mean;
  return { intercept, weights };
}
