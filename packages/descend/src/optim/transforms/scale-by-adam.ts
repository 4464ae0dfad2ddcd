import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { decayedMean, nextWeight, startOfMean } from "../decayed-mean.js";
import { FRACTION, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByAdamOptions {
  readonly beta1?: Hyperparameter;
  readonly beta2?: Hyperparameter;
  readonly epsilon?: Hyperparameter;
}

/** Means of gradients and of their squares, [n], and the sums of their weights, scalars. */
export type ScaleByAdamState = { readonly m: Tensor; readonly v: Tensor; readonly weight1: Tensor; readonly weight2: Tensor };

/** The options that Adam shares with its relatives. */
export const scaleByAdamTable: OptionTable<ScaleByAdamOptions> = {
  beta1: {
    kind: "hyperparameter",
    default: 0.9,
    ...FRACTION,
    meaning: "β₁: decay of the mean of gradients; memory is about 1/(1−β₁) steps",
  },
  beta2: { kind: "hyperparameter", default: 0.999, ...FRACTION, meaning: "β₂: decay of the mean of squared gradients" },
  epsilon: { kind: "hyperparameter", default: 1e-8, ...NON_NEGATIVE, meaning: "ε: added to the root, in units of the gradient" },
};

/**
 * Divides a mean of the gradients by the root of a mean of their squares: steps of about 1 in each parameter, whatever its scale.
 *
 * m ← β₁·m + (1−β₁)·g,  v ← β₂·v + (1−β₂)·g²,  update = m̂ / (√v̂ + ε)  with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
 *
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: one division and one square root per parameter, two divisions per step.
 * Source: Kingma, Ba 2015, algorithm 1; the powers βᵗ are kept as sums of weights (decayed-mean.ts).
 */
export function scaleByAdam(options: ScaleByAdamOptions = {}): Transformation<ScaleByAdamState> {
  const { beta1, beta2, epsilon } = readOptions("scaleByAdam", scaleByAdamTable, options);
  return {
    name: "scaleByAdam",
    init: startOfAdam,
    update(g, state, { step }) {
      const next = nextMoments(g, state, valueAt(beta1, step), valueAt(beta2, step));
      const root = next.v.mul(tensor(1).div(next.weight2)).sqrt();
      return { updates: next.m.mul(tensor(1).div(next.weight1)).div(root.add(valueAt(epsilon, step))), state: next };
    },
  };
}

/** Both means at 0, nothing weighed. */
export function startOfAdam(params: Tensor): ScaleByAdamState {
  return { m: startOfMean(params), v: startOfMean(params), weight1: startOfMean(), weight2: startOfMean() };
}

/** Both means and weights after one more gradient. */
export function nextMoments(g: Tensor, { m, v, weight1, weight2 }: ScaleByAdamState, beta1: Tensor, beta2: Tensor): ScaleByAdamState {
  return {
    m: decayedMean(m, g, beta1),
    v: decayedMean(v, g.square(), beta2),
    weight1: nextWeight(weight1, beta1),
    weight2: nextWeight(weight2, beta2),
  };
}
