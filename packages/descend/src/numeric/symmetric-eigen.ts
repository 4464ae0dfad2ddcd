/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi rotations.
 *
 * Source: Golub and Van Loan 2013, algorithm 8.5.2 (cyclic by rows). Accurate to a few ulps of the largest eigenvalue; cost
 * about 10·n³ for the handful of sweeps it takes. Meant for n up to a few dozen.
 */

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** `vectors[k]` belongs to `values[k]`, length n, unit norm. */
  readonly vectors: readonly Float64Array[];
}

/** @param matrix - [n, n] row-major, symmetric; not changed. */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q]!;
        if (Math.abs(off) <= Number.EPSILON * Math.sqrt(Math.abs(a[p * n + p]! * a[q * n + q]!)) * 0.1 || off === 0) continue;
        rotated = true;
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * off);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        rotate(a, v, n, p, q, c, s);
      }
    }
    if (!rotated) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i]! - a[j * n + j]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: order.map((i) => Float64Array.from({ length: n }, (_, row) => v[row * n + i]!)),
  };
}

/** A ← JᵀAJ and V ← VJ for the rotation J in the plane (p, q). */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]!;
    const kq = a[k * n + q]!;
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k]!;
    const qk = a[q * n + k]!;
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
    const vp = v[k * n + p]!;
    const vq = v[k * n + q]!;
    v[k * n + p] = c * vp - s * vq;
    v[k * n + q] = s * vp + c * vq;
  }
}
