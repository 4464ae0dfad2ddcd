import { tensor } from "../../graph/tensor-functions.js";
import { dot } from "../../numeric/blas1.js";
import { outOfRange } from "../options.js";
import { checkVector } from "./check-vector.js";
import type { ConvexSet } from "./convex-set.js";

/**
 * The half-space {x : normalᵀx ≤ offset}.
 *
 * P(z) = z − max(0, aᵀz − b)/‖a‖²·a
 *
 * @param normal - a, [n], not 0.
 * @param offset - b.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function halfSpace(normal: ArrayLike<number>, offset: number): ConvexSet {
  checkVector("halfSpace", "normal", normal);
  checkVector("halfSpace", "offset", offset);
  const a = Float64Array.from(normal);
  const square = dot(a, a);
  if (!(square > 0)) throw outOfRange("halfSpace", "normal", "a vector that is not 0", square);
  const direction = tensor(a.map((value) => value / square));
  return {
    name: "halfSpace",
    size: a.length,
    project: (point) => point.sub(direction.mul(point.mul(tensor(a)).sum().sub(offset).maximum(0))),
  };
}
