import type { Tensor } from "../../graph/tensor.js";
import { tensor, where } from "../../graph/tensor-functions.js";
import { outOfRange } from "../options.js";
import { weights } from "./elastic-net-penalty.js";
import type { Penalty } from "./penalty.js";

/**
 * The group lasso h(x) = Σ over groups λ_G·‖x_G‖₂, which sets whole groups to 0.
 *
 * prox(z, α)_G = max(0, 1 − α·λ_G/‖z_G‖₂)·z_G
 *
 * @param lambda - λ ≥ 0, one for all groups or one each.
 * @param groupOf - the group of each parameter, [n] whole numbers 0, 1, 2, ….
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Yuan, Lin 2006; Parikh, Boyd 2014, section 6.5.4.
 */
export function groupPenalty(lambda: number | ArrayLike<number>, groupOf: ArrayLike<number>): Penalty {
  const groups = Float64Array.from(groupOf);
  const wrong = groups.find((group) => !(Number.isInteger(group) && group >= 0));
  if (wrong !== undefined) throw outOfRange("groupPenalty", "groupOf", "whole numbers ≥ 0", wrong);
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  if (typeof lambda !== "number" && lambda.length !== count)
    throw outOfRange("groupPenalty", "lambda", `${count} numbers, one a group`, lambda.length);
  const each = weights("groupPenalty", "lambda", typeof lambda === "number" ? new Float64Array(count).fill(lambda) : lambda);
  const index = tensor(groups);
  const norms = (x: Tensor): Tensor => x.square().scatterAdd(index, count).sqrt();
  /** (1 − threshold/‖z_G‖)₊·z_G */
  const shrinkGroups = (z: Tensor, threshold: Tensor): Tensor => {
    const size = norms(z);
    const factor = where(size.greater(threshold), threshold.div(size).neg().add(1), 0);
    return z.mul(factor.gather(index));
  };
  return {
    name: "groupPenalty",
    value: (x) => norms(x).mul(each).sum(),
    prox: (z, step) => shrinkGroups(z, each.mul(step)),
    residual(x, g) {
      const size = norms(x);
      const pull = where(size.greater(0), each.div(size), 0).gather(index);
      return where(size.gather(index).equal(0), shrinkGroups(g, each), g.add(x.mul(pull)));
    },
    smooth: (x) => norms(x).gather(index).greater(0),
  };
}
