/** Eigenvalues of a small symmetric matrix: what curvature says about steps before the first one is taken. */

import { invariant } from "../errors.js";

/** Sweeps after which the off-diagonal part of any matrix met in practice has vanished (six to ten are usual). */
const MAX_SWEEPS = 40;

/**
 * All eigenvalues, ascending, by cyclic Jacobi rotations.
 *
 * @param matrix - symmetric, [n, n] row-major, finite, n ≥ 1. Only read.
 * @returns [n]
 *
 * Accuracy: absolute error a few ulps of ‖A‖₂ (symmetric-eigenvalues.test.ts: closed forms).
 * Cost: about 4·n³ flops a sweep; meant for n up to a few hundred.
 * Source: Golub and Van Loan 2013, section 8.5, algorithm 8.5.2.
 */
export function symmetricEigenvalues(matrix: ArrayLike<number>, n: number): Float64Array {
  invariant(n >= 1 && matrix.length === n * n, `symmetricEigenvalues got ${matrix.length} entries for order ${n}`);
  const a = Float64Array.from(matrix);
  let norm = 0;
  for (const value of a) norm += value * value;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += 2 * a[p * n + q]! ** 2;
    if (off <= norm * 2 ** -104) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, n, p, q);
  }
  return Float64Array.from({ length: n }, (_, i) => a[i * n + i]!).sort();
}

/** A ← JᵀAJ with the rotation of the plane (p, q) that makes A[p, q] zero. */
function rotate(a: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  // The smaller root of t² + 2τt − 1 = 0; |τ| large enough to overflow its square gives t = 1/(2τ)
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const akp = a[k * n + p]!;
    const akq = a[k * n + q]!;
    a[k * n + p] = c * akp - s * akq;
    a[k * n + q] = s * akp + c * akq;
  }
  for (let k = 0; k < n; k++) {
    const apk = a[p * n + k]!;
    const aqk = a[q * n + k]!;
    a[p * n + k] = c * apk - s * aqk;
    a[q * n + k] = s * apk + c * aqk;
  }
}
