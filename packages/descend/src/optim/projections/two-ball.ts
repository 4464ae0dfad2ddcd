import { tensor } from "../../graph/tensor-functions.js";
import { checkNumber, POSITIVE } from "../options.js";
import { checkVector, sizeOf } from "./check-vector.js";
import type { ConvexSet } from "./convex-set.js";

/**
 * The ball {x : ‖x − center‖₂ ≤ radius}.
 *
 * P(z) = center + (z − center)·radius / max(radius, ‖z − center‖₂)
 *
 * @param options.radius - > 0. Default 1.
 * @param options.center - a number for all entries, or [n]. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function twoBall(options: { readonly radius?: number; readonly center?: number | ArrayLike<number> } = {}): ConvexSet {
  const { radius = 1, center = 0 } = options;
  checkNumber("twoBall", "radius", radius, POSITIVE);
  checkVector("twoBall", "center", center);
  const middle = tensor(center);
  return {
    name: "twoBall",
    size: sizeOf(center),
    project(point) {
      const away = point.sub(middle);
      // Scaled by the largest entry: squares of large ones would overflow.
      const largest = away
        .abs()
        .max()
        .maximum(Number.MIN_VALUE * 2 ** 60);
      const norm = away.div(largest).square().sum().sqrt().mul(largest);
      return norm.lessEqual(radius).select(point, middle.add(away.mul(norm.maximum(radius).pow(-1).mul(radius))));
    },
  };
}
