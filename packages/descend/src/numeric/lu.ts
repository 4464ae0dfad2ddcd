/** Small dense linear systems by elimination with partial pivoting. */

/** P·A = L·U of a matrix of order n, to solve with. */
export interface LuFactor {
  /** A⁻¹·b, [n]. */
  solve(b: ArrayLike<number>): Float64Array;
}

/**
 * @param matrix - A, [n, n] row-major; not changed.
 * @returns undefined where a pivot is 0 or not finite.
 *
 * Accuracy: backward stable in practice. Cost: ⅔·n³, and 2·n² a solution.
 * Source: Golub and Van Loan 2013, algorithm 3.4.1.
 */
export function luFactor(matrix: ArrayLike<number>, n: number): LuFactor | undefined {
  const a = Float64Array.from(matrix);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    const largest = Math.abs(a[pivot * n + k]!);
    if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return undefined;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j]!, a[k * n + j]!];
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!;
      a[i * n + k] = factor;
      if (factor !== 0) for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
  }
  return {
    solve(b) {
      const x = Float64Array.from(order, (i) => b[i]!);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) x[i]! -= a[i * n + j]! * x[j]!;
      for (let i = n - 1; i >= 0; i--) {
        for (let j = i + 1; j < n; j++) x[i]! -= a[i * n + j]! * x[j]!;
        x[i]! /= a[i * n + i]!;
      }
      return x;
    },
  };
}
