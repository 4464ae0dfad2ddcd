import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { type ScaleByAdamOptions, scaleByAdam, scaleByAdamTable } from "../transforms/scale-by-adam.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AdamOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link AdamOptions}. */
export const adamTable: OptionTable<AdamOptions> = { learningRate: learningRateSpec(1e-3), ...scaleByAdamTable };

/**
 * Adam: steps of about the learning rate in every parameter, along the mean gradient.
 *
 * m ← β₁·m + (1−β₁)·g,  v ← β₂·v + (1−β₂)·g²,  x ← x − α·m̂/(√v̂ + ε)  with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Kingma, Ba 2015, algorithm 1.
 */
export function adam(options: AdamOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("adam", adamTable, options);
  return named("adam", chain(scaleByAdam(rest), scaleByLearningRate(learningRate)), { ...options });
}
