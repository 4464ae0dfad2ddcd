import type { Tensor } from "../../graph/tensor.js";
import { full, tensor } from "../../graph/tensor-functions.js";
import { decayedMean, nextWeight, startOfMean } from "../decayed-mean.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "./scale-by-adam.js";

export interface ScaleByYogiOptions extends ScaleByAdamOptions {
  readonly initialAccumulator?: number;
}

/** Mean of gradients and the additive second moment, [n]; weights, scalars. */
export type ScaleByYogiState = { readonly m: Tensor; readonly v: Tensor; readonly weight1: Tensor; readonly weight2: Tensor };

/** The rows of {@link ScaleByYogiOptions}. */
export const scaleByYogiTable: OptionTable<ScaleByYogiOptions> = {
  ...scaleByAdamTable,
  epsilon: { kind: "hyperparameter", default: 1e-3, ...NON_NEGATIVE, meaning: "ε: added to the root, in units of the gradient" },
  initialAccumulator: { kind: "number", default: 1e-6, ...NON_NEGATIVE, meaning: "v and m before the first step" },
};

/**
 * Adam whose second moment moves by a bounded amount: it forgets large gradients slowly.
 *
 * m ← β₁·m + (1−β₁)·g,  v ← v − (1−β₂)·sign(v − g²)·g²,  update = m̂ / (√v̂ + ε)
 *
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-3.
 * @param options.initialAccumulator - m and v before the first step, ≥ 0. Default 1e-6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zaheer et al. 2018, algorithm 2; bias corrections and starting values as in Optax.
 */
export function scaleByYogi(options: ScaleByYogiOptions = {}): Transformation<ScaleByYogiState> {
  const { beta1, beta2, epsilon, initialAccumulator } = readOptions("scaleByYogi", scaleByYogiTable, options);
  return {
    name: "scaleByYogi",
    init: (params) => ({
      m: full(params.shape, initialAccumulator),
      v: full(params.shape, initialAccumulator),
      weight1: startOfMean(),
      weight2: startOfMean(),
    }),
    update(g, state, { step }) {
      const decay1 = valueAt(beta1, step);
      const decay2 = valueAt(beta2, step);
      const m = decayedMean(state.m, g, decay1);
      const square = g.square();
      const v = state.v.sub(state.v.sub(square).sign().mul(square).mul(tensor(1).sub(decay2)));
      const weight1 = nextWeight(state.weight1, decay1);
      const weight2 = nextWeight(state.weight2, decay2);
      const root = v.mul(tensor(1).div(weight2)).sqrt();
      return { updates: m.mul(tensor(1).div(weight1)).div(root.add(valueAt(epsilon, step))), state: { m, v, weight1, weight2 } };
    },
  };
}
