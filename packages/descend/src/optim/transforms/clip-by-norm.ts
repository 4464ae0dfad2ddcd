import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../graph/tensor-functions.js";
import { checkHyperparameter, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";
import { safeTwoNorm } from "../two-norm.js";

export interface ClipByNormOptions {
  readonly norm?: "two" | "one" | "max";
}

const table: OptionTable<ClipByNormOptions> = {
  norm: { kind: "choice", choices: ["two", "one", "max"], default: "two", meaning: "which norm is bounded" },
};

/**
 * Shortens the updates to a norm of at most `limit`, all parameters together ("global norm"); the direction is kept.
 *
 * u ← u·min(1, c/‖u‖)
 *
 * Bits are untouched where ‖u‖ ≤ c. Gradients whose squares overflow are clipped as they should be; an element that is
 * not finite makes the update NaN, which the loop refuses. PyTorch's `clip_grad_norm_` divides by ‖u‖ + 10⁻⁶ instead, so its
 * norm ends a little below c.
 *
 * @param limit - c ≥ 0, in units of the updates, or a schedule.
 * @param options.norm - "two", "one" (sum of magnitudes) or "max". Default "two".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Accuracy: the two-norm exceeds c by at most 1 ulp for up to 9 elements, 4 ulps for 1000, where the sum rounds; clip-by-norm.test.ts.
 * Source: Pascanu, Mikolov, Bengio 2013, algorithm 1.
 */
export function clipByNorm(limit: Hyperparameter, options: ClipByNormOptions = {}): Transformation {
  checkHyperparameter("clipByNorm", "limit", limit, NON_NEGATIVE);
  const { norm } = readOptions("clipByNorm", table, options);
  return stateless("clipByNorm", (updates, { step }) => shorten(updates, valueAt(limit, step), norm));
}

/** `x` with a norm of at most `limit`. */
export function shorten(x: Tensor, limit: Tensor, norm: "two" | "one" | "max" = "two"): Tensor {
  if (x.shape[0] === 0) return x;
  const length = norm === "two" ? safeTwoNorm(x) : norm === "one" ? x.abs().sum() : x.abs().max();
  return x.mul(where(length.lessEqual(limit), 1, limit.div(length)));
}
