import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { checkNumber, POSITIVE } from "../options.js";
import type { ConvexSet } from "./convex-set.js";

/** Entries up to which all pairs are compared: less work than halving. */
const FEW = 64;
/** Halvings of an interval of length `total`: to the last bit of it. */
const HALVINGS = 53;

/**
 * The simplex {x : xᵢ ≥ 0, Σ xᵢ = total}: probabilities, weights of a portfolio, mixtures.
 *
 * P(z)ᵢ = max(zᵢ − τ, 0) with τ the root of Σ max(zᵢ − τ, 0) = total
 *
 * @param options.total - Σ xᵢ > 0. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Accuracy: Σ xᵢ to n·ε·max(total, ‖z‖∞). Cost: n² comparisons up to 64 entries, 54 sums over n beyond.
 *
 * Source: Held, Wolfe, Crowder 1974, for τ; Duchi et al. 2008. Deviation: they sort, which the language of graphs cannot say. Few entries
 * are compared in pairs; of many, τ is bracketed by halving and found by Newton's step, exact since the function is piecewise linear.
 */
export function simplex(options: { readonly total?: number } = {}): ConvexSet {
  const { total = 1 } = options;
  checkNumber("simplex", "total", total, POSITIVE);
  return { name: "simplex", size: undefined, project: (point) => point.sub(simplexThreshold(point, total)).maximum(0) };
}

/** τ with Σ max(zᵢ − τ, 0) = total, scalar. */
export function simplexThreshold(point: Tensor, total: number): Tensor {
  const largest = point.max();
  const below = point.sub(largest);
  return largest.add(point.length <= FEW ? thresholdByPairs(below, total) : thresholdByHalving(below, total));
}

/** An entry is above τ if the excess over it is less than the total; of those that are, τ is a mean. `z` ≤ 0, its largest entry 0. */
function thresholdByPairs(z: Tensor, total: number): Tensor {
  const excess = z.expandDims(0).sub(z.expandDims(1)).maximum(0).sum(1);
  const above = excess.less(total);
  return z.mul(above).sum().sub(total).div(above.sum());
}

function thresholdByHalving(z: Tensor, total: number): Tensor {
  const excess = (threshold: Tensor): Tensor => z.sub(threshold).maximum(0).sum().sub(total);
  // At the lower end the largest entry alone exceeds the threshold by the total, at the upper end none does.
  let low = tensor(-total);
  let width = total;
  for (let k = 0; k < HALVINGS; k++) {
    width /= 2;
    const middle = low.add(width);
    low = excess(middle).greaterEqual(0).select(middle, low);
  }
  return low.add(excess(low).div(z.greater(low).sum()));
}
