/**
 * Least squares by Householder QR with column pivoting: the closed form a descent is checked against.
 *
 * A·P = Q·R;  x minimizes ‖A·x − b‖₂  ⇔  R·Pᵀx = (Qᵀb) in its first n rows.
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

/** A matrix A of full column rank as A = Q·F⁻¹ with orthonormal columns of Q. */
export interface QrFactorization {
  /** min ‖A·x − b‖₂ for a target b, [rows]. */
  solve(target: ArrayLike<number>): LeastSquaresSolution;
  /** F, [cols, cols] row-major: A·F has orthonormal columns, and F·Fᵀ = (AᵀA)⁻¹. */
  inverseFactor(): Float64Array;
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
  if (target.length !== rows) throw misshapen("leastSquaresByQr", matrix, rows, cols, `${target.length} targets`);
  return householderQr(matrix, rows, cols).solve(target);
}

/**
 * The factorization behind {@link leastSquaresByQr}, to solve for several targets or to know (AᵀA)⁻¹ without squaring the condition number.
 *
 * Arguments, errors and cost as there.
 */
export function householderQr(matrix: Float64Array, rows: number, cols: number): QrFactorization {
  if (cols < 1 || rows < cols || matrix.length !== rows * cols) throw misshapen("householderQr", matrix, rows, cols, "any targets");
  const columns = Array.from({ length: cols }, (_, j) => matrix.slice(j * rows, (j + 1) * rows));
  const scales = columns.map(scaleToUnitNorm);
  const order = columns.map((_, j) => j);
  const diagonal = new Float64Array(cols);
  const denominators = new Float64Array(cols);

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
    // v = a − R_kk·e_k overwrites the column from k on; H = I − v·vᵀ / (−R_kk·v_k). Above k it holds R
    column[k] = column[k]! - diagonal[k]!;
    denominators[k] = -diagonal[k]! * column[k]!;
    for (let j = k + 1; j < cols; j++) reflect(column, columns[j]!, k, denominators[k]!);
  }
  const conditionEstimate = Math.abs(diagonal[0]! / diagonal[cols - 1]!);

  return {
    conditionEstimate,
    solve(target) {
      const b = Float64Array.from(target);
      for (let k = 0; k < cols; k++) reflect(columns[k]!, b, k, denominators[k]!);
      const solution = new Float64Array(cols);
      for (let k = cols - 1; k >= 0; k--) {
        let value = b[k]!;
        for (let j = k + 1; j < cols; j++) value -= columns[j]![k]! * solution[order[j]!]!;
        solution[order[k]!] = value / diagonal[k]!;
      }
      for (let j = 0; j < cols; j++) solution[j]! *= scales[j]!;
      const residual = twoNorm(b, cols);
      return { solution, residualSumOfSquares: residual * residual, conditionEstimate };
    },
    inverseFactor() {
      // Column c of R⁻¹ by back substitution, its entries put back in the order and scale of the columns of A
      const factor = new Float64Array(cols * cols);
      for (let c = 0; c < cols; c++) {
        for (let k = c; k >= 0; k--) {
          let value = k === c ? 1 : 0;
          for (let j = k + 1; j <= c; j++) value -= columns[j]![k]! * factor[order[j]! * cols + c]!;
          factor[order[k]! * cols + c] = value / diagonal[k]!;
        }
      }
      for (let j = 0; j < cols; j++) for (let c = 0; c < cols; c++) factor[j * cols + c]! *= scales[j]!;
      return factor;
    },
  };
}

function misshapen(where: string, matrix: Float64Array, rows: number, cols: number, targets: string): ShapeError {
  return new ShapeError(
    "SHAPE_MISMATCH",
    `${where}: expected a matrix of at least as many rows as columns and as many targets as rows, got ${rows} × ${cols} (${matrix.length} values) and ${targets}.`,
    { where, expected: "rows ≥ cols ≥ 1, target [rows]", got: `[${rows}, ${cols}], ${targets}` },
  );
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
