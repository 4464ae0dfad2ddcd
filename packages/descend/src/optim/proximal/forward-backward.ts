import type { Tensor } from "../../graph/tensor.js";
import { tensor, where } from "../../graph/tensor-functions.js";
import type { Transformation, Update } from "../transformation.js";

/** The last point of the backward step, [n], and Nesterov's t, scalar. */
export type ForwardBackwardState = { readonly point: Tensor; readonly t: Tensor };

export interface ForwardBackwardOptions {
  readonly learningRate: number;
  readonly accelerated: boolean;
  /** z, α ↦ argmin h(x) + ‖x − z‖²/2α. */
  readonly backward: (point: Tensor, step: number) => Tensor;
  /** ∇ of the smooth part alone, from what the objective's gradient is. Default: all of it. */
  readonly smoothPart?: (params: Tensor, gradient: Tensor) => Tensor;
}

/**
 * A step down the smooth part, a step back to where the other part is small: the loop that proximal and projected gradients share.
 *
 * x₊ = prox(y − α·∇f(y), α),  t₊ = (1 + √(1 + 4t²))/2,  y₊ = x₊ + (t − 1)/t₊·(x₊ − x); the parameters *are* y
 *
 * Restart: t = 1 whenever (y − x₊)·(x₊ − x) > 0. Where y is projected onto a convex set afterwards, the rate of the method stays: its proof
 * needs only that y is no farther from points of the set than x₊ + (t − 1)/t₊·(x₊ − x) is, and a projection is not.
 *
 * Source: Beck, Teboulle 2009, equations 4.1–4.3; O'Donoghue, Candès 2015, section 3.2, for the restart.
 */
export function forwardBackward(options: ForwardBackwardOptions): Pick<Transformation<ForwardBackwardState>, "init" | "update"> {
  const { learningRate, accelerated, backward, smoothPart = (_, gradient) => gradient } = options;
  return {
    init: (params) => ({ point: params, t: tensor(1) }),
    update(gradient, { point, t }, { params }): Update<ForwardBackwardState> {
      const next = backward(params.sub(smoothPart(params, gradient).mul(learningRate)), learningRate);
      if (!accelerated) return { updates: next.sub(params), state: { point: next, t } };
      const moved = next.sub(point);
      const uphill = params.sub(next).mul(moved).sum().greater(0);
      const now = where(uphill, 1, t);
      const later = now.square().mul(4).add(1).sqrt().add(1).mul(0.5);
      const ahead = next.add(moved.mul(now.sub(1).div(later)));
      return { updates: ahead.sub(params), state: { point: next, t: later } };
    },
  };
}
