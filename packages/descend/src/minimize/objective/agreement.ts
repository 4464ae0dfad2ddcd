/**
 * Does what was read from a function's source compute what the function computes? Asked at the start and at random points
 * around it before the compiled form is trusted.
 */

import { evaluate } from "../../graph/interpret.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { threefryUniform } from "../../numeric/random.js";
import { flattenLike, type Layout, type Params, unflatten } from "../../tree/tree.js";
import { PARAMS } from "../steppers/cells.js";
import type { ObjectiveGraph } from "./objective-graph.js";
import type { Table } from "./rows.js";

/** Random points besides the start. */
const POINTS = 3;
/** Rows compared, at most. */
const ROWS_COMPARED = 16;
/** Relative difference that rounding and another order of summation may cause. */
const TOLERANCE = 1e-8;

export interface AgreementContext {
  readonly start: Float64Array;
  /** No point outside of it is tried. */
  readonly box: Box | undefined;
  readonly layout: Layout;
  readonly table: Table | undefined;
  readonly seed: number;
}

/** What differs, in words, or undefined if nothing does. */
export function agreesWithOriginal(
  { value }: ObjectiveGraph,
  original: (params: Float64Array, rows: number) => number,
  { start, box, layout, table, seed }: AgreementContext,
): string | undefined {
  const rows = Math.min(table?.rows ?? 0, ROWS_COMPARED);
  const columns = (table?.columns ?? []).map((column) => {
    const width = column.values.length / table!.rows;
    return [column.cell, Array.from({ length: rows * width }, (_, i) => column.values[i]!)] as const;
  });
  for (let point = 0; point <= POINTS; point++) {
    const nearby = start.map((x, i) => (point === 0 ? x : x + 0.1 * Math.max(1, Math.abs(x)) * (2 * threefryUniform(seed, point, i) - 1)));
    const allowed = box === undefined ? nearby : nearestInBox(box, nearby);
    // As the original is given them, that is, rounded where the start holds a Float32Array.
    const params = flattenLike(layout, unflatten(layout, allowed) as Params);
    const [compiled] = evaluate([value], {
      inputs: new Map<string, ArrayLike<number>>([[PARAMS, params], ...columns]),
      ...(table === undefined ? {} : { rows: { start: 0, count: rows } }),
    });
    const expected = original(params, rows);
    const got = compiled![0]!;
    const close =
      Math.abs(got - expected) <= TOLERANCE * Math.max(1e-300, Math.abs(expected), Math.abs(got)) ||
      Object.is(got, expected) ||
      got === expected;
    if (!close)
      return `what was read from its source gives ${got} where the function gives ${expected}; it may depend on something outside, or on chance.`;
  }
  return undefined;
}
