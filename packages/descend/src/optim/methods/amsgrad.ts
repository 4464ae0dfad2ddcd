import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "../transforms/scale-by-adam.js";
import { scaleByAmsgrad } from "../transforms/scale-by-amsgrad.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AmsgradOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link AmsgradOptions}. */
export const amsgradTable: OptionTable<AmsgradOptions> = { learningRate: learningRateSpec(1e-3), ...scaleByAdamTable };

/**
 * AMSGrad: Adam whose denominator never shrinks, which repairs its proof of convergence.
 *
 * m, v as in {@link adam},  V ← max(V, v),  x ← x − α·m̂/(√(V/(1−β₂ᵗ)) + ε)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Reddi, Kale, Kumar 2018, algorithm 2; bias corrections as in PyTorch.
 */
export function amsgrad(options: AmsgradOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("amsgrad", amsgradTable, options);
  return named("amsgrad", chain(scaleByAmsgrad(rest), scaleByLearningRate(learningRate)), { ...options });
}
