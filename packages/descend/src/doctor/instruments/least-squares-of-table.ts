/** Ordinary least squares of a table's target on its columns that vary, with standard errors. */

import { NumericalError } from "../../errors.js";
import { householderQr } from "../../numeric/qr.js";
import type { SettledTable } from "../settle-case.js";

export interface TableLeastSquares {
  /** Intercept first where there is one, then the columns that vary over the rows taken. */
  readonly coefficients: Float64Array;
  readonly errors: Float64Array;
  /** y − prediction without the weights, in the order of the rows taken. */
  readonly residuals: Float64Array;
}

/** Multiplications that are worth it. */
const WORK = 2e7;

/**
 * @param rows - rows taken, from 0.
 * @param weights - what each row of the system is multiplied by, [rows taken]. Default 1.
 * @returns undefined where columns depend on each other, rows are too few, or the table is too large to be quick.
 */
export function leastSquaresOfTable(
  table: SettledTable,
  rows: readonly number[],
  weights?: ArrayLike<number>,
): TableLeastSquares | undefined {
  const varying = table.columns.filter((column) => rows.some((i) => column[i] !== column[rows[0]!]));
  const shift = table.intercept ? 1 : 0;
  const order = varying.length + shift;
  const n = rows.length;
  if (order === 0 || n <= order + 2 || n * order * order > WORK) return undefined;
  const weight = (at: number): number => (weights === undefined ? 1 : weights[at]!);
  const matrix = new Float64Array(n * order);
  const target = Float64Array.from(rows, (i, at) => weight(at) * table.target[i]!);
  rows.forEach((i, at) => {
    if (shift === 1) matrix[at] = weight(at);
    varying.forEach((column, k) => {
      matrix[(k + shift) * n + at] = weight(at) * column[i]!;
    });
  });
  try {
    const factors = householderQr(matrix, n, order);
    const { solution: coefficients } = factors.solve(target);
    const inverse = factors.inverseFactor();
    const residuals = Float64Array.from(rows, (i) => {
      const score = varying.reduce((sum, column, k) => sum + coefficients[k + shift]! * column[i]!, shift === 1 ? coefficients[0]! : 0);
      return table.target[i]! - score;
    });
    const variance = residuals.reduce((sum, r) => sum + r * r, 0) / (n - order);
    const errors = Float64Array.from(coefficients, (_, k) => {
      let square = 0;
      for (let j = 0; j < order; j++) square += inverse[k * order + j]! ** 2;
      return Math.sqrt(variance * square);
    });
    return { coefficients, errors, residuals };
  } catch (error) {
    if (error instanceof NumericalError) return undefined;
    throw error;
  }
}
