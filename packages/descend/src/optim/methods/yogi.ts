import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByYogiOptions, scaleByYogi, scaleByYogiTable } from "../transforms/scale-by-yogi.js";
import type { Method } from "./method.js";

export interface YogiOptions extends ScaleByYogiOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link YogiOptions}. */
export const yogiTable: OptionTable<YogiOptions> = { learningRate: learningRateSpec(0.01), ...scaleByYogiTable };

/**
 * Yogi: Adam whose second moment changes by a bounded amount per step.
 *
 * m ← β₁·m + (1−β₁)·g,  v ← v − (1−β₂)·sign(v − g²)·g²,  x ← x − α·m̂/(√v̂ + ε)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-3.
 * @param options.initialAccumulator - m and v before the first step, ≥ 0. Default 1e-6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zaheer et al. 2018, algorithm 2; bias corrections as in Optax.
 */
export function yogi(options: YogiOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("yogi", yogiTable, options);
  return named("yogi", chain(scaleByYogi(rest), scaleByLearningRate(learningRate)), { ...options });
}
