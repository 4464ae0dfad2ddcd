/**
 * From what the user wrote (a plain function, a formula, traced tensors) to a graph, or, where it cannot be read, to a
 * function that is called as it is.
 */

import { DataError, DescendError, OptionError, TraceError } from "../../errors.js";
import { reshape, slice } from "../../graph/build.js";
import { readFunction } from "../../graph/function-source.js";
import type { Node } from "../../graph/graph.js";
import { Tensor } from "../../graph/tensor.js";
import { type Layout, mapLeaves, unflatten } from "../../tree/tree.js";
import { readFormula } from "./formula-objective.js";
import { type ObjectiveGraph, objectiveGraph, paramsNode, type ReadObjective, type ReadOptions } from "./objective-graph.js";
import { columnNode, type Table } from "./rows.js";

/** Any function of the parameters (and of a row of the table): called with numbers, or read, or traced with tensors. */
export type ObjectiveFunction = (params: never, row: never) => unknown;

/**
 * Reads an objective.
 *
 * A function is tried in this order: read from its source; called with tensors if its source calls methods of such names;
 * kept as it is, with the reason why it could not be read.
 *
 * @throws TraceError for a formula that cannot be parsed, or a traced function that returns something else than a scalar;
 * OptionError OPTIONS_CONFLICT for a function that asks for rows where there are none.
 */
export function readObjective(objective: string | ObjectiveFunction, layout: Layout, options: ReadOptions): ReadObjective {
  if (typeof objective === "string") return readFormula(objective, layout, options);
  if (typeof objective !== "function") {
    throw new TraceError("NOT_A_TENSOR", `objective: expected a function or a formula, got ${typeof objective}.`, {
      where: "objective",
      got: typeof objective,
    });
  }
  const params = paramsNode(layout);
  const graphOf = (result: unknown): ObjectiveGraph => objectiveGraph(nodeOf(result), params, options.table, options.sign);
  const usesTensors = callsTensorMethods(objective);
  const original = callOriginal(objective, layout, options);
  let reason: string;
  try {
    const result = readFunction(objective as (...args: never[]) => unknown, symbolicArguments(params, layout, options.table) as never, {
      constants: options.constants,
    });
    return { kind: "graph", graph: graphOf(result), original: usesTensors ? undefined : original };
  } catch (error) {
    if (!(error instanceof DescendError) || error.code === "INTERNAL") throw error;
    reason = error.message;
  }
  const { start, table } = options;
  if (usesTensors) {
    const arguments_ = symbolicArguments(params, layout, table);
    const traced = trace(objective, arguments_, () => original(start, Math.min(1, table?.rows ?? 0)));
    if (traced !== undefined) return { kind: "graph", graph: graphOf(traced.result), original: undefined };
  }
  return { kind: "host", evaluate: (params) => original(params, table?.rows ?? 0), reason };
}

/**
 * What a function gives for tensors, or undefined for one of numbers, whose source only looks as if it took
 * tensors: `console.log(x)`, `vectors.add(a, b)`.
 *
 * @param withNumbers - calls it with numbers; throws where it gives none.
 */
export function trace(
  objective: ObjectiveFunction,
  tensors: readonly unknown[],
  withNumbers: () => unknown,
): { readonly result: unknown } | undefined {
  try {
    const result = objective(...(tensors as [never, never]));
    if (typeof result !== "number") return { result };
  } catch (error) {
    try {
      withNumbers();
    } catch {
      throw error;
    }
  }
  return undefined;
}

/** The parameters as a tree of tensors, and, with a table, one row as a record of tensors. */
export function symbolicArguments(params: Node, layout: Layout, table: Table | undefined): unknown[] {
  const tree = mapLeaves(layout, (leaf) => {
    const size = leaf.shape.reduce((product, d) => product * d, 1);
    return Tensor.of(reshape(slice(params, 0, leaf.offset, leaf.offset + size), leaf.shape));
  });
  if (table === undefined) return [tree];
  return [tree, Object.fromEntries(table.columns.map((column) => [column.name, Tensor.of(columnNode(column))]))];
}

