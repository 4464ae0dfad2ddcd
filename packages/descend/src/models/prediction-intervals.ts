/** How far a new row may be from its prediction: for least squares, whose errors have a theory. */

import type { FeatureTable } from "../data/feature-table.js";
import { OptionError } from "../errors.js";
import { studentQuantile } from "../numeric/student-quantile.js";
import type { InverseInformation } from "./closed-form.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { residualDeviation } from "./standard-errors.js";

/** What intervals need beside the model, as data that survives JSON. */
export interface PredictionUncertainty {
  /** σ = √(Σr²/(m − p)), in the unit of the target. */
  readonly residualDeviation: number;
  /** m − p: rows less coefficients. */
  readonly degreesOfFreedom: number;
  /** F with (AᵀA)⁻¹ = F·Fᵀ for the rows u = (1, term − center) of A, [1 + terms][columns]; zeros for the 1 of a model without intercept. */
  readonly factor: readonly (readonly number[])[];
}

export interface IntervalOptions {
  /** Share of intervals that hold the truth, 0 < … < 1, such as 0.95. */
  readonly interval: number;
  /** What the interval is for: the target of a `row` like this, or the `mean` of all such rows. Default "row". */
  readonly of?: "row" | "mean" | undefined;
}

/** Each [rows], in the unit of the target. */
export interface PredictionIntervals {
  readonly values: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Coefficients up to which a saved model carries the matrix that intervals need. */
const MOST_COLUMNS = 256;

/** @returns undefined without degrees of freedom, or with more coefficients than a saved model should carry the square of. */
export function uncertaintyOf(
  problem: FitProblem,
  params: FitParams,
  { factor, active }: InverseInformation,
): PredictionUncertainty | undefined {
  const { z, total, intercept, targetDeviation } = problem;
  const shift = intercept ? 1 : 0;
  const columns = active.length + shift;
  if (total <= columns || columns > MOST_COLUMNS) return undefined;
  const zeros = new Array<number>(columns).fill(0);
  const rowOf = (j: number, scale: number): number[] =>
    Array.from(factor.subarray(j * columns, (j + 1) * columns), (entry) => entry / scale);
  const placeOf = new Map(active.map((k, j) => [k, j + shift]));
  return {
    residualDeviation: targetDeviation * residualDeviation(problem, params, total - columns),
    degreesOfFreedom: total - columns,
    factor: [
      intercept ? rowOf(0, 1) : zeros,
      ...Array.from(z.scales, (scale, k) => (placeOf.has(k) ? rowOf(placeOf.get(k)!, scale) : zeros)),
    ],
  };
}

/**
 * ŷ ± t·σ·√(1 + uᵀ(AᵀA)⁻¹u), without the 1 for the mean.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE; OPTIONS_CONFLICT for a model without uncertainty
 *
 * Source: Seber, Lee 2003, "Linear regression analysis", section 5.3.
 */
export function intervalsAround(
  values: Float64Array,
  terms: FeatureTable,
  centers: readonly number[],
  uncertainty: PredictionUncertainty | undefined,
  { interval, of = "row" }: IntervalOptions,
): PredictionIntervals {
  if (!(interval > 0 && interval < 1)) {
    throw new OptionError(
      "OPTION_OUT_OF_RANGE",
      `predict({ interval }): expected 0 < interval < 1, got ${interval}. The usual value is 0.95.`,
      {
        option: "interval",
        expected: "0 < interval < 1",
        got: interval,
      },
    );
  }
  if (uncertainty === undefined) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      "predict({ interval }): this model has no intervals. Least squares without penalty has them, where it converged, the columns do not depend on each other, and there are more rows than coefficients.",
      { options: ["interval", "model"] },
    );
  }
  const { residualDeviation: sigma, degreesOfFreedom, factor } = uncertainty;
  const reach = studentQuantile(interval, degreesOfFreedom) * sigma;
  const columns = factor[0]!.length;
  const projected = new Float64Array(columns);
  const half = Float64Array.from(values, (_, i) => {
    projected.set(factor[0]!);
    terms.columns.forEach((column, k) => {
      const row = factor[k + 1]!;
      const distance = column[i]! - centers[k]!;
      for (let c = 0; c < columns; c++) projected[c]! += row[c]! * distance;
    });
    const leverage = projected.reduce((sum, entry) => sum + entry * entry, 0);
    return reach * Math.sqrt((of === "row" ? 1 : 0) + leverage);
  });
  return { values, lower: values.map((value, i) => value - half[i]!), upper: values.map((value, i) => value + half[i]!) };
}
