import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "../transforms/scale-by-adam.js";
import { scaleByAdamax } from "../transforms/scale-by-adamax.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AdamaxOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link AdamaxOptions}. */
export const adamaxTable: OptionTable<AdamaxOptions> = { learningRate: learningRateSpec(2e-3), ...scaleByAdamTable };

/**
 * AdaMax: Adam with a decaying maximum of magnitudes in the denominator.
 *
 * m ← β₁·m + (1−β₁)·g,  u ← max(β₂·u, |g| + ε),  x ← x − α·m̂/u
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 2e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Kingma, Ba 2015, algorithm 2; ε as in PyTorch.
 */
export function adamax(options: AdamaxOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("adamax", adamaxTable, options);
  return named("adamax", chain(scaleByAdamax(rest), scaleByLearningRate(learningRate)), { ...options });
}
