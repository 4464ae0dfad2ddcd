import { where } from "../../graph/tensor-functions.js";
import { checkHyperparameter, NON_NEGATIVE } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";
import { safeTwoNorm } from "../two-norm.js";

/**
 * Stretches or shortens the updates to a two-norm of exactly `length`: with learning rate 1, steps of fixed length.
 *
 * u ← u·c/‖u‖₂, and 0 where u = 0
 *
 * Such steps never settle: they end by circling the minimum at a distance of about c, unless a schedule shortens them.
 *
 * @param length - c ≥ 0, in units of the updates, or a schedule.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Shor 1985, normalized (sub)gradient steps.
 */
export function normalizeBy(length: Hyperparameter): Transformation {
  checkHyperparameter("normalizeBy", "length", length, NON_NEGATIVE);
  return stateless("normalizeBy", (updates, { step }) => {
    const norm = safeTwoNorm(updates);
    return updates.mul(where(norm.equal(0), 0, valueAt(length, step).div(norm)));
  });
}
