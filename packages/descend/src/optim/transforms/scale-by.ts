import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

/**
 * Multiplies the updates by a factor, which may be a schedule.
 *
 * u ← c·u
 *
 * @param factor - c, dimensionless, of either sign.
 */
export function scaleBy(factor: Hyperparameter): Transformation {
  return stateless("scaleBy", (updates, { step }) => updates.mul(valueAt(factor, step)));
}
