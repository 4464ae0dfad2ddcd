import type { Tensor } from "../../graph/tensor.js";
import { decayedMean, startOfMean } from "../decayed-mean.js";
import { FRACTION, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByLionOptions {
  readonly beta1?: Hyperparameter;
  readonly beta2?: Hyperparameter;
}

/** Mean of gradients, [n]. */
export type ScaleByLionState = { readonly m: Tensor };

/** The rows of {@link ScaleByLionOptions}. */
export const scaleByLionTable: OptionTable<ScaleByLionOptions> = {
  beta1: { kind: "hyperparameter", default: 0.9, ...FRACTION, meaning: "β₁: weight of the mean against the gradient in the sign" },
  beta2: { kind: "hyperparameter", default: 0.99, ...FRACTION, meaning: "β₂: decay of the mean of gradients" },
};

/**
 * The sign of a blend of the gradient and its mean: every parameter moves by the same amount.
 *
 * update = sign(β₁·m + (1−β₁)·g),  then m ← β₂·m + (1−β₂)·g
 *
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.99.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Chen et al. 2023, algorithm 2.
 */
export function scaleByLion(options: ScaleByLionOptions = {}): Transformation<ScaleByLionState> {
  const { beta1, beta2 } = readOptions("scaleByLion", scaleByLionTable, options);
  return {
    name: "scaleByLion",
    init: (params) => ({ m: startOfMean(params) }),
    update: (g, { m }, { step }) => ({
      updates: decayedMean(m, g, valueAt(beta1, step)).sign(),
      state: { m: decayedMean(m, g, valueAt(beta2, step)) },
    }),
  };
}
