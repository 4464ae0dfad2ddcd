/**
 * From what the user wrote for a residual (a plain function, a formula, traced tensors) to a graph, or, where it cannot be read, to a
 * function that is called as it is.
 */

import { DescendError, TraceError } from "../../errors.js";
import { concat, constant, input, reshape } from "../../graph/build.js";
import { readFunction } from "../../graph/function-source.js";
import { elementCount, hasRows, type Node, ROWS, topologicalOrder } from "../../graph/graph.js";
import { evaluate } from "../../graph/interpret.js";
import { simplify } from "../../graph/simplify.js";
import { Tensor } from "../../graph/tensor.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { threefryUniform } from "../../numeric/random.js";
import { type Layout, unflatten } from "../../tree/tree.js";
import { formulaNode } from "../objective/formula-objective.js";
import {
  callsTensorMethods,
  notNumeric,
  type ObjectiveFunction,
  rowRecord,
  symbolicArguments,
  trace,
  withoutRows,
} from "../objective/objective.js";
import type { Table } from "../objective/rows.js";
import { PARAMS } from "../steppers/cells.js";

/** All residuals at a point, [rows · residuals of a row] or [m]. */
export type ResidualCall = (params: Float64Array) => Float64Array;

export type ReadResidual =
  /** `residual` is [ROWS], [ROWS, k] or, without a table, [m]; `params` is the input node it depends on. */
  | { readonly kind: "graph"; readonly residual: Node; readonly params: Node }
  | { readonly kind: "host"; readonly call: ResidualCall; readonly reason: string };

export interface ReadResidualOptions {
  readonly table: Table | undefined;
  readonly constants: Readonly<Record<string, unknown>>;
  readonly start: Float64Array;
  /** No point outside of it is tried. */
  readonly box?: Box | undefined;
  readonly seed: number;
}

/**
 * Reads a residual, in the order in which objectives are read: from its source; by a call with tensors; else kept as it is. What was read
 * from source is compared with the original at the start and at random points.
 *
 * @throws TraceError for a formula that cannot be parsed, or a result that is no number, array of numbers or tensor.
 */
export function readResidual(residual: string | ObjectiveFunction, layout: Layout, options: ReadResidualOptions): ReadResidual {
  const { table, constants } = options;
  const params = input(PARAMS, [layout.size]);
  if (typeof residual === "string")
    return simplified(residualNode(Tensor.of(formulaNode(residual, params, layout, options)), table), params);
  if (typeof residual !== "function") {
    throw new TraceError("NOT_A_TENSOR", `residual: expected a function or a formula, got ${typeof residual}.`, {
      where: "residual",
      got: typeof residual,
    });
  }
  const tensors = callsTensorMethods(residual);
  const args = symbolicArguments(params, layout, table);
  const call = callOriginal(residual, layout, table);
  let reason: string;
  try {
    const read = simplified(
      residualNode(readFunction(residual as (...args: never[]) => unknown, args as never, { constants }), table),
      params,
    );
    const difference = tensors || read.kind === "host" ? undefined : disagreement(read.residual, call, options, POINTS);
    if (difference === undefined) return read;
    reason = difference;
  } catch (error) {
    if (!(error instanceof DescendError) || error.code === "INTERNAL" || error.code === "OBJECTIVE_NOT_NUMERIC") throw error;
    reason = error.message;
    const traced = tensors ? trace(residual, args, () => call(options.start, Math.min(1, table?.rows ?? 0))) : undefined;
    if (traced !== undefined) return simplified(residualNode(traced.result, table), params);
  }
  return { kind: "host", call: (at) => call(at, table?.rows ?? 0), reason };
}

/**
 * A residual that was read before, for another start or table: still the same function, compared once more at this start.
 *
 * @returns `read`, or the function as it is where the two differ here.
 */
export function readAgain(
  read: ReadResidual,
  residual: string | ObjectiveFunction,
  layout: Layout,
  options: ReadResidualOptions,
): ReadResidual {
  if (read.kind === "host" || typeof residual === "string" || callsTensorMethods(residual)) return read;
  const { table } = options;
  const call = callOriginal(residual, layout, table);
  const reason = disagreement(read.residual, call, options, 0);
  return reason === undefined ? read : { kind: "host", call: (at) => call(at, table?.rows ?? 0), reason };
}

function simplified(residual: Node, params: Node): ReadResidual {
  const [simple] = simplify([residual]) as [Node];
  const kept = topologicalOrder([simple]).find((node) => node.op === "input" && node.attributes.name === PARAMS);
  return { kind: "graph", residual: simple, params: kept ?? params };
}

