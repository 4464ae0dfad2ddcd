/**
 * The shortest vector in the convex hull of some: min ‖Σ μᵢ·gᵢ‖₂ with μ ≥ 0, Σ μᵢ = 1.
 *
 * Of subgradients it is the one that counts: 0 at a minimizer of a non-smooth function, else its negative is a way down. The weights
 * minimize ‖Σ νᵢ·gᵢ‖² + (1 − Σ νᵢ)² over ν ≥ 0 up to their sum, so non-negative least squares find them.
 *
 * Source: Lawson, Hanson 1974, "Solving least squares problems", chapter 23.
 */

import { twoNorm } from "./blas1.js";
import { nonNegativeLeastSquares } from "./non-negative-least-squares.js";

/**
 * @param vectors - g₀, g₁, …, each [n]; at least one.
 * @returns the combination, [n]; undefined where the weights cannot be found.
 * Cost: some n exchanges of vectors.length·n + n³ flops.
 */
export function smallestCombination(vectors: readonly Float64Array[]): Float64Array | undefined {
  const n = vectors[0]!.length;
  const size = Math.max(...vectors.map((g) => twoNorm(g)));
  if (size === 0) return new Float64Array(n);
  if (!Number.isFinite(size)) return undefined;
  const dimension = n + 1;
  const raised = new Float64Array(vectors.length * dimension);
  vectors.forEach((g, i) => {
    for (let j = 0; j < n; j++) raised[i * dimension + j] = g[j]! / size;
    raised[i * dimension + n] = 1;
  });
  const target = new Float64Array(dimension);
  target[n] = 1;
  const solved = nonNegativeLeastSquares(raised, dimension, target);
  if (solved === undefined) return undefined;
  const total = solved.coefficients.reduce((sum, value) => sum + value, 0);
  const combination = new Float64Array(n);
  solved.support.forEach((i, k) => {
    const weight = solved.coefficients[k]! / total;
    for (let j = 0; j < n; j++) combination[j]! += weight * vectors[i]![j]!;
  });
  return total > 0 ? combination : undefined;
}
