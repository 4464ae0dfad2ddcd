/** Natural cubic splines of features, so that a linear model can bend where the data do, and stays straight beyond them. */

import { OptionError } from "../errors.js";
import { type Features, readFeatures } from "./feature-table.js";
import { quantileOf } from "./quantile-of.js";

/** A basis as data that survives JSON. */
export interface SplineData {
  readonly format: "descend-splines";
  readonly version: 1;
  readonly featureNames: readonly string[];
  /** Ascending, [features][knots]. */
  readonly knots: readonly (readonly number[])[];
}

export interface Splines {
  readonly knots: SplineData["knots"];
  /** Columns by name: each feature itself, then one column a knot but two. */
  apply(features: Features): Record<string, Float64Array>;
  toJSON(): SplineData;
}

/**
 * Learns knots: at equal shares of the rows, the ends included.
 *
 * d_k(x) = ((x − ξ_k)₊³ − (x − ξ_K)₊³)/(ξ_K − ξ_k),   columns x and d_k − d_(K−1) for k < K − 1, in units of the squared range
 *
 * @param features - [rows, features], finite.
 * @param options.knots - K, whole, ≥ 3, or the knots themselves by feature. Default 5. Features of fewer
 * different values have as many knots, of two none.
 * @throws DataError for features that are empty, ragged or not finite; OptionError OPTION_OUT_OF_RANGE
 *
 * A linear model of these columns is the natural cubic spline with these knots: cubic between them, with
 * two continuous derivatives, linear beyond.
 *
 * Source: Hastie, Tibshirani, Friedman 2009, "The elements of statistical learning", equations 5.4 and 5.5.
 *
 * @example
 * const splines = learnSplines({ x });
 * const fitted = fit({ features: splines.apply({ x }), target });
 * fitted.predict(splines.apply({ x: [3.5] }));
 */
export function learnSplines(
  features: Features,
  options: { readonly knots?: number | Readonly<Record<string, readonly number[]>>; readonly featureNames?: readonly string[] } = {},
): Splines {
  const { knots = 5, featureNames } = options;
  const { names, columns } = readFeatures(features, featureNames);
  if (typeof knots === "number" && !(Number.isInteger(knots) && knots >= 3))
    throw outOfRange("a whole number ≥ 3, or knots by feature", knots);
  const chosen = columns.map((column, k) => {
    if (typeof knots !== "number") {
      const given = knots[names[k]!] ?? [];
      if (given.some((knot, j) => !Number.isFinite(knot) || (j > 0 && knot <= given[j - 1]!))) {
        throw outOfRange("finite knots, ascending", given.join(", "));
      }
      return [...given];
    }
    const levels = Array.from({ length: knots }, (_, j) => j / (knots - 1));
    return [...new Set(quantileOf(column, levels))];
  });
  return splinesOf({ format: "descend-splines", version: 1, featureNames: names, knots: chosen });
}

/** Splines from what {@link Splines.toJSON} gave. */
export function splinesFromJSON(json: SplineData | string): Splines {
  return splinesOf(typeof json === "string" ? (JSON.parse(json) as SplineData) : json);
}

function splinesOf(data: SplineData): Splines {
  return {
    knots: data.knots,
    apply(features) {
      const { names, columns } = readFeatures(features, data.featureNames);
      return Object.fromEntries(
        columns.flatMap((column, k) => [
          [names[k]!, Float64Array.from(column)] as const,
          ...bends(data.knots[k]!).map((bend, j) => [`${names[k]!} bend ${j + 1}`, Float64Array.from(column, bend)] as const),
        ]),
      );
    },
    toJSON: () => data,
  };
}

/** d_k − d_(K−1) for k < K − 1. */
function bends(knots: readonly number[]): ((x: number) => number)[] {
  const last = knots.at(-1)!;
  const unit = (last - knots[0]!) ** 2;
  const cube = (x: number): number => (x > 0 ? x * x * x : 0);
  const d = (knot: number, x: number): number => (cube(x - knot) - cube(x - last)) / (last - knot) / unit;
  return knots.slice(0, -2).map((knot) => (x: number) => d(knot, x) - d(knots.at(-2)!, x));
}

function outOfRange(expected: string, got: unknown): OptionError {
  return new OptionError("OPTION_OUT_OF_RANGE", `learnSplines({ knots }): expected ${expected}, got ${String(got)}.`, {
    option: "knots",
    expected,
    got,
  });
}