/** The node of what a function of tensors returned. */
function nodeOf(result: unknown): Node {
  if (typeof result === "number") {
    throw new TraceError(
      "NOT_A_TENSOR",
      `objective: the result is ${result} whatever the parameters are; expected something that depends on them.`,
      {
        where: "objective",
        got: String(result),
      },
    );
  }
  if (!(result instanceof Tensor)) {
    const got = Array.isArray(result) ? "an array" : typeof result;
    throw new TraceError("NOT_A_TENSOR", `objective: expected a number as the result, got ${got}.`, { where: "objective", got });
  }
  return result.node;
}

/** Method names of tensors that no array or number has: a source that calls one is meant to be traced. */
const TENSOR_METHOD =
  /\.(?:matmul|add|sub|mul|div|square|mean|sum|pow|exp|log|sqrt|neg|sigmoid|softplus|tanh|relu|softmax|logSumExp|logSoftmax)\(/;

export function callsTensorMethods(objective: ObjectiveFunction): boolean {
  return TENSOR_METHOD.test(Function.prototype.toString.call(objective).replaceAll(/\b(Math|console)\./g, "$1_"));
}

/**
 * A function of parameters alone, called without rows.
 *
 * @throws OptionError OPTIONS_CONFLICT where it fails and has a second parameter: it waits for a row.
 */
export function withoutRows(fn: ObjectiveFunction, where: "objective" | "residual"): (params: unknown) => unknown {
  const call = fn as (params: unknown) => unknown;
  if (fn.length < 2) return call;
  return (params) => {
    try {
      return call(params);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new OptionError(
        "OPTIONS_CONFLICT",
        `${where}: its second parameter is a row of the table, and no table was given: ${cause.message}.`,
        { options: ["data"] },
        { hint: "Give the columns, as in data: { x: [1, 2], y: [3, 4] }, or leave the parameter away.", cause },
      );
    }
  };
}

/** Calls the user's function with numbers: its value, or the mean over the first `rows` rows. */
function callOriginal(
  objective: ObjectiveFunction,
  layout: Layout,
  { table, sign }: ReadOptions,
): (params: Float64Array, rows: number) => number {
  const call = objective as (params: unknown, row?: unknown) => unknown;
  if (table === undefined) {
    const alone = withoutRows(objective, "objective");
    return (params) => sign * numeric(alone(unflatten(layout, params)));
  }
  return (params, rows) => {
    const tree = unflatten(layout, params);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      total += numeric(call(tree, rowRecord(table, row)));
    }
    return (sign * total) / rows;
  };
}

/** One row of a table as a record of numbers and arrays, the way a function per row receives it. */
export function rowRecord(table: Table, row: number): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { name, inner, values } of table.columns) {
    record[name] = inner.length === 0 ? values[row] : Array.from({ length: inner[0]! }, (_, j) => values[row * inner[0]! + j]);
  }
  return record;
}

function numeric(result: unknown): number {
  if (typeof result === "number") return result;
  throw notNumeric("objective: expected a number", result);
}

const REMEDIES: Readonly<Record<string, string>> = {
  "a promise": "Await what it needs before, or use minimizeAsync.",
  undefined: "Is a return missing?",
  "an array": "Sum what it holds; residuals go to leastSquares.",
  bigint: "Calculate with ordinary numbers.",
};

/** The error for what a function gave that is no number, or no array of numbers. */
export function notNumeric(expected: string, result: unknown): DataError<"OBJECTIVE_NOT_NUMERIC"> {
  const got =
    result instanceof Promise
      ? "a promise"
      : Array.isArray(result)
        ? "an array"
        : result === null
          ? "null"
          : typeof result === "object"
            ? `an object (${Object.prototype.toString.call(result).slice(8, -1)})`
            : typeof result;
  const hint = REMEDIES[got];
  return new DataError("OBJECTIVE_NOT_NUMERIC", `${expected} as the result, got ${got}.`, { got }, hint === undefined ? {} : { hint });
}
