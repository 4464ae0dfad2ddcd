import type { Tensor } from "../../graph/tensor.js";
import { decayedMean, startOfMean } from "../decayed-mean.js";
import { FRACTION, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByAdadeltaOptions {
  readonly decay?: Hyperparameter;
  readonly epsilon?: Hyperparameter;
}

/** Means of squared gradients and of squared updates, [n]. */
export type ScaleByAdadeltaState = { readonly v: Tensor; readonly squaredUpdates: Tensor };

/** The rows of {@link ScaleByAdadeltaOptions}. */
export const scaleByAdadeltaTable: OptionTable<ScaleByAdadeltaOptions> = {
  decay: { kind: "hyperparameter", default: 0.9, ...FRACTION, meaning: "ρ: decay of both means" },
  epsilon: { kind: "hyperparameter", default: 1e-6, ...POSITIVE, meaning: "ε: added to both means; √ε is the length of the first steps" },
};

/**
 * Divides by the root mean square of gradients and multiplies by that of past updates, so that the update has the units of params.
 *
 * v ← ρ·v + (1−ρ)·g²,  Δ = √(d + ε)/√(v + ε)·g,  d ← ρ·d + (1−ρ)·Δ²,  update = Δ
 *
 * @param options.decay - ρ, 0 ≤ ρ < 1, or a schedule. Default 0.9.
 * @param options.epsilon - ε > 0. Default 1e-6. With 0 the first step, and so every step, would be 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zeiler 2012, algorithm 1.
 */
export function scaleByAdadelta(options: ScaleByAdadeltaOptions = {}): Transformation<ScaleByAdadeltaState> {
  const { decay, epsilon } = readOptions("scaleByAdadelta", scaleByAdadeltaTable, options);
  return {
    name: "scaleByAdadelta",
    init: (params) => ({ v: startOfMean(params), squaredUpdates: startOfMean(params) }),
    update(g, state, { step }) {
      const rho = valueAt(decay, step);
      const v = decayedMean(state.v, g.square(), rho);
      const updates = state.squaredUpdates
        .add(valueAt(epsilon, step))
        .sqrt()
        .div(v.add(valueAt(epsilon, step)).sqrt())
        .mul(g);
      return { updates, state: { v, squaredUpdates: decayedMean(state.squaredUpdates, updates.square(), rho) } };
    },
  };
}
