import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByNadamOptions, scaleByNadam, scaleByNadamTable } from "../transforms/scale-by-nadam.js";
import type { Method } from "./method.js";

export interface NadamOptions extends ScaleByNadamOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link NadamOptions}. */
export const nadamTable: OptionTable<NadamOptions> = { learningRate: learningRateSpec(2e-3), ...scaleByNadamTable };

/**
 * NAdam: Adam with Nesterov's look-ahead and a momentum that warms up.
 *
 * x ← x − α·[(1−μ_t)/(1−Π_t)·g + μ_{t+1}/(1−Π_t·μ_{t+1})·m]/(√v̂ + ε)  with μ_t = β₁·(1 − ½·0.96^(t·ψ)), Π_t = μ₁·…·μ_t
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 2e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @param options.momentumDecay - ψ ≥ 0. Default 0.004.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Dozat 2016; the momentum schedule as in PyTorch.
 */
export function nadam(options: NadamOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("nadam", nadamTable, options);
  return named("nadam", chain(scaleByNadam(rest), scaleByLearningRate(learningRate)), { ...options });
}
