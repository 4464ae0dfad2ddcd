/**
 * Hessian products from differences of gradients, for objectives that cannot be differentiated twice exactly.
 *
 * H·v ≈ (g(x + hv) − g(x − hv)) / 2h with h = 10⁻⁴·max(1, ‖x‖∞) / ‖v‖∞, so that the rounding of gradients that are themselves
 * central differences (about 10⁻¹⁰) and the truncation (h²) both stay near 10⁻⁶. Near the faces of a box both points are moved into it
 * together, which costs h times the third derivative.
 */

import { maxNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";

/** Error of such products relative to the largest curvature. */
export const DIFFERENCED_CURVATURE_ERROR = 1e-4;

export function differencedHessianVector(
  gradientAt: (params: Float64Array) => ArrayLike<number>,
  params: Float64Array,
  box?: Box,
): (direction: Float64Array) => Float64Array {
  return (given) => {
    // Where a parameter has no room nothing can be learned of its curvature.
    const direction = box === undefined ? given : given.map((d, i) => (box.lower[i] === box.upper[i] ? 0 : d));
    if (maxNorm(direction) === 0) return new Float64Array(direction.length);
    const usual = (1e-4 * Math.max(1, maxNorm(params))) / maxNorm(direction);
    if (box === undefined) return quotient(gradientAt, params, direction, usual);
    const h = direction.reduce(
      (least, d, i) => (d === 0 ? least : Math.min(least, (box.upper[i]! - box.lower[i]!) / (4 * Math.abs(d)))),
      usual,
    );
    const room = direction.map((d) => 2 * h * Math.abs(d));
    const inner = { lower: box.lower.map((bound, i) => bound + room[i]!), upper: box.upper.map((bound, i) => bound - room[i]!) };
    return quotient((point) => gradientAt(nearestInBox(box, point)), nearestInBox(inner, params), direction, h);
  };
}

function quotient(
  gradientAt: (params: Float64Array) => ArrayLike<number>,
  params: Float64Array,
  direction: Float64Array,
  h: number,
): Float64Array {
  const ahead = Float64Array.from(gradientAt(params.map((x, i) => x + h * direction[i]!)));
  const behind = gradientAt(params.map((x, i) => x - h * direction[i]!));
  return ahead.map((g, i) => (g - behind[i]!) / (2 * h));
}
