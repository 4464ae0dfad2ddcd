import { where } from "../../graph/tensor-functions.js";
import { leafOf, mapLeaves } from "../leaves.js";
import { NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";
import { safeTwoNorm } from "../two-norm.js";

export interface ScaleByTrustRatioOptions {
  readonly coefficient?: Hyperparameter;
  readonly epsilon?: Hyperparameter;
}

/** The rows of {@link ScaleByTrustRatioOptions}. */
export const scaleByTrustRatioTable: OptionTable<ScaleByTrustRatioOptions> = {
  coefficient: {
    kind: "hyperparameter",
    default: 1,
    ...POSITIVE,
    meaning: "η: length of the update relative to the parameters of the leaf",
  },
  epsilon: { kind: "hyperparameter", default: 0, ...NON_NEGATIVE, meaning: "ε: added to the norm of the update" },
};

/**
 * Gives the update of each leaf a length in proportion to the leaf itself.
 *
 * uₗ ← η·‖xₗ‖₂/(‖uₗ‖₂ + ε)·uₗ  for each leaf l; unchanged where ‖xₗ‖ or ‖uₗ‖ is 0
 *
 * @param options.coefficient - η > 0. Default 1 (LAMB); LARS has 0.001.
 * @param options.epsilon - ε ≥ 0. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: You, Gitman, Ginsburg 2017 (LARS); You et al. 2020 (LAMB), with φ the identity.
 */
export function scaleByTrustRatio(options: ScaleByTrustRatioOptions = {}): Transformation {
  const { coefficient, epsilon } = readOptions("scaleByTrustRatio", scaleByTrustRatioTable, options);
  return stateless("scaleByTrustRatio", (updates, { params, leaves, step }) =>
    mapLeaves(leaves, (leaf) => {
      const part = leafOf(updates, leaf);
      const size = safeTwoNorm(leafOf(params, leaf));
      const length = safeTwoNorm(part);
      const isZero = size.equal(0).or(length.equal(0));
      return part.mul(where(isZero, 1, size.mul(valueAt(coefficient, step)).div(length.add(valueAt(epsilon, step)))));
    }),
  );
}