/** One node with all residuals: a vector, or, over rows, a number or a vector per row. */
function residualNode(result: unknown, table: Table | undefined): Node {
  const parts = residualParts(result);
  const over = parts.some(hasRows);
  if (over) {
    const columns = parts.map((part) => {
      if (!hasRows(part)) throw wrongResult("residuals of which some depend on the row and some do not");
      return reshape(part, [ROWS, elementCount(part.shape.slice(1))]);
    });
    const joined = columns.length === 1 ? columns[0]! : concat(columns, 1);
    return joined.shape[1] === 1 ? reshape(joined, [ROWS]) : joined;
  }
  if (table !== undefined) throw wrongResult("a residual that does not depend on the row");
  const vectors = parts.map((part) => reshape(part, [elementCount(part.shape)]));
  return vectors.length === 1 ? vectors[0]! : concat(vectors, 0);
}

function residualParts(result: unknown): Node[] {
  if (result instanceof Tensor) return [result.node];
  if (typeof result === "number") return [constant(result)];
  if (Array.isArray(result) && result.length > 0) return result.flatMap(residualParts);
  throw wrongResult(Array.isArray(result) ? "an empty array" : result === null ? "null" : typeof result);
}

function wrongResult(got: string): TraceError {
  return new TraceError("NOT_A_TENSOR", `residual: expected a number or an array of numbers${got === "" ? "" : `, got ${got}`}.`, {
    where: "residual",
    got,
  });
}

/** Random points besides the start, rows compared, and the relative difference that rounding may cause. */
const POINTS = 3;
const ROWS_COMPARED = 16;
const TOLERANCE = 1e-8;

/** Where the graph and the function give different residuals, in words: at the start and at so many random points. */
function disagreement(
  residual: Node,
  original: (params: Float64Array, rows: number) => Float64Array,
  { table, start, box, seed }: ReadResidualOptions,
  points: number,
): string | undefined {
  const rows = Math.min(table?.rows ?? 0, ROWS_COMPARED);
  const columns = (table?.columns ?? []).map((column) => {
    const width = column.values.length / table!.rows;
    return [column.cell, Array.from({ length: rows * width }, (_, i) => column.values[i]!)] as const;
  });
  for (let point = 0; point <= points; point++) {
    const nearby = start.map((x, i) => (point === 0 ? x : x + 0.1 * Math.max(1, Math.abs(x)) * (2 * threefryUniform(seed, point, i) - 1)));
    const params = box === undefined ? nearby : nearestInBox(box, nearby);
    const inputs = new Map<string, ArrayLike<number>>([[PARAMS, params], ...columns]);
    const [got] = evaluate([residual], { inputs, ...(table === undefined ? {} : { rows: { start: 0, count: rows } }) });
    const expected = original(params, rows);
    // Residuals are differences: rounding is relative to the largest of them
    const scale = expected.reduce((largest, r) => (Number.isFinite(r) ? Math.max(largest, Math.abs(r)) : largest), 1e-300);
    const place = expected.findIndex((r, i) => !(Math.abs(got![i]! - r) <= TOLERANCE * scale || Object.is(got![i], r)));
    if (place >= 0 || got!.length !== expected.length) {
      return `what was read from its source gives ${got![place]} where the function gives ${expected[place]}; it may depend on something outside, or on chance.`;
    }
  }
  return undefined;
}

/** Calls the user's function with numbers, over the first `rows` rows if there is a table. */
function callOriginal(
  residual: ObjectiveFunction,
  layout: Layout,
  table: Table | undefined,
): (params: Float64Array, rows: number) => Float64Array {
  const call = residual as (params: unknown, row?: unknown) => unknown;
  if (table === undefined) {
    const alone = withoutRows(residual, "residual");
    return (params) => Float64Array.from(numbers(alone(unflatten(layout, params))));
  }
  return (params, rows) => {
    const tree = unflatten(layout, params);
    const all: number[] = [];
    for (let row = 0; row < rows; row++) all.push(...numbers(call(tree, rowRecord(table, row))));
    return Float64Array.from(all);
  };
}

function numbers(result: unknown): number[] {
  if (typeof result === "number") return [result];
  if (Array.isArray(result)) return result.flatMap(numbers);
  if (ArrayBuffer.isView(result) && !(result instanceof DataView)) return Array.from(result as Float64Array);
  throw notNumeric("residual: expected a number or an array of numbers", result);
}
