import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { outOfRange } from "../options.js";
import { sizeOf } from "./check-vector.js";
import type { ConvexSet } from "./convex-set.js";

/**
 * The box {x : lower ≤ xᵢ ≤ upper}, to be used where a set is asked for; `options.bounds` of a descent is the usual way.
 *
 * @param lower, upper - numbers for all entries, or [n]; ±Infinity for none.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function interval(lower: number | ArrayLike<number>, upper: number | ArrayLike<number>): ConvexSet {
  const size = sizeOf(lower) ?? sizeOf(upper);
  const at = (bound: number | ArrayLike<number>, i: number): number => (typeof bound === "number" ? bound : bound[i]!);
  for (let i = 0; i < (size ?? 1); i++) {
    const [low, high] = [at(lower, i), at(upper, i)];
    if (!(low <= high)) throw outOfRange("interval", "lower, upper", "lower ≤ upper everywhere", `${low}, ${high} at [${i}]`);
  }
  const [low, high] = [tensor(lower), tensor(upper)];
  return { name: "interval", size, project: (point: Tensor) => point.clip(low, high) };
}

/** {x : xᵢ ≥ 0}. */
export function nonNegative(): ConvexSet {
  return { name: "nonNegative", size: undefined, project: (point) => point.maximum(0) };
}
