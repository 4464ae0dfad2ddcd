import { tensor } from "../../graph/tensor-functions.js";
import { type Hyperparameter, type Schedule, valueAt } from "./schedule.js";

/** The product of schedules (and numbers) at each step: a decay under a warm-up, a cycle that fades. */
export function multiplySchedules(...parts: readonly Hyperparameter[]): Schedule {
  return (step) => parts.reduce((product, part) => product.mul(valueAt(part, step)), tensor(1));
}
