/**
 * Extreme curvatures and a Newton step from products with a symmetric matrix alone.
 *
 * Lanczos with full reorthogonalization: after m products, A restricted to span{b, Ab, …, Aᵐ⁻¹b} is a tridiagonal matrix whose
 * eigenvalues (Ritz values) approach the extreme eigenvalues of A.
 *
 * Source: Golub and Van Loan 2013, section 10.1; Parlett 1998, chapter 13 for the residual bound.
 */

import { laneDot, twoNorm } from "./blas1.js";
import { tridiagonalEigen } from "./tridiagonal-eigen.js";

export interface LanczosResult {
  /** Ritz values, ascending; at most m of them, fewer if the Krylov space is exhausted. */
  readonly values: Float64Array;
  /** For each Ritz value a bound of its distance to an eigenvalue. */
  readonly bounds: Float64Array;
  /** Weight of the starting vector in each Ritz vector: (uₖᵀ b)² / ‖b‖². */
  readonly weights: Float64Array;
  /** Ritz vector k, length n. */
  vector(k: number): Float64Array;
  /** Products used. */
  readonly products: number;
  /** The same probe with more products, m of them in all at most: those made so far are not made again. */
  extend(m: number): LanczosResult;
}

/**
 * @param multiply - x ↦ A·x, length n; the result is read before the next call.
 * @param start - b, length n, not zero.
 * @param m - products at most.
 */
export function lanczos(multiply: (x: Float64Array) => ArrayLike<number>, start: ArrayLike<number>, m: number): LanczosResult {
  const norm = twoNorm(start);
  return grow({ multiply, basis: [Float64Array.from(start, (value) => value / norm)], diagonal: [], below: [] }, m);
}

/** Orthonormal q₀ … qₖ and the tridiagonal matrix; the basis is one vector ahead unless the space is exhausted. */
interface KrylovSpace {
  readonly multiply: (x: Float64Array) => ArrayLike<number>;
  readonly basis: readonly Float64Array[];
  readonly diagonal: readonly number[];
  readonly below: readonly number[];
}

function grow(space: KrylovSpace, m: number): LanczosResult {
  const { multiply } = space;
  const basis = [...space.basis];
  const diagonal = [...space.diagonal];
  const below = [...space.below];
  const n = basis[0]!.length;
  for (let k = diagonal.length; k < Math.min(m, n) && k < basis.length; k++) {
    const w = Float64Array.from(multiply(basis[k]!));
    const size = twoNorm(w);
    const alpha = laneDot(basis[k]!, w);
    diagonal.push(alpha);
    subtract(w, alpha, basis[k]!);
    if (k > 0) subtract(w, below[k - 1]!, basis[k - 1]!);
    const beta = orthogonalize(w, basis);
    below.push(beta);
    if (!(beta > 1e-13 * size) || k + 1 === n) break;
    basis.push(w.map((value) => value / beta));
  }
  const steps = diagonal.length;
  const { values, rows } = tridiagonalEigen(diagonal, below, [0, steps - 1]);
  const residual = steps === n ? 0 : below[steps - 1]!;
  let components: readonly Float64Array[] | undefined;
  return {
    values,
    bounds: rows[1]!.map((y) => Math.abs(residual * y)),
    weights: rows[0]!.map((y) => y ** 2),
    vector(k) {
      components ??= tridiagonalEigen(diagonal, below, Array.from(diagonal.keys())).rows;
      const u = new Float64Array(n);
      components.forEach((row, j) => {
        subtract(u, -row[k]!, basis[j]!);
      });
      return u;
    },
    products: steps,
    extend: (most) => grow({ multiply, basis, diagonal, below }, most),
  };
}

/** w ← w − c·q */
function subtract(w: Float64Array, c: number, q: Float64Array): void {
  for (let i = 0; i < w.length; i++) w[i]! -= c * q[i]!;
}

/**
 * Takes out of w what it has of the basis. A pass that leaves most of w has left no more than rounding of the basis in it; otherwise there
 * is another, and twice is enough (Daniel, Gragg, Kaufman and Stewart 1976).
 *
 * @returns ‖w‖
 */
function orthogonalize(w: Float64Array, basis: readonly Float64Array[]): number {
  let before = twoNorm(w);
  for (let pass = 0; ; pass++) {
    for (const q of basis) subtract(w, laneDot(q, w), q);
    const after = twoNorm(w);
    if (pass === 1 || after > Math.SQRT1_2 * before) return after;
    before = after;
  }
}
