import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { normalizeBy } from "../transforms/normalize-by.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface NormalizedGradientDescentOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link NormalizedGradientDescentOptions}. */
export const normalizedGradientDescentTable: OptionTable<NormalizedGradientDescentOptions> = {
  learningRate: {
    ...learningRateSpec(0.01),
    meaning: "c: length of each step, in units of the parameters; a number, or a function of the step count",
  },
};

/**
 * Normalized gradient descent: steps of fixed length along the negative gradient.
 *
 * x ← x − c·∇f(x)/‖∇f(x)‖₂, and no step where the gradient is 0
 *
 * @param options.learningRate - c ≥ 0, or a schedule. Default 0.01. With a constant c it ends by
 * circling the minimum at a distance of about c.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Accuracy: the length of an update is c within 1 ulp in few dimensions, normalize-by.test.ts.
 * Source: Shor 1985, section 2.1.
 */
export function normalizedGradientDescent(options: NormalizedGradientDescentOptions = {}): Method {
  const { learningRate } = readOptions("normalizedGradientDescent", normalizedGradientDescentTable, options);
  return named("normalizedGradientDescent", chain(normalizeBy(learningRate), scaleByLearningRate(1)));
}
