/**
 * Hessian products from differences of gradients, for objectives that cannot be differentiated twice exactly.
 *
 * H·v ≈ (g(x + hv) − g(x − hv)) / 2h with h = 10⁻⁴·max(1, ‖x‖∞) / ‖v‖∞, so that the rounding of gradients that are themselves
 * central differences (about 10⁻¹⁰) and the truncation (h²) both stay near 10⁻⁶.
 */

import { maxNorm } from "../numeric/blas1.js";

/** Error of such products relative to the largest curvature. */
export const DIFFERENCED_CURVATURE_ERROR = 1e-4;

export function differencedHessianVector(
  gradientAt: (params: Float64Array) => ArrayLike<number>,
  params: Float64Array,
): (direction: Float64Array) => Float64Array {
  return (direction) => {
    const h = (1e-4 * Math.max(1, maxNorm(params))) / maxNorm(direction);
    const ahead = Float64Array.from(gradientAt(params.map((x, i) => x + h * direction[i]!)));
    const behind = gradientAt(params.map((x, i) => x - h * direction[i]!));
    return ahead.map((g, i) => (g - behind[i]!) / (2 * h));
  };
}
