/** Ways to bring one column to a common scale by a shift and a factor, z = (x − center)/scale. */

import { type ColumnStatistics, columnStatistics } from "../column-statistics.js";
import { quantileOf } from "../quantile-of.js";

/**
 * What becomes of a column that varies:
 *
 * - `standard`: mean 0, population standard deviation 1
 * - `min-max`: from 0 to 1, exactly at both ends
 * - `max-abs`: not shifted, largest absolute value 1
 * - `robust`: median 0, distance of the quartiles 1: a few outliers change nothing
 * - `none`: itself
 */
export type ScaleKind = "standard" | "min-max" | "max-abs" | "robust" | "none";

export const scaleKinds: readonly ScaleKind[] = ["standard", "min-max", "max-abs", "robust", "none"];

export interface ColumnScale {
  /** In the unit of the column. */
  readonly center: number;
  /** In the unit of the column, > 0. */
  readonly scale: number;
  /** The column does not vary (is 0, if it may not be shifted). */
  readonly isConstant: boolean;
}

/**
 * Center and scale of one column.
 *
 * @param values - [n], n ≥ 1, finite.
 * @param options.shift - take a center away. Default true. If false the center is 0, and the scale of `standard`
 * the root mean square, of the others the same.
 * @param options.weights - how often each value counts, [n].
 * @returns for a constant column its value as center and scale 1; where the quartiles are one the
 * scale of `robust` is the standard deviation.
 */
export function columnScale(
  kind: ScaleKind,
  values: ArrayLike<number>,
  options: { readonly shift?: boolean; readonly weights?: ArrayLike<number> | undefined } = {},
): ColumnScale {
  const { shift = true, weights } = options;
  const extent = (): [number, number] => extentOf(values, weights);
  const quartiles = (): [number, number, number] => quantileOf(values, [0.25, 0.5, 0.75], weights) as [number, number, number];
  return scaleOf(kind, { ...columnStatistics(values, weights), extent, quartiles }, shift);
}

/** What the scale of a column depends on. */
export interface ColumnSummary extends ColumnStatistics {
  /** Least and largest value that counts. */
  readonly extent: () => readonly [number, number];
  readonly quartiles: () => readonly [number, number, number];
}

/** Center and scale of a column of which this is known. */
export function scaleOf(kind: ScaleKind, { mean, deviation, extent, quartiles }: ColumnSummary, shift: boolean): ColumnScale {
  const rootMeanSquare = Math.hypot(mean, deviation);
  if (kind === "none") return { center: 0, scale: 1, isConstant: rootMeanSquare === 0 };
  if (shift && deviation === 0) return { center: mean, scale: 1, isConstant: true };
  if (!shift && rootMeanSquare === 0) return { center: 0, scale: 1, isConstant: true };
  const found = (center: number, scale: number): ColumnScale => ({ center: shift ? center : 0, scale, isConstant: false });
  switch (kind) {
    case "standard":
      return found(mean, shift ? deviation : rootMeanSquare);
    case "min-max": {
      const [least, most] = extent();
      return found(least, most > least ? most - least : Math.abs(least));
    }
    case "max-abs": {
      const [least, most] = extent();
      return found(0, Math.max(Math.abs(least), Math.abs(most)));
    }
    case "robust": {
      const [lower, middle, upper] = quartiles();
      return found(middle, upper > lower ? upper - lower : shift ? deviation : rootMeanSquare);
    }
  }
}

/** Least and largest value that counts. */
function extentOf(values: ArrayLike<number>, weights: ArrayLike<number> | undefined): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (weights?.[i] === 0) continue;
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  return [least, most];
}
