/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi rotations.
 *
 * Source: Golub and Van Loan 2013, algorithm 8.5.2 (cyclic by rows). Accurate to a few ulps of the largest eigenvalue; cost
 * about 10·n³ for the handful of sweeps it takes. Meant for n up to a few dozen.
 */

import { invariant } from "../errors.js";

/** Sweeps after which the off-diagonal part of any matrix met in practice has vanished; six to ten are usual. */
const MAX_SWEEPS = 40;
/** Share of ‖A‖² that an off-diagonal part may have and still change no eigenvalue by more than rounding. */
const NEGLIGIBLE = 2 ** -104;

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** `vectors[k]` belongs to `values[k]`, length n, unit norm. */
  readonly vectors: readonly Float64Array[];
}

/** @param matrix - [n, n] row-major, symmetric, finite, n ≥ 1; not changed. */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  invariant(n >= 1 && matrix.length === n * n, `symmetricEigen got ${matrix.length} entries for order ${n}`);
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let norm = 0;
  for (const value of a) norm += value * value;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += 2 * a[p * n + q]! ** 2;
    if (off <= norm * NEGLIGIBLE) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) annihilate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i]! - a[j * n + j]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: order.map((i) => Float64Array.from({ length: n }, (_, row) => v[row * n + i]!)),
  };
}

/** Makes A[p, q] zero by a rotation of the plane (p, q). */
function annihilate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  // The smaller root of t² + 2τt − 1 = 0; |τ| large enough to overflow its square gives t = 1/(2τ)
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  rotate(a, v, n, p, q, c, t * c);
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
