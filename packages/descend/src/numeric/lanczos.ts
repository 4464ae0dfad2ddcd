/**
 * Extreme curvatures and a Newton step from products with a symmetric matrix alone.
 *
 * Lanczos with full reorthogonalization: after m products, A restricted to span{b, Ab, …, Aᵐ⁻¹b} is a tridiagonal matrix whose
 * eigenvalues (Ritz values) approach the extreme eigenvalues of A.
 *
 * Source: Golub and Van Loan 2013, section 10.1; Parlett 1998, chapter 13 for the residual bound.
 */

import { laneDot, twoNorm } from "./blas1.js";
import { symmetricEigen } from "./symmetric-eigen.js";

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
    diagonal.push(laneDot(basis[k]!, w));
    const size = twoNorm(w);
    // Twice is enough: the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const q of basis) {
        const c = laneDot(q, w);
        for (let i = 0; i < n; i++) w[i]! -= c * q[i]!;
      }
    }
    const beta = twoNorm(w);
    below.push(beta);
    if (!(beta > 1e-13 * size) || k + 1 === n) break;
    basis.push(w.map((value) => value / beta));
  }
  const steps = diagonal.length;
  const tridiagonal = new Float64Array(steps * steps);
  for (let k = 0; k < steps; k++) {
    tridiagonal[k * steps + k] = diagonal[k]!;
    if (k + 1 < steps) tridiagonal[k * steps + k + 1] = tridiagonal[(k + 1) * steps + k] = below[k]!;
  }
  const { values, vectors } = symmetricEigen(tridiagonal, steps);
  const residual = steps === n ? 0 : below[steps - 1]!;
  return {
    values,
    bounds: Float64Array.from(vectors, (y) => Math.abs(residual * y[steps - 1]!)),
    weights: Float64Array.from(vectors, (y) => y[0]! ** 2),
    vector(k) {
      const u = new Float64Array(n);
      vectors[k]!.forEach((weight, j) => {
        for (let i = 0; i < n; i++) u[i]! += weight * basis[j]![i]!;
      });
      return u;
    },
    products: steps,
    extend: (most) => grow({ multiply, basis, diagonal, below }, most),
  };
}
