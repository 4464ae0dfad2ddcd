import { leafOf, mapLeaves } from "../leaves.js";
import { checkNumber, NON_NEGATIVE } from "../options.js";
import { stateless, type Transformation } from "../transformation.js";
import { shorten } from "./clip-by-norm.js";

/**
 * Shortens the updates of each leaf of the parameters (each layer's matrix or bias) to a two-norm of at most `limit`.
 *
 * uₗ ← uₗ·min(1, c/‖uₗ‖₂)  for each leaf l
 *
 * The direction of the whole changes where leaves are clipped differently; {@link clipByNorm} keeps it.
 *
 * @param limit - c ≥ 0, in units of the updates.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function clipByLeafNorm(limit: number): Transformation {
  checkNumber("clipByLeafNorm", "limit", limit, NON_NEGATIVE);
  return stateless("clipByLeafNorm", (updates, { leaves }) => mapLeaves(leaves, (leaf) => shorten(leafOf(updates, leaf), limit)));
}
