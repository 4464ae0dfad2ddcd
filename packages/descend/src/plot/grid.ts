/** Values of a function of two variables on a regular grid, and the box such a grid should cover. */

import { extentOf, type Numbers } from "./finite.js";

export interface Grid {
  /** First and last value of each variable; samples lie on the ends and evenly between. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
  /** `columns` × `rows` values, row by row: index j·columns + i is at the i-th x and the j-th y. */
  readonly values: Numbers;
}

/** The function at the points of a grid; `columns` × `rows` evaluations. */
export function sampleGrid(
  f: (x: number, y: number) => number,
  x: readonly [number, number],
  y: readonly [number, number],
  columns = 121,
  rows = 121,
): Grid {
  const values = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) values[j * columns + i] = f(gridPoint(x, i, columns), gridPoint(y, j, rows));
  }
  return { x, y, columns, rows, values };
}

/** The i-th of `count` evenly spaced values. */
export function gridPoint([from, to]: readonly [number, number], i: number, count: number): number {
  return count < 2 ? from : i === count - 1 ? to : from + ((to - from) * i) / (count - 1);
}

/**
 * A box around points that shows the ground beside them: a share `margin` of the larger side on each side, so that neither is a sliver.
 *
 * @param margin - share of the side. Default 0.2.
 */
export function boxAround(x: Numbers, y: Numbers, margin = 0.2): { x: [number, number]; y: [number, number] } {
  const side = (values: Numbers): [number, number] => extentOf(values) ?? [0, 0];
  const [xSide, ySide] = [side(x), side(y)];
  const larger = Math.max(xSide[1] - xSide[0], ySide[1] - ySide[0]);
  const widened = ([low, high]: [number, number]): [number, number] => {
    const size = high - low;
    // A side far shorter than the other, such as that of a variable that hardly moves, still gets a third of it
    const least = larger > 0 ? Math.max(size, larger / 3) : Math.max(1, Math.abs(low));
    const middle = low / 2 + high / 2;
    const half = least / 2 + margin * least;
    return [middle - half, middle + half];
  };
  return { x: widened(xSide), y: widened(ySide) };
}

/** The points of a grid as two lists: a help to callers that evaluate many points at once. */
export function gridPoints(grid: Omit<Grid, "values">): { x: Float64Array; y: Float64Array } {
  const count = grid.columns * grid.rows;
  return {
    x: Float64Array.from({ length: count }, (_, k) => gridPoint(grid.x, k % grid.columns, grid.columns)),
    y: Float64Array.from({ length: count }, (_, k) => gridPoint(grid.y, Math.floor(k / grid.columns), grid.rows)),
  };
}
