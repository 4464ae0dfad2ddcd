import { type Operand, type Tensor, tensor, where } from "../../graph/tensor.js";
import { checkNumber, NON_NEGATIVE, outOfRange, POSITIVE } from "../options.js";
import type { Transformation, Update } from "../transformation.js";

export interface ProximalGradientOptions {
  readonly learningRate: number;
  readonly l1: number | ArrayLike<number>;
  readonly accelerated?: boolean;
}

/** The last point of the proximal step, [n], and Nesterov's t, scalar. */
export type ProximalGradientState = { readonly point: Tensor; readonly t: Tensor };

/**
 * Proximal gradient descent for f(x) + Σ λᵢ·|xᵢ| with f smooth, accelerated, restarted where acceleration points uphill.
 *
 * x₊ = S(y − α·∇f(y), α·λ),  t₊ = (1 + √(1 + 4t²))/2,  y₊ = x₊ + (t − 1)/t₊·(x₊ − x),  S(z, τ) = sign(z)·max(|z| − τ, 0)
 *
 * The objective is the whole sum, written with `abs()`, whose derivative at 0 counts as 0; the rule takes the part of the kinks out of the
 * gradient by itself. So values, history and verdict are of the whole objective, and coordinates end at exactly 0. The parameters *are* y, as
 * in {@link nesterov}. Restart: t = 1 whenever (y − x₊)·(x₊ − x) > 0.
 *
 * Its {@link Transformation.residual} is the subgradient of smallest norm: 0 exactly at minimizers.
 *
 * @param options.learningRate - α, 0 < α ≤ 1/L with L the largest curvature of f.
 * @param options.l1 - λ ≥ 0, one for all coordinates or one each, [n]; the same as in the objective.
 * @param options.accelerated - false: always t = 1, the plain method (ISTA). Default true.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Beck, Teboulle 2009, "A fast iterative shrinkage-thresholding algorithm", equations 4.1–4.3; O'Donoghue, Candès 2015, the gradient
 * scheme of section 3.2, for the restart.
 */
export function proximalGradient(options: ProximalGradientOptions): Transformation<ProximalGradientState> {
  const { learningRate, l1, accelerated = true } = options;
  checkNumber("proximalGradient", "learningRate", learningRate, POSITIVE);
  if (typeof l1 === "number") checkNumber("proximalGradient", "l1", l1, NON_NEGATIVE);
  else {
    const wrong = Array.from(l1).find((value) => !(value >= 0 && Number.isFinite(value)));
    if (wrong !== undefined) throw outOfRange("proximalGradient", "l1", "numbers ≥ 0", wrong);
  }
  const thresholds = tensor(l1 as Operand);
  const smoothPart = (params: Tensor, gradient: Tensor): Tensor => gradient.sub(params.sign().mul(thresholds));
  return {
    name: "proximalGradient",
    init: (params) => ({ point: params, t: tensor(1) }),
    update(gradient, { point, t }, { params }): Update<ProximalGradientState> {
      const next = shrink(params.sub(smoothPart(params, gradient).mul(learningRate)), thresholds.mul(learningRate));
      if (!accelerated) return { updates: next.sub(params), state: { point: next, t } };
      const moved = next.sub(point);
      const uphill = params.sub(next).mul(moved).sum().greater(0);
      const now = where(uphill, 1, t);
      const later = now.square().mul(4).add(1).sqrt().add(1).mul(0.5);
      const ahead = next.add(moved.mul(now.sub(1).div(later)));
      return { updates: ahead.sub(params), state: { point: next, t: later } };
    },
    residual: (params, gradient) => where(params.equal(0), shrink(gradient, thresholds), gradient),
  };
}

/** S(z, τ): towards 0 by τ, and to 0 exactly where |z| ≤ τ. */
function shrink(z: Tensor, threshold: Tensor): Tensor {
  return z.sign().mul(z.abs().sub(threshold).maximum(0));
}
