import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { scaleBySign } from "../transforms/scale-by-sign.js";
import type { Method } from "./method.js";

export interface SignDescentOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link SignDescentOptions}. */
export const signDescentTable: OptionTable<SignDescentOptions> = { learningRate: learningRateSpec(1e-3) };

/**
 * Sign descent: every parameter moves by the learning rate against the sign of its partial derivative.
 *
 * x ← x − α·sign(∇f(x))
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3. With a constant α it ends by hovering within α of the minimum.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Bernstein et al. 2018.
 */
export function signDescent(options: SignDescentOptions = {}): Method {
  const { learningRate } = readOptions("signDescent", signDescentTable, options);
  return named("signDescent", chain(scaleBySign(), scaleByLearningRate(learningRate)), { ...options });
}
