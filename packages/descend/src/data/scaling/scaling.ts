/** Changes of scale that are learned from some rows, repeated on others, and undone. */

import { OptionError } from "../../errors.js";
import { type Features, type FeatureTable, readFeatures } from "../feature-table.js";
import { type AffineData, affineColumns, learnAffine, undoAffine } from "./affine.js";
import { type ScaleKind, scaleKinds } from "./column-scale.js";
import { learnPower, type PowerData, powerColumns, undoPower } from "./power.js";
import { learnQuantiles, type QuantileData, quantileColumns, undoQuantiles } from "./quantiles.js";
import { learnWhitening, undoWhitening, type WhiteningData, whitenColumns } from "./whitening.js";

/**
 * - `standard`, `min-max`, `max-abs`, `robust`, `none`: a shift and a factor a column, see {@link ScaleKind}
 * - `power`: Yeo and Johnson's powers, which make a skewed column symmetric, then mean 0 and deviation 1
 * - `quantile`: the share of the rows below, from 0 to 1; `normal` in its place gives a normal distribution
 * - `whitening`: mean 0, deviation 1 and no correlation, each column as close to its own as can be
 */
export type ScalingKind = ScaleKind | "power" | "quantile" | "normal" | "whitening";

/** A scaling as data that survives JSON. */
export type ScalingData = { readonly format: "descend-scaling"; readonly version: 1; readonly featureNames: readonly string[] } & (
  | AffineData
  | PowerData
  | QuantileData
  | WhiteningData
);

/** Columns by name, each [rows]: features for a fit. */
export type ScaledFeatures = Record<string, Float64Array>;

export interface Scaling {
  readonly kind: ScalingKind;
  readonly featureNames: readonly string[];
  /** Scales rows as those that it was learned from. */
  apply(features: Features): ScaledFeatures;
  /** The way back. */
  undo(scaled: Features): ScaledFeatures;
  toJSON(): ScalingData;
}

/**
 * Learns a scaling: from the rows to learn from alone, so that rows to judge on say nothing beforehand.
 *
 * @param features - [rows, features], finite.
 * @param options.kind - default "standard".
 * @param options.featureNames - default: the names of the columns, or x1, x2, ….
 * @param options.weights - how often each row counts, for kinds with a shift and a factor. Default 1.
 * @throws DataError for features that are empty, ragged or not finite; OptionError OPTION_OUT_OF_RANGE; NumericalError MATRIX_SINGULAR
 * where `whitening` meets columns that depend on each other
 *
 * Accuracy: `undo` after `apply` gives the rows that it was learned from back to 10⁻¹² of the largest value of each column
 * (scaling.test.ts); rows outside their range as well, but with `quantile` and `normal`, whose range is that of the rows.
 *
 * @example
 * const scaling = learnScaling({ area, rooms }, { kind: "robust" });
 * scaling.undo(scaling.apply({ area, rooms }));
 */
export function learnScaling(
  features: Features,
  options: {
    readonly kind?: ScalingKind | undefined;
    readonly featureNames?: readonly string[] | undefined;
    readonly weights?: ArrayLike<number> | undefined;
  } = {},
): Scaling {
  const { kind = "standard", featureNames, weights } = options;
  const table = readFeatures(features, featureNames);
  const shared = { format: "descend-scaling", version: 1, featureNames: table.names } as const;
  switch (kind) {
    case "power":
      return scalingOf({ ...shared, ...learnPower(table.columns) });
    case "quantile":
    case "normal":
      return scalingOf({ ...shared, ...learnQuantiles(kind, table.columns) });
    case "whitening":
      return scalingOf({ ...shared, ...learnWhitening(table.columns, table.names) });
    default: {
      const known = [...scaleKinds, "power", "quantile", "normal", "whitening"];
      if (known.includes(kind)) return scalingOf({ ...shared, ...learnAffine(kind, table.columns, weights) });
      const expected = known.map((name) => `"${name}"`).join(", ");
      throw new OptionError("OPTION_OUT_OF_RANGE", `learnScaling({ kind }): expected one of ${expected}, got ${JSON.stringify(kind)}.`, {
        option: "kind",
        expected,
        got: kind,
      });
    }
  }
}

/** A scaling from what {@link Scaling.toJSON} gave. */
export function scalingFromJSON(json: ScalingData | string): Scaling {
  return scalingOf(typeof json === "string" ? (JSON.parse(json) as ScalingData) : json);
}

function scalingOf(data: ScalingData): Scaling {
  const { kind, featureNames } = data;
  const named = (columns: readonly Float64Array[]): ScaledFeatures =>
    Object.fromEntries(columns.map((column, k) => [featureNames[k]!, column]));
  const read = (features: Features): FeatureTable["columns"] => readFeatures(features, featureNames).columns;
  return {
    kind,
    featureNames,
    apply: (features) => named(applied(data, read(features))),
    undo: (scaled) => named(undone(data, read(scaled))),
    toJSON: () => data,
  };
}

function applied(data: ScalingData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  if ("lambdas" in data) return powerColumns(data, columns);
  if ("knots" in data) return quantileColumns(data, columns);
  return "whiten" in data ? whitenColumns(data, columns) : affineColumns(data, columns);
}

function undone(data: ScalingData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  if ("lambdas" in data) return undoPower(data, columns);
  if ("knots" in data) return undoQuantiles(data, columns);
  return "whiten" in data ? undoWhitening(data, columns) : undoAffine(data, columns);
}
