import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { type ScaleByAdabeliefOptions, scaleByAdabelief, scaleByAdabeliefTable } from "../transforms/scale-by-adabelief.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AdabeliefOptions extends ScaleByAdabeliefOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link AdabeliefOptions}. */
export const adabeliefTable: OptionTable<AdabeliefOptions> = { learningRate: learningRateSpec(1e-3), ...scaleByAdabeliefTable };

/**
 * AdaBelief: Adam that divides by the deviation of the gradient from its mean.
 *
 * m ← β₁·m + (1−β₁)·g,  s ← β₂·s + (1−β₂)·(g−m)² + ε′,  x ← x − α·m̂/(√ŝ + ε)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-16.
 * @param options.epsilonRoot - ε′ ≥ 0. Default 1e-16.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zhuang et al. 2020, algorithm 2.
 */
export function adabelief(options: AdabeliefOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("adabelief", adabeliefTable, options);
  return named("adabelief", chain(scaleByAdabelief(rest), scaleByLearningRate(learningRate)), { ...options });
}
