import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface GradientDescentOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link GradientDescentOptions}. */
export const gradientDescentTable: OptionTable<GradientDescentOptions> = { learningRate: learningRateSpec(0.01) };

/**
 * Gradient descent: steps along the negative gradient.
 *
 * x ← x − α·∇f(x)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01. Descends if α < 2/L, L the largest curvature.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Cauchy 1847.
 */
export function gradientDescent(options: GradientDescentOptions = {}): Method {
  const { learningRate } = readOptions("gradientDescent", gradientDescentTable, options);
  return named("gradientDescent", chain(scaleByLearningRate(learningRate)), { ...options });
}
