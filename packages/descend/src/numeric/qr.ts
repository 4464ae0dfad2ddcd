/**
 * Least squares by Householder QR with column pivoting: the closed form a descent is checked against.
 *
 * A·P = Q·R;  x minimises ‖A·x − b‖₂  ⇔  R·Pᵀx = (Qᵀb) in its first n rows.
 *
 * Columns are first scaled by powers of two to norms in [1, 2): this rounds nothing, and makes the rank decision independent of units.
 * Source: Businger and Golub 1965, "Linear least squares solutions by Householder transformations"; Golub and Van Loan 2013, 5.4.2.
 * Deviation: column norms are recomputed at every step instead of downdated (costs one more pass, loses no digits).
 */

import { NumericalError, ShapeError } from "../errors.js";

export interface LeastSquaresSolution {
  /** x, [cols]. */
  readonly solution: Float64Array;
  /** Σ(A·x − b)², from the transformed right-hand side. */
  readonly residualSumOfSquares: number;
  /** |R₁₁| / |Rₙₙ| of the scaled, pivoted matrix: a lower bound of its condition number, rarely far below it. */
  readonly conditionEstimate: number;
}

/**
 * Solves min ‖A·x − b‖₂ for a matrix of full column rank.
 *
 * @param matrix - A, [rows, cols] column-major, rows ≥ cols ≥ 1, finite. Left as it is.
 * @param target - b, [rows].
 * @throws ShapeError SHAPE_MISMATCH; NumericalError MATRIX_SINGULAR with the first column that depends on the others
 * (to max(rows, cols)·2⁻⁵², relative to the largest scaled column)
 *
 * Accuracy: backward stable; digits lost ≈ log₁₀ of the condition number (qr.test.ts: NIST linear problems).
 * Cost: 2·rows·cols² flops.
 */
export function leastSquaresByQr(matrix: Float64Array, rows: number, cols: number, target: Float64Array): LeastSquaresSolution {
  if (cols < 1 || rows < cols || matrix.length !== rows * cols || target.length !== rows) {
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `leastSquaresByQr: expected a matrix of at least as many rows as columns and as many targets as rows, got ${rows} × ${cols} (${matrix.length} values) and ${target.length} targets.`,
      { where: "leastSquaresByQr", expected: "rows ≥ cols ≥ 1, target [rows]", got: `[${rows}, ${cols}], target [${target.length}]` },
    );
  }
  const columns = Array.from({ length: cols }, (_, j) => matrix.slice(j * rows, (j + 1) * rows));
  const scales = columns.map(scaleToUnitNorm);
  const b = target.slice();
  const order = columns.map((_, j) => j);
  const diagonal = new Float64Array(cols);

  for (let k = 0; k < cols; k++) {
    pivot(columns, order, k);
    const column = columns[k]!;
    const norm = twoNorm(column, k);
    diagonal[k] = column[k]! > 0 ? -norm : norm;
    if (norm <= rows * 2 ** -52 * Math.abs(diagonal[0]!)) {
      throw new NumericalError(
        "MATRIX_SINGULAR",
        `leastSquaresByQr: column ${order[k]} is, to rounding, a combination of the others; ${k} of ${cols} columns are independent.`,
        { where: "leastSquaresByQr", column: order[k]! },
      );
    }
    // v = a − R_kk·e_k overwrites the column; H = I − v·vᵀ / (−R_kk·v_k)
    column[k] = column[k]! - diagonal[k]!;
    const denominator = -diagonal[k]! * column[k]!;
    for (let j = k + 1; j < cols; j++) reflect(column, columns[j]!, k, denominator);
    reflect(column, b, k, denominator);
  }

  const solution = new Float64Array(cols);
  for (let k = cols - 1; k >= 0; k--) {
    let value = b[k]!;
    for (let j = k + 1; j < cols; j++) value -= columns[j]![k]! * solution[order[j]!]!;
    solution[order[k]!] = value / diagonal[k]!;
  }
  for (let j = 0; j < cols; j++) solution[j]! *= scales[j]!;
  const residual = twoNorm(b, cols);
  return {
    solution,
    residualSumOfSquares: residual * residual,
    conditionEstimate: Math.abs(diagonal[0]! / diagonal[cols - 1]!),
  };
}

/** Multiplies a column by the power of two that brings its norm into [1, 2), and returns that factor (1 for a zero column). */
function scaleToUnitNorm(column: Float64Array): number {
  const norm = twoNorm(column, 0);
  if (norm === 0) return 1;
  const factor = 2 ** -Math.floor(Math.log2(norm));
  for (let i = 0; i < column.length; i++) column[i]! *= factor;
  return factor;
}

/** Brings the column with the largest remaining norm to place k. */
function pivot(columns: Float64Array[], order: number[], k: number): void {
  let best = k;
  let bestNorm = -1;
  for (let j = k; j < columns.length; j++) {
    const norm = twoNorm(columns[j]!, k);
    if (norm > bestNorm) {
      best = j;
      bestNorm = norm;
    }
  }
  [columns[k], columns[best]] = [columns[best]!, columns[k]!];
  [order[k], order[best]] = [order[best]!, order[k]!];
}

/** y ← y − v·(vᵀy) / denominator, on the entries from k on. */
function reflect(v: Float64Array, y: Float64Array, k: number, denominator: number): void {
  let product = 0;
  for (let i = k; i < v.length; i++) product += v[i]! * y[i]!;
  const factor = product / denominator;
  for (let i = k; i < v.length; i++) y[i]! -= factor * v[i]!;
}

/** ‖x‖₂ of the entries from `first` on, scaled by the largest so that squares neither overflow nor vanish. */
function twoNorm(x: Float64Array, first: number): number {
  let largest = 0;
  for (let i = first; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = first; i < x.length; i++) sum += (x[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}
