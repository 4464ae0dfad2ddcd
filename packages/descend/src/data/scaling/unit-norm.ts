/** Rows of length 1: what counts is the direction of a row, not its size. */

import { type Features, readFeatures } from "../feature-table.js";
import type { ScaledFeatures } from "./scaling.js";

/** ‖row‖₂, ‖row‖₁ or ‖row‖∞. */
export type RowNorm = "two" | "one" | "max";

/**
 * Divides every row by its norm; rows of zeros stay as they are.
 *
 * @param features - [rows, features], finite.
 * @param norm - default "two".
 * @returns the rows, and the norm that each was divided by (1 for zeros): what undoes it, since a row does not tell its norm any more.
 * @throws DataError for features that are empty, ragged or not finite
 */
export function unitNorm(features: Features, norm: RowNorm = "two"): { readonly features: ScaledFeatures; readonly norms: Float64Array } {
  const { names, columns, rows } = readFeatures(features);
  const norms = Float64Array.from({ length: rows }, (_, i) => {
    const values = columns.map((column) => Math.abs(column[i]!));
    const size =
      norm === "two" ? Math.hypot(...values) : norm === "one" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
    return size === 0 ? 1 : size;
  });
  return {
    features: Object.fromEntries(columns.map((column, k) => [names[k]!, Float64Array.from(column, (x, i) => x / norms[i]!)])),
    norms,
  };
}
