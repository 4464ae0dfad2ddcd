/** Linear systems with a symmetric positive definite matrix. */

/**
 * Solves A·x = b by A = L·Lᵀ.
 *
 * @param matrix - A, [n, n] row-major, symmetric; the lower triangle is read. Left as it is.
 * @param target - b, [n].
 * @returns x, [n], or undefined where A is not positive definite to rounding (a pivot ≤ n·2⁻⁵² of its diagonal entry).
 *
 * Accuracy: digits lost ≈ log₁₀ of the condition number of A. Cost: n³/3 flops.
 * Source: Golub and Van Loan 2013, algorithm 4.2.2.
 */
export function solvePositiveDefinite(matrix: ArrayLike<number>, n: number, target: ArrayLike<number>): Float64Array | undefined {
  const factor = choleskyFactor(matrix, n);
  if (factor === undefined) return undefined;
  const x = Float64Array.from(target);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) x[i]! -= factor[i * n + j]! * x[j]!;
    x[i]! /= factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i]! -= factor[j * n + i]! * x[j]!;
    x[i]! /= factor[i * n + i]!;
  }
  return x;
}

/** L of A = L·Lᵀ, [n, n] row-major with zeros above the diagonal; undefined where A is not positive definite to rounding. */
export function choleskyFactor(matrix: ArrayLike<number>, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) value -= factor[i * n + k]! * factor[j * n + k]!;
      if (i === j) {
        if (!(value > n * 2 ** -52 * Math.abs(matrix[i * n + i]!))) return undefined;
        factor[i * n + i] = Math.sqrt(value);
      } else {
        factor[i * n + j] = value / factor[j * n + j]!;
      }
    }
  }
  return factor;
}

/** L⁻¹ of a lower triangular matrix, [n, n] row-major with zeros above the diagonal, whose diagonal has no 0. */
export function inverseOfLower(factor: ArrayLike<number>, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    for (let i = c; i < n; i++) {
      let value = i === c ? 1 : 0;
      for (let k = c; k < i; k++) value -= factor[i * n + k]! * inverse[k * n + c]!;
      inverse[i * n + c] = value / factor[i * n + i]!;
    }
  }
  return inverse;
}
