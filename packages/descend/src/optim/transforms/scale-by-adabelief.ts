import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { decayedMean, nextWeight, startOfMean } from "../decayed-mean.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "./scale-by-adam.js";

export interface ScaleByAdabeliefOptions extends ScaleByAdamOptions {
  readonly epsilonRoot?: Hyperparameter;
}

/** Mean of gradients and mean square of their surprise, [n]; weights, scalars. */
export type ScaleByAdabeliefState = { readonly m: Tensor; readonly s: Tensor; readonly weight1: Tensor; readonly weight2: Tensor };

/** The rows of {@link ScaleByAdabeliefOptions}. */
export const scaleByAdabeliefTable: OptionTable<ScaleByAdabeliefOptions> = {
  ...scaleByAdamTable,
  epsilon: { kind: "hyperparameter", default: 1e-16, ...NON_NEGATIVE, meaning: "ε: added to the root, in units of the gradient" },
  epsilonRoot: {
    kind: "hyperparameter",
    default: 1e-16,
    ...NON_NEGATIVE,
    meaning: "ε′: added to the mean square at each step, in squared units of the gradient",
  },
};

/**
 * Adam with the variance of the gradient about its mean in place of the mean square: long steps
 * where gradients agree with what was expected.
 *
 * m ← β₁·m + (1−β₁)·g,  s ← β₂·s + (1−β₂)·(g−m)² + ε′,  update = m̂ / (√ŝ + ε)
 *
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-16.
 * @param options.epsilonRoot - ε′ ≥ 0. Default 1e-16. It accumulates, up to ε′/(1−β₂).
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zhuang et al. 2020, algorithm 2; the paper's one ε is given in two places, as in Optax.
 */
export function scaleByAdabelief(options: ScaleByAdabeliefOptions = {}): Transformation<ScaleByAdabeliefState> {
  const { beta1, beta2, epsilon, epsilonRoot } = readOptions("scaleByAdabelief", scaleByAdabeliefTable, options);
  return {
    name: "scaleByAdabelief",
    init: (params) => ({ m: startOfMean(params), s: startOfMean(params), weight1: startOfMean(), weight2: startOfMean() }),
    update(g, state, { step }) {
      const decay1 = valueAt(beta1, step);
      const decay2 = valueAt(beta2, step);
      const m = decayedMean(state.m, g, decay1);
      const s = decayedMean(state.s, g.sub(m).square(), decay2).add(valueAt(epsilonRoot, step));
      const weight1 = nextWeight(state.weight1, decay1);
      const weight2 = nextWeight(state.weight2, decay2);
      const root = s.mul(tensor(1).div(weight2)).sqrt();
      return { updates: m.mul(tensor(1).div(weight1)).div(root.add(valueAt(epsilon, step))), state: { m, s, weight1, weight2 } };
    },
  };
}
