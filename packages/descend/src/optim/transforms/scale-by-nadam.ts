import type { Tensor } from "../../graph/tensor.js";
import { ones, tensor } from "../../graph/tensor-functions.js";
import { decayedMean, nextWeight, startOfMean } from "../decayed-mean.js";
import { FRACTION, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "./scale-by-adam.js";

export interface ScaleByNadamOptions extends ScaleByAdamOptions {
  readonly momentumDecay?: Hyperparameter;
}

/** Means [n]; weight of v, the product of the momenta so far, and 0.96^(t·ψ), scalars. */
export type ScaleByNadamState = {
  readonly m: Tensor;
  readonly v: Tensor;
  readonly weight2: Tensor;
  readonly momentumProduct: Tensor;
  readonly warmth: Tensor;
};

/** The rows of {@link ScaleByNadamOptions}. */
export const scaleByNadamTable: OptionTable<ScaleByNadamOptions> = {
  beta1: { kind: "hyperparameter", default: 0.9, ...FRACTION, meaning: "β₁: decay of the mean of gradients, and the momentum in the end" },
  beta2: scaleByAdamTable.beta2,
  epsilon: scaleByAdamTable.epsilon,
  momentumDecay: { kind: "hyperparameter", default: 0.004, ...NON_NEGATIVE, meaning: "ψ: how fast the momentum rises from β₁/2 to β₁" },
};

/**
 * Adam with Nesterov's look-ahead and a momentum that warms up.
 *
 * μ_t = β₁·(1 − ½·0.96^(t·ψ)),  Π_t = μ₁·…·μ_t,  m and v as in {@link scaleByAdam},
 * update = [(1−μ_t)/(1−Π_t)·g + μ_{t+1}/(1−Π_t·μ_{t+1})·m] / (√v̂ + ε)
 *
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-8.
 * @param options.momentumDecay - ψ ≥ 0, or a schedule. Default 0.004.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Dozat 2016; the mean decays by β₁ at every step (the paper: by μ_t), as PyTorch has it.
 */
export function scaleByNadam(options: ScaleByNadamOptions = {}): Transformation<ScaleByNadamState> {
  const { beta1, beta2, epsilon, momentumDecay } = readOptions("scaleByNadam", scaleByNadamTable, options);
  return {
    name: "scaleByNadam",
    init: (params) => ({
      m: startOfMean(params),
      v: startOfMean(params),
      weight2: startOfMean(),
      momentumProduct: ones([]),
      warmth: ones([]),
    }),
    update(g, state, { step }) {
      const decay1 = valueAt(beta1, step);
      const decay2 = valueAt(beta2, step);
      const cooling = typeof momentumDecay === "number" ? tensor(0.96 ** momentumDecay) : tensor(0.96).pow(momentumDecay(step));
      const m = decayedMean(state.m, g, decay1);
      const v = decayedMean(state.v, g.square(), decay2);
      const weight2 = nextWeight(state.weight2, decay2);
      const warmth = state.warmth.mul(cooling);
      const momentum = warmth.mul(decay1.mul(-0.5)).add(decay1);
      const nextMomentum = warmth.mul(decay1.mul(-0.5).mul(cooling)).add(decay1);
      const momentumProduct = state.momentumProduct.mul(momentum);
      const ofGradient = tensor(1).sub(momentum).div(tensor(1).sub(momentumProduct));
      const ofMean = nextMomentum.div(tensor(1).sub(momentumProduct.mul(nextMomentum)));
      const root = v.mul(tensor(1).div(weight2)).sqrt();
      const updates = g
        .mul(ofGradient)
        .add(m.mul(ofMean))
        .div(root.add(valueAt(epsilon, step)));
      return { updates, state: { m, v, weight2, momentumProduct, warmth } };
    },
  };
}
