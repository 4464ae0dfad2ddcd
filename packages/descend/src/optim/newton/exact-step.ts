import { twoNorm } from "../../numeric/blas1.js";
import { symmetricEigen } from "../../numeric/symmetric-eigen.js";

/** How far ‖p‖ may be from Δ, relative to Δ. */
const RADIUS_TOLERANCE = 1e-10;
const MAX_ITERATIONS = 100;
/** Share of the gradient along the lowest eigenvectors below which they count as orthogonal to it: the hard case. */
const HARD = 1e-12;

/**
 * The exact minimum of the model within a ball: (H + λI)·p = −g with λ ≥ max(0, −λ₁) and λ·(Δ − ‖p‖) = 0.
 *
 * λ solves 1/Δ − 1/‖p(λ)‖ = 0 by Newton's method, safeguarded by bisection; with the eigenvalues of H each trial costs n. Where g is
 * orthogonal to the lowest eigenvector and the step at λ = −λ₁ stays inside (the hard case), that eigenvector is added up to the border.
 *
 * @returns for a radius, the step.
 * Source: Moré, Sorensen 1983, whose factorizations are replaced by one of eigenvalues; Nocedal
 * and Wright 2006, theorem 4.1 and section 4.3.
 */
export function exactStep(hessian: Float64Array, gradient: Float64Array): (radius: number) => Float64Array {
  const n = gradient.length;
  const { values, vectors } = symmetricEigen(hessian, n);
  const slopes = Float64Array.from(vectors, (v) => v.reduce((sum, entry, i) => sum + entry * gradient[i]!, 0));
  const size = twoNorm(gradient);
  const lowest = values[0]!;
  const spread = Math.max(Math.abs(lowest), Math.abs(values.at(-1)!));
  const combine = (weights: Float64Array): Float64Array => {
    const step = new Float64Array(n);
    weights.forEach((weight, k) => {
      if (weight !== 0) for (let i = 0; i < n; i++) step[i]! += weight * vectors[k]![i]!;
    });
    return step;
  };
  const isLowest = (k: number): boolean => values[k]! - lowest <= 1e-12 * spread;
  const weightsAt = (lambda: number): Float64Array => slopes.map((slope, k) => (slope === 0 ? 0 : -slope / (values[k]! + lambda)));

  return (radius) => {
    if (lowest > 0) {
      const weights = weightsAt(0);
      if (twoNorm(weights) <= radius) return combine(weights);
    }
    const least = Math.max(0, -lowest);
    const orthogonal = slopes.every((slope, k) => !isLowest(k) || Math.abs(slope) <= HARD * size);
    if (lowest <= 0 && orthogonal) {
      const weights = slopes.map((slope, k) => (isLowest(k) ? 0 : -slope / (values[k]! + least)));
      const length = twoNorm(weights);
      if (length <= radius) {
        // The model does not rise along the lowest eigenvector: to the border, if it falls.
        if (lowest < 0) weights[0] = Math.sqrt(Math.max(0, (radius - length) * (radius + length)));
        return combine(weights);
      }
    }
    return combine(weightsAt(secularRoot(slopes, values, radius, least, size / radius - lowest)));
  };
}

/** λ in (least, most) with ‖p(λ)‖ = radius. */
function secularRoot(slopes: Float64Array, values: Float64Array, radius: number, least: number, most: number): number {
  let [low, high] = [least, Math.max(most, least)];
  let lambda = Math.max(least + 1e-3 * (high - least), slopes.length === 1 ? high : least);
  for (let k = 0; k < MAX_ITERATIONS; k++) {
    let squared = 0;
    let derivative = 0;
    slopes.forEach((slope, i) => {
      if (slope === 0) return;
      const weight = slope / (values[i]! + lambda);
      squared += weight * weight;
      derivative += (weight * weight) / (values[i]! + lambda);
    });
    const length = Math.sqrt(squared);
    if (Math.abs(length - radius) <= RADIUS_TOLERANCE * radius || high - low <= Number.EPSILON * high) return lambda;
    if (length > radius) low = lambda;
    else high = lambda;
    const newton = lambda + (squared / derivative) * ((length - radius) / radius);
    lambda = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return lambda;
}
