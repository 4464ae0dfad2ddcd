import { checkNumber, POSITIVE } from "../options.js";
import type { ConvexSet } from "../projections/convex-set.js";
import { type ForwardBackwardState, forwardBackward } from "../proximal/forward-backward.js";
import type { Transformation } from "../transformation.js";
import { within } from "../within.js";

export interface ProjectedGradientOptions {
  readonly learningRate: number;
  readonly onto: ConvexSet;
  readonly accelerated?: boolean;
}

/**
 * Gradient descent on a convex set: each step is projected back onto it. Accelerated, restarted where acceleration points uphill.
 *
 * x₊ = P(y − α·∇f(y)); y runs ahead of x as {@link forwardBackward} says, and is projected as well, so that nothing is evaluated outside
 *
 * @param options.learningRate - α, 0 < α ≤ 1/L with L the largest curvature of f.
 * @param options.onto - the set, such as `simplex()`.
 * @param options.accelerated - false: always t = 1, the plain method. Default true.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Goldstein 1964; Levitin, Polyak 1966; Beck, Teboulle 2009 for the acceleration.
 */
export function projectedGradient(options: ProjectedGradientOptions): Transformation<ForwardBackwardState> {
  const { learningRate, onto, accelerated = true } = options;
  checkNumber("projectedGradient", "learningRate", learningRate, POSITIVE);
  const backward: Parameters<typeof forwardBackward>[0]["backward"] = (point) => onto.project(point);
  return within({ name: "projectedGradient", ...forwardBackward({ learningRate, accelerated, backward }) }, onto);
}
