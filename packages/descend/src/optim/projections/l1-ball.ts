import { where } from "../../graph/tensor-functions.js";
import { checkNumber, POSITIVE } from "../options.js";
import type { ConvexSet } from "./convex-set.js";
import { simplexThreshold } from "./simplex.js";

/**
 * The ball {x : Σ |xᵢ| ≤ radius}: the constrained form of the lasso.
 *
 * P(z) = z inside; sign(z)·max(|z| − τ, 0) outside, with τ that of |z| on the simplex of the same radius
 *
 * @param options.radius - > 0. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Duchi, Shalev-Shwartz, Singer, Chandra 2008, section 4.
 */
export function l1Ball(options: { readonly radius?: number } = {}): ConvexSet {
  const { radius = 1 } = options;
  checkNumber("l1Ball", "radius", radius, POSITIVE);
  return {
    name: "l1Ball",
    size: undefined,
    project(point) {
      const size = point.abs();
      return where(size.sum().lessEqual(radius), point, point.sign().mul(size.sub(simplexThreshold(size, radius)).maximum(0)));
    },
  };
}
