/**
 * Columns without correlation: z = R^(−1/2)·D⁻¹·(x − x̄), D the standard deviations, R the correlations. Of all linear maps to covariance 1
 * the one whose columns stay closest to the standardized ones.
 */

import { NumericalError } from "../../errors.js";
import { symmetricEigen } from "../../numeric/symmetric-eigen.js";
import { columnScale } from "./column-scale.js";

export interface WhiteningData {
  readonly kind: "whitening";
  readonly centers: readonly number[];
  readonly scales: readonly number[];
  /** R^(−1/2) and R^(1/2), symmetric, [columns][columns]. */
  readonly whiten: readonly (readonly number[])[];
  readonly color: readonly (readonly number[])[];
}

/** Variances below this share of the largest are rounding: such columns depend on each other. */
const DEPENDENT = 1e-12;

/** Source: Kessy, Lewin, Strimmer 2018, "Optimal whitening and decorrelation", section 3.2 (ZCA-cor). */
export function learnWhitening(columns: readonly ArrayLike<number>[], names: readonly string[]): WhiteningData {
  const n = columns.length;
  const found = columns.map((column) => columnScale("standard", column));
  const standardized = columns.map((column, k) => Float64Array.from(column, (x) => (x - found[k]!.center) / found[k]!.scale));
  const rows = columns[0]!.length;
  const correlations = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += standardized[j]![i]! * standardized[k]![i]!;
      correlations[j * n + k] = sum / rows;
      correlations[k * n + j] = sum / rows;
    }
  }
  const { values, vectors } = symmetricEigen(correlations, n);
  const largest = values.at(-1)!;
  if (!(values[0]! > DEPENDENT * largest)) {
    // The column with the largest share in the combination that does not vary
    const direction = vectors[0]!;
    const column = direction.reduce((best, entry, k) => (Math.abs(entry) > Math.abs(direction[best]!) ? k : best), 0);
    throw new NumericalError(
      "MATRIX_SINGULAR",
      `learnScaling({ kind: "whitening" }): expected columns that do not depend on each other, but ${names[column]} is a combination of the others or constant. Leave it out.`,
      { where: "learnScaling", column },
    );
  }
  const withVariances = (f: (variance: number) => number): number[][] =>
    Array.from({ length: n }, (_, j) =>
      Array.from({ length: n }, (_, k) => {
        let sum = 0;
        for (let e = 0; e < n; e++) sum += f(values[e]!) * vectors[e]![j]! * vectors[e]![k]!;
        return sum;
      }),
    );
  return {
    kind: "whitening",
    centers: found.map(({ center }) => center),
    scales: found.map(({ scale }) => scale),
    whiten: withVariances((variance) => 1 / Math.sqrt(variance)),
    color: withVariances(Math.sqrt),
  };
}

export function whitenColumns({ centers, scales, whiten }: WhiteningData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return multiply(
    whiten,
    columns.map((column, k) => Float64Array.from(column, (x) => (x - centers[k]!) / scales[k]!)),
  );
}

export function undoWhitening({ centers, scales, color }: WhiteningData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return multiply(color, columns).map((column, k) => column.map((z) => centers[k]! + scales[k]! * z));
}

function multiply(matrix: readonly (readonly number[])[], columns: readonly ArrayLike<number>[]): Float64Array[] {
  return matrix.map((row) =>
    Float64Array.from({ length: columns[0]!.length }, (_, i) => row.reduce((sum, entry, k) => sum + entry * columns[k]![i]!, 0)),
  );
}
