import { leafOf, mapLeaves } from "../leaves.js";
import { checkHyperparameter, NON_NEGATIVE } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";
import { shorten } from "./clip-by-norm.js";

/**
 * Shortens the updates of each leaf of the parameters (each layer's matrix or bias) to a two-norm of at most `limit`.
 *
 * uₗ ← uₗ·min(1, c/‖uₗ‖₂)  for each leaf l
 *
 * The direction of the whole changes where leaves are clipped differently; {@link clipByNorm} keeps it.
 *
 * @param limit - c ≥ 0, in units of the updates, or a schedule.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function clipByLeafNorm(limit: Hyperparameter): Transformation {
  checkHyperparameter("clipByLeafNorm", "limit", limit, NON_NEGATIVE);
  return stateless("clipByLeafNorm", (updates, { leaves, step }) =>
    mapLeaves(leaves, (leaf) => shorten(leafOf(updates, leaf), valueAt(limit, step))),
  );
}
