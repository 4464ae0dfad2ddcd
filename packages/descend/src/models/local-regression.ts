/** Locally weighted regression: at each point a least-squares fit of its own, in which near rows count more. */

import { type Features, type FeatureTable, readFeatures } from "../data/feature-table.js";
import { polynomialFeatures } from "../data/polynomial-features.js";
import { columnScale } from "../data/scaling/column-scale.js";
import { DescendError, OptionError } from "../errors.js";
import { householderQr } from "../numeric/qr.js";
import { readNumbers } from "./read-target.js";

export interface LocalOptions {
  readonly features: Features;
  /** [rows] */
  readonly target: ArrayLike<number>;
  readonly featureNames?: readonly string[] | undefined;
  /** Share of the rows that count at a point, 0 < span ≤ 1: small follows the data, large is smooth. Default 2/3. */
  readonly span?: number | undefined;
  /** Of the local polynomials: 0, 1 or 2. Default 1. */
  readonly degree?: 0 | 1 | 2 | undefined;
  /** Further fits in which rows far from the last one count less, whole, ≥ 0. Default 0; 3 is usual against outliers. */
  readonly robustness?: number | undefined;
}

export interface LocalRegression {
  readonly featureNames: readonly string[];
  /** @returns predictions, [rows]. */
  predict(features: Features): Float64Array;
}

/**
 * LOESS. At x the nearest ⌊span·m⌋ rows count (1 − (d/h)³)³, d their distance and h that of the farthest of them; distances of several
 * features are those of features divided by their standard deviations.
 *
 * @throws DataError for tables that are empty, ragged or not finite; OptionError OPTION_OUT_OF_RANGE
 *
 * Cost: a point costs m distances and a QR of its rows; robust fits cost m points each.
 * Where the rows near a point do not determine a polynomial, one of a lower degree takes its place.
 *
 * Source: Cleveland 1979, "Robust locally weighted regression and smoothing scatterplots"; Cleveland, Devlin 1988 for several features.
 *
 * @example localRegression({ features: { x }, target: y, span: 0.5 }).predict({ x: [3.5] });
 */
export function localRegression(options: LocalOptions): LocalRegression {
  const { span = 2 / 3, degree = 1, robustness = 0 } = options;
  const range = (option: string, valid: boolean, expected: string, got: unknown): void => {
    if (valid) return;
    throw new OptionError("OPTION_OUT_OF_RANGE", `localRegression({ ${option} }): expected ${expected}, got ${String(got)}.`, {
      option,
      expected,
      got,
    });
  };
  range("span", span > 0 && span <= 1, "0 < span ≤ 1", span);
  range("degree", degree === 0 || degree === 1 || degree === 2, "0, 1 or 2", degree);
  range("robustness", Number.isInteger(robustness) && robustness >= 0, "a whole number ≥ 0", robustness);
  const table = readFeatures(options.features, options.featureNames);
  const target = readNumbers(options.target, table.rows);
  const scales = table.columns.map((column) => (table.columns.length === 1 ? 1 : columnScale("standard", column).scale));
  const near = Math.min(table.rows, Math.max(2, Math.floor(span * table.rows + 1e-7)));
  const trust = new Float64Array(table.rows).fill(1);
  const at = (point: readonly number[]): number => valueAt({ table, target, scales, near, degree, trust }, point);
  const pointOf = ({ columns }: FeatureTable, i: number): number[] => columns.map((column) => column[i]!);
  for (let round = 0; round < robustness; round++) {
    const fitted = Float64Array.from({ length: table.rows }, (_, i) => at(pointOf(table, i)));
    const sizes = target.map((y, i) => Math.abs(y - fitted[i]!));
    const sorted = sizes.slice().sort();
    const reach = 6 * ((sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2);
    // Residuals that are rounding say nothing about outliers
    if (!(reach > 1e-12 * target.reduce((most, y) => Math.max(most, Math.abs(y)), 0))) break;
    sizes.forEach((size, i) => {
      trust[i] = size < reach ? (1 - (size / reach) ** 2) ** 2 : 0;
    });
  }
  return {
    featureNames: table.names,
    predict(features) {
      const asked = readFeatures(features, table.names);
      return Float64Array.from({ length: asked.rows }, (_, i) => at(pointOf(asked, i)));
    },
  };
}

interface Local {
  readonly table: FeatureTable;
  readonly target: Float64Array;
  readonly scales: readonly number[];
  readonly near: number;
  readonly degree: number;
  /** Of robust fits, [rows]. */
  readonly trust: Float64Array;
}

function valueAt({ table, target, scales, near, degree, trust }: Local, point: readonly number[]): number {
  const { columns, rows, names } = table;
  const distances = Float64Array.from({ length: rows }, (_, i) =>
    Math.hypot(...columns.map((column, k) => (column[i]! - point[k]!) / scales[k]!)),
  );
  const reach = distances.slice().sort()[near - 1]!;
  const weightOf = (i: number): number => {
    const share = reach === 0 ? (distances[i] === 0 ? 0 : 1) : distances[i]! / reach;
    return share < 1 ? trust[i]! * (1 - share ** 3) ** 3 : 0;
  };
  const chosen = Array.from({ length: rows }, (_, i) => i).filter((i) => weightOf(i) > 0);
  const total = chosen.reduce((sum, i) => sum + weightOf(i), 0);
  if (total === 0) return chosen.length === 0 ? target[distances.indexOf(Math.min(...distances))]! : Number.NaN;
  // Around the point the value there is the constant term
  const around = columns.map((column, k) => Float64Array.from(chosen, (i) => (column[i]! - point[k]!) / (scales[k]! * (reach || 1))));
  for (let order = degree; order > 0; order--) {
    const terms = polynomialFeatures({ names, columns: around, rows: chosen.length }, order).columns;
    const cols = terms.length + 1;
    if (chosen.length < cols) continue;
    const roots = Float64Array.from(chosen, (i) => Math.sqrt(weightOf(i)));
    const matrix = new Float64Array(chosen.length * cols);
    matrix.set(roots);
    terms.forEach((term, t) => {
      for (let j = 0; j < chosen.length; j++) matrix[(t + 1) * chosen.length + j] = roots[j]! * term[j]!;
    });
    try {
      const right = Float64Array.from(chosen, (i, j) => roots[j]! * target[i]!);
      return householderQr(matrix, chosen.length, cols).solve(right).solution[0]!;
    } catch (error) {
      if (!(error instanceof DescendError) || error.code !== "MATRIX_SINGULAR") throw error;
    }
  }
  return chosen.reduce((sum, i) => sum + weightOf(i) * target[i]!, 0) / total;
}
