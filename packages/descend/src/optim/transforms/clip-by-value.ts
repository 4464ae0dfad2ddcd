import { checkNumber, NON_NEGATIVE } from "../options.js";
import { stateless, type Transformation } from "../transformation.js";

/**
 * Bounds each element of the updates by itself.
 *
 * uᵢ ← min(max(uᵢ, −c), c)
 *
 * The direction changes where it acts; {@link clipByNorm} keeps it. NaN stays NaN.
 *
 * @param limit - c ≥ 0, in units of the updates.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function clipByValue(limit: number): Transformation {
  checkNumber("clipByValue", "limit", limit, NON_NEGATIVE);
  return stateless("clipByValue", (updates) => updates.clip(-limit, limit));
}
