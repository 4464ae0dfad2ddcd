import { OptionError } from "../../errors.js";
import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../graph/tensor-functions.js";
import { checkNumber, POSITIVE } from "../options.js";
import { weights } from "../proximal/elastic-net-penalty.js";
import { type ForwardBackwardState, forwardBackward } from "../proximal/forward-backward.js";
import { type Penalty, shrink } from "../proximal/penalty.js";
import type { Transformation } from "../transformation.js";

export interface ProximalGradientOptions {
  readonly learningRate: number;
  readonly penalty?: Penalty;
  readonly l1?: number | ArrayLike<number>;
  readonly accelerated?: boolean;
}

/**
 * Proximal gradient descent for f + h with f smooth and h a penalty with kinks, accelerated, restarted where acceleration points uphill.
 *
 * x₊ = prox(y − α·∇f(y), α) with prox(z, α) = argmin h(x) + ‖x − z‖²/2α; y runs ahead of x as {@link forwardBackward} says
 *
 * Either the objective is f and the rule adds `penalty`, or the objective is the whole sum f + Σ λᵢ·|xᵢ| written with `abs()`, whose
 * derivative at 0 counts as 0, and `l1` says which part of the gradient comes from the kinks. Both ways values, history and verdict are of
 * the whole, and coordinates end at exactly 0.
 *
 * Its {@link Transformation.residual} is the subgradient of smallest norm: 0 exactly at minimizers.
 *
 * @param options.learningRate - α, 0 < α ≤ 1/L with L the largest curvature of f.
 * @param options.penalty - h, such as `l1Penalty(0.1)`; not in the objective.
 * @param options.l1 - λ ≥ 0, one for all coordinates or one each, [n]; the same as in the objective.
 * @param options.accelerated - false: always t = 1, the plain method (ISTA). Default true.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTIONS_CONFLICT unless one of `penalty` and `l1` is given.
 *
 * Source: Beck, Teboulle 2009, "A fast iterative shrinkage-thresholding algorithm".
 */
export function proximalGradient(options: ProximalGradientOptions): Transformation<ForwardBackwardState> {
  const { learningRate, penalty, l1, accelerated = true } = options;
  checkNumber("proximalGradient", "learningRate", learningRate, POSITIVE);
  if ((penalty === undefined) === (l1 === undefined)) {
    throw new OptionError("OPTIONS_CONFLICT", "proximalGradient: expected either a penalty or l1, got both or neither.", {
      options: ["penalty", "l1"],
    });
  }
  if (penalty !== undefined) {
    return {
      name: "proximalGradient",
      ...forwardBackward({ learningRate, accelerated, backward: (point, step) => penalty.prox(point, step) }),
      penalty: (params) => penalty.value(params),
      residual: (params, gradient) => penalty.residual(params, gradient),
      smooth: (params) => penalty.smooth(params),
    };
  }
  const thresholds = weights("proximalGradient", "l1", l1!);
  const smoothPart = (params: Tensor, gradient: Tensor): Tensor => gradient.sub(params.sign().mul(thresholds));
  return {
    name: "proximalGradient",
    ...forwardBackward({ learningRate, accelerated, smoothPart, backward: (point, step) => shrink(point, thresholds.mul(step)) }),
    residual: (params, gradient) => where(params.equal(0), shrink(gradient, thresholds), gradient),
  };
}
