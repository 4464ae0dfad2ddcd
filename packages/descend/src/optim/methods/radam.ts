import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByRadamOptions, scaleByRadam, scaleByRadamTable } from "../transforms/scale-by-radam.js";
import type { Method } from "./method.js";

export interface RadamOptions extends ScaleByRadamOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link RadamOptions}. */
export const radamTable: OptionTable<RadamOptions> = { learningRate: learningRateSpec(1e-3), ...scaleByRadamTable };

/**
 * RAdam: Adam that starts as momentum and divides by √v̂ only when enough gradients have been seen.
 *
 * x ← x − α·m̂ while ρ_t ≤ 5, then x ← x − α·r_t·m̂/√v̂   (ρ_t, r_t: see {@link scaleByRadam})
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Liu et al. 2020, algorithm 2; threshold and ε as in PyTorch.
 */
export function radam(options: RadamOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("radam", radamTable, options);
  return named("radam", chain(scaleByRadam(rest), scaleByLearningRate(learningRate)), { ...options });
}
