import { checkHyperparameter, NON_NEGATIVE } from "../options.js";
import { type LearningRate, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

/**
 * Turns a direction of ascent into an update: the last rule of nearly every method, and the one place of the minus sign.
 *
 * u ← −α·u
 *
 * @param learningRate - α ≥ 0, or a schedule.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function scaleByLearningRate(learningRate: LearningRate): Transformation {
  checkHyperparameter("scaleByLearningRate", "learningRate", learningRate, NON_NEGATIVE);
  return stateless("scaleByLearningRate", (updates, { step }) => updates.mul(valueAt(learningRate, step).neg()));
}
