/** Columns brought to one scale: (x − center)/deviation, and the numbers to undo it. */

import { type ColumnStatistics, columnStatistics } from "./column-statistics.js";

export interface StandardizedColumns {
  /** Row-major, [rows, width]. A constant column is 0 throughout. */
  readonly values: Float64Array;
  readonly width: number;
  readonly rows: number;
  /** What was taken from each column, in its unit: the mean, or 0. */
  readonly centers: Float64Array;
  /** What each column was divided by, in its unit, > 0: its population standard deviation, its root mean square if not centered, or 1. */
  readonly deviations: Float64Array;
  /** Indices of columns that do not vary (that are 0, if not centered). */
  readonly constant: readonly number[];
}

/**
 * Standardizes columns.
 *
 * @param columns - [width][rows], finite.
 * @param options.center - take the means away. Default true.
 * @param options.scale - divide by the deviations. Default true. With both false the values are copied as they are.
 * @param options.weights - how often each row counts, [rows].
 */
export function standardizeColumns(
  columns: readonly ArrayLike<number>[],
  options: { readonly center?: boolean; readonly scale?: boolean; readonly weights?: ArrayLike<number> | undefined } = {},
): StandardizedColumns {
  const { center = true, scale = true, weights } = options;
  const width = columns.length;
  const rows = columns[0]!.length;
  const values = new Float64Array(rows * width);
  const centers = new Float64Array(width);
  const deviations = new Float64Array(width).fill(1);
  const constant: number[] = [];
  columns.forEach((column, k) => {
    const statistics = columnStatistics(column, weights);
    const spread = center || !scale ? statistics.deviation : rootMeanSquare(statistics);
    if (spread === 0 && (center || statistics.mean === 0)) constant.push(k);
    if (center) centers[k] = statistics.mean;
    if (scale && spread > 0) deviations[k] = spread;
    const from = centers[k]!;
    const by = deviations[k]!;
    for (let i = 0; i < rows; i++) values[i * width + k] = (column[i]! - from) / by;
  });
  return { values, width, rows, centers, deviations, constant };
}

function rootMeanSquare({ mean, deviation }: ColumnStatistics): number {
  return Math.hypot(mean, deviation);
}
