import type { Tensor } from "../../graph/tensor.js";
import { tensor, where } from "../../graph/tensor-functions.js";
import { outOfRange } from "../options.js";
import { type Penalty, shrink } from "./penalty.js";

export interface ElasticNetOptions {
  readonly l1?: number | ArrayLike<number>;
  readonly l2?: number | ArrayLike<number>;
}

/**
 * The elastic net h(x) = Σ λ₁ᵢ·|xᵢ| + ½·Σ λ₂ᵢ·xᵢ², the lasso's penalty for λ₂ = 0.
 *
 * prox(z, α) = S(z, α·λ₁) / (1 + α·λ₂),  S(z, τ) = sign(z)·max(|z| − τ, 0)
 *
 * @param options.l1 - λ₁ ≥ 0, one for all entries or one each, [n]. Default 0.
 * @param options.l2 - λ₂ ≥ 0, likewise. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Zou, Hastie 2005; Parikh, Boyd 2014, "Proximal algorithms", section 6.5.
 */
export function elasticNetPenalty({ l1 = 0, l2 = 0 }: ElasticNetOptions): Penalty {
  const [first, second] = [weights("elasticNetPenalty", "l1", l1), weights("elasticNetPenalty", "l2", l2)];
  return {
    name: "elasticNetPenalty",
    value: (x) => x.abs().mul(first).sum().add(x.square().mul(second).sum().mul(0.5)),
    prox: (z, step) => shrink(z, first.mul(step)).div(second.mul(step).add(1)),
    residual: (x, g) => where(x.equal(0), shrink(g, first), g.add(x.sign().mul(first)).add(x.mul(second))),
    smooth: (x) => x.notEqual(0).or(first.equal(0)),
  };
}

/** h(x) = Σ λᵢ·|xᵢ|: the elastic net without squares. */
export function l1Penalty(lambda: number | ArrayLike<number>): Penalty {
  return { ...elasticNetPenalty({ l1: lambda }), name: "l1Penalty" };
}

/** Checked weights as a tensor. */
export function weights(where: string, option: string, values: number | ArrayLike<number>): Tensor {
  const list = typeof values === "number" ? [values] : Array.from(values);
  const wrong = list.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw outOfRange(where, option, "numbers ≥ 0", wrong);
  return tensor(values);
}
