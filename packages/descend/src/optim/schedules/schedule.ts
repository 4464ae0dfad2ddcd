/**
 * A hyper-parameter that changes with the step count.
 */

import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";

/**
 * A function of the step count (a scalar tensor, 0 for the first update) with a scalar value.
 *
 * @example const rate: Schedule = (step) => step.add(1).sqrt().pow(-1).mul(0.1);   // 0.1/√(1 + step)
 */
export type Schedule = (step: Tensor) => Tensor;

/** A number, or how it changes with the step count. */
export type Hyperparameter = number | Schedule;

/** The length of a step in units of the update. */
export type LearningRate = Hyperparameter;

/** The value of a hyper-parameter at a step, scalar; a number folds into the program. */
export function valueAt(parameter: Hyperparameter, step: Tensor): Tensor {
  return typeof parameter === "number" ? tensor(parameter) : parameter(step);
}
