/** Columns brought to one scale, side by side in a matrix, and the numbers to undo it. */

import { columnScale, type ScaleKind } from "./column-scale.js";

export interface ScaledColumns {
  /** Row-major, [rows, width]. A constant column is 0 throughout, unless columns are not shifted. */
  readonly values: Float64Array;
  readonly width: number;
  readonly rows: number;
  /** What was taken from each column, in its unit. */
  readonly centers: Float64Array;
  /** What each column was divided by, in its unit, > 0. */
  readonly scales: Float64Array;
  /** Indices of columns that do not vary (that are 0, if not shifted). */
  readonly constant: readonly number[];
}

/**
 * Brings columns to one scale.
 *
 * @param columns - [width][rows], finite.
 * @param options.kind - default "standard". "none" copies the values as they are.
 * @param options.shift - take centers away. Default true.
 * @param options.weights - how often each row counts, [rows].
 */
export function scaleColumns(
  columns: readonly ArrayLike<number>[],
  options: { readonly kind?: ScaleKind; readonly shift?: boolean; readonly weights?: ArrayLike<number> | undefined } = {},
): ScaledColumns {
  const { kind = "standard", shift, weights } = options;
  const width = columns.length;
  const rows = columns[0]!.length;
  const values = new Float64Array(rows * width);
  const found = columns.map((column) => columnScale(kind, column, { ...(shift === undefined ? {} : { shift }), weights }));
  columns.forEach((column, k) => {
    const { center, scale } = found[k]!;
    for (let i = 0; i < rows; i++) values[i * width + k] = (column[i]! - center) / scale;
  });
  return {
    values,
    width,
    rows,
    centers: Float64Array.from(found, ({ center }) => center),
    scales: Float64Array.from(found, ({ scale }) => scale),
    constant: found.flatMap(({ isConstant }, k) => (isConstant ? [k] : [])),
  };
}
