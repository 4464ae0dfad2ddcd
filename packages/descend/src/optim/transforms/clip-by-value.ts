import { checkHyperparameter, NON_NEGATIVE } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

/**
 * Bounds each element of the updates by itself.
 *
 * uᵢ ← min(max(uᵢ, −c), c)
 *
 * The direction changes where it acts; {@link clipByNorm} keeps it. NaN stays NaN.
 *
 * @param limit - c ≥ 0, in units of the updates, or a schedule.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function clipByValue(limit: Hyperparameter): Transformation {
  checkHyperparameter("clipByValue", "limit", limit, NON_NEGATIVE);
  return stateless("clipByValue", (updates, { step }) => {
    const bound = valueAt(limit, step);
    return updates.clip(bound.neg(), bound);
  });
}
