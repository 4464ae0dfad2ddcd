import { elementCount } from "../../graph/graph.js";
import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../graph/tensor-functions.js";
import { leafOf, mapLeaves } from "../leaves.js";
import { checkHyperparameter, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

export interface ClipByRelativeNormOptions {
  readonly smallestNorm?: number;
}

const table: OptionTable<ClipByRelativeNormOptions> = {
  smallestNorm: { kind: "number", default: 1e-3, ...POSITIVE, meaning: "ε: least norm the parameters of a unit count as having" },
};

/**
 * Adaptive gradient clipping: shortens the updates of each unit to at most a fraction of the norm of the unit's parameters.
 *
 * uᵢ ← uᵢ·min(1, λ·max(‖xᵢ‖₂, ε)/‖uᵢ‖₂)  for each unit i
 *
 * A unit is a column of a matrix [inputs, outputs] (what feeds one output of `x.matmul(w)`), a column over all but the last axis of a
 * larger array, and the whole of a vector or a number.
 *
 * @param limit - λ ≥ 0, dimensionless, or a schedule; 0.01 is usual. On the gradient, in front of a method.
 * @param options.smallestNorm - ε > 0, in units of the parameters. Default 1e-3: parameters at 0 can move.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Brock et al. 2021, equation 3.
 */
export function clipByRelativeNorm(limit: Hyperparameter, options: ClipByRelativeNormOptions = {}): Transformation {
  checkHyperparameter("clipByRelativeNorm", "limit", limit, NON_NEGATIVE);
  const { smallestNorm } = readOptions("clipByRelativeNorm", table, options);
  return stateless("clipByRelativeNorm", (updates, { params, leaves, step }) =>
    mapLeaves(leaves, (leaf) => {
      const count = elementCount(leaf.shape);
      const units = leaf.shape.length < 2 ? 1 : leaf.shape.at(-1)!;
      if (count === 0) return leafOf(updates, leaf);
      const u = leafOf(updates, leaf).reshape([count / units, units]);
      const x = leafOf(params, leaf).reshape([count / units, units]);
      const longest = columnNorms(x).maximum(smallestNorm).mul(valueAt(limit, step));
      const length = columnNorms(u);
      return u.mul(where(length.lessEqual(longest), 1, longest.div(length))).reshape([count]);
    }),
  );
}

/** Two-norms of the columns, [1, columns], safe from overflow. */
function columnNorms(x: Tensor): Tensor {
  const largest = x.abs().max(0, { keepDims: true });
  const scale = where(largest.equal(0), 1, largest);
  return x.div(scale).square().sum(0, { keepDims: true }).sqrt().mul(scale);
}
