/** Coefficients over the weight of a penalty: which features stay the longest. */

import { OptionError } from "../errors.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import type { FittedModel, FittedRegression } from "./fit-report.js";
import type { ElasticNetSpec, LassoSpec, RidgeSpec } from "./model-spec.js";
import { readFit } from "./read-fit.js";
import { largestSlope } from "./settle-model.js";

export interface PathOptions extends Omit<FitOptions, "model" | "history" | "checkpoint" | "onStep"> {
  /** The model, without α. */
  readonly model: "lasso" | "ridge" | "elastic-net" | Omit<ElasticNetSpec, "alpha"> | Omit<LassoSpec, "alpha"> | Omit<RidgeSpec, "alpha">;
  /**
   * α, each ≥ 0. Default: `count` at equal ratios, from the smallest one that makes all weights 0
   * (for ridge: a thousand times the rows) down.
   */
  readonly alphas?: readonly number[] | undefined;
  /** Whole, ≥ 2. Default 30. */
  readonly count?: number | undefined;
}

export interface PenaltyPath {
  readonly terms: readonly string[];
  /** Falling, [count]. */
  readonly alphas: Float64Array;
  /** Weights in the units of the table, [count][terms]. */
  readonly weights: readonly Float64Array[];
  /** Prediction where all terms are 0, [count]. */
  readonly intercepts: Float64Array;
  /** Weights of the scaled features: comparable with each other, [count][terms]. */
  readonly scaledWeights: readonly Float64Array[];
  /** Whether each fit converged. */
  readonly converged: readonly boolean[];
}

/** Smallest α over the largest. */
const PATH_RATIO = 1e-4;

/**
 * Fits a penalized model for a range of penalties.
 *
 * @throws as {@link fit}; OptionError OPTION_OUT_OF_RANGE
 *
 * @example penaltyPath({ model: "lasso", features, target }).scaledWeights;
 */
export function penaltyPath(options: PathOptions): PenaltyPath {
  const { model, alphas, count = 30, ...shared } = options;
  const spec = typeof model === "string" ? { kind: model } : model;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new OptionError("OPTION_OUT_OF_RANGE", `penaltyPath({ count }): expected a whole number ≥ 2, got ${count}.`, {
      option: "count",
      expected: "a whole number ≥ 2",
      got: count,
    });
  }
  const { problem } = readFit({ ...shared, model: { ...spec, alpha: 1 } });
  const share = spec.kind === "lasso" ? 1 : spec.kind === "ridge" ? 0 : Math.max((spec as ElasticNetSpec).l1Ratio ?? 0.5, 0.01);
  const highest = share === 0 ? 1000 * problem.total : largestSlope(problem, problem.model) / share;
  const asked = alphas ?? Array.from({ length: count }, (_, k) => highest * PATH_RATIO ** (k / (count - 1)));
  const falling = Float64Array.from(asked).sort().reverse();
  const fits: FittedModel[] = Array.from(falling, (alpha) => fit({ ...shared, model: { ...spec, alpha } }));
  const regressions = fits as FittedRegression[];
  return {
    terms: regressions[0]!.terms,
    alphas: falling,
    weights: regressions.map(({ weights }) => weights),
    intercepts: Float64Array.from(regressions, ({ intercept }) => intercept),
    scaledWeights: regressions.map(({ weights }) => weights.map((weight, k) => weight * problem.z.scales[k]!)),
    converged: regressions.map(({ solution }) => solution.converged || solution.verdict === "precision-floor"),
  };
}
