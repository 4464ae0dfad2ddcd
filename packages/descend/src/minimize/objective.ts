/**
 * From what the user wrote (a plain function, a formula, traced tensors) to a graph, or, where it cannot be read, to a
 * function that is called as it is.
 */

import { DataError, DescendError, OptionError, TraceError } from "../errors.js";
import { binary, element, input, reshape, rowCount, slice, sum, unary } from "../graph/build.js";
import { parseFormula } from "../graph/formula.js";
import type { readFunction } from "../graph/function-source.js";
import { formatShape, type Node, ROWS, topologicalOrder } from "../graph/graph.js";
import { simplify } from "../graph/simplify.js";
import { Tensor } from "../graph/tensor.js";
import { type Layout, mapLeaves, unflatten } from "../tree/tree.js";
import { PARAMS } from "./cells.js";
import { columnNode, type Table } from "./rows.js";

/** Any function of the parameters (and of a row of the table): called with numbers, or read, or traced with tensors. */
export type ObjectiveFunction = (params: never, row: never) => unknown;

/** A scalar and the input node it depends on. Nodes are compared by identity, so derivatives need this very node. */
export interface ObjectiveGraph {
  readonly value: Node;
  readonly params: Node;
}

/** An objective as it will be evaluated. Its value is to be minimized, also when the user maximizes. */
export type ReadObjective =
  | {
      readonly kind: "graph";
      /** The scalar objective as a function of the input {@link PARAMS} and the columns. */
      readonly graph: ObjectiveGraph;
      /** Calls the original, to compare with; absent where there is none to call (a formula, tensors). */
      readonly original: ((params: Float64Array, rows: number) => number) | undefined;
    }
  | { readonly kind: "host"; readonly evaluate: (params: Float64Array) => number; readonly reason: string };

export interface ReadOptions {
  /** Absent where only formulas are minimized: the reader of functions is the largest part of the library. */
  readonly readFunction: typeof readFunction | undefined;
  readonly table: Table | undefined;
  readonly constants: Readonly<Record<string, unknown>>;
  /** −1 to maximize. */
  readonly sign: 1 | -1;
}

/**
 * Reads an objective.
 *
 * A function is tried in this order: read from its source; called with tensors if its source calls their methods;
 * kept as it is, with the reason why it could not be read.
 *
 * @throws TraceError for a formula that cannot be parsed, or a traced function that returns something else than a scalar.
 */
export function readObjective(objective: string | ObjectiveFunction, layout: Layout, options: ReadOptions): ReadObjective {
  const params = input(PARAMS, [layout.size]);
  const graphOf = (value: Node): ObjectiveGraph => simplified(options.sign === 1 ? value : unary("neg", value), params);
  if (typeof objective === "string") {
    return {
      kind: "graph",
      graph: graphOf(scalarObjective(Tensor.of(formulaNode(objective, params, layout, options)), options.table)),
      original: undefined,
    };
  }
  const { readFunction } = options;
  if (typeof objective !== "function" || readFunction === undefined) {
    throw new TraceError(
      "NOT_A_TENSOR",
      `objective: expected ${readFunction === undefined ? "" : "a function or "}a formula, got ${typeof objective}.`,
      {
        where: "objective",
        got: typeof objective,
      },
    );
  }
  const usesTensors = callsTensorMethods(objective);
  const original = callOriginal(objective, layout, options);
  let reason: string;
  try {
    const result = readFunction(objective as (...args: never[]) => unknown, symbolicArguments(params, layout, options.table) as never, {
      constants: options.constants,
    });
    return { kind: "graph", graph: graphOf(scalarObjective(result, options.table)), original: usesTensors ? undefined : original };
  } catch (error) {
    if (!(error instanceof DescendError) || error.code === "INTERNAL") throw error;
    reason = error.message;
  }
  if (usesTensors) {
    const traced = objective(...(symbolicArguments(params, layout, options.table) as [never, never]));
    return { kind: "graph", graph: graphOf(scalarObjective(traced, options.table)), original: undefined };
  }
  return { kind: "host", evaluate: (params) => original(params, options.table?.rows ?? 0), reason };
}

/** The stable forms of logistic expressions must be there before the derivative is taken, and fewer nodes make fewer derivatives. */
function simplified(value: Node, params: Node): ObjectiveGraph {
  const [simple] = simplify([value]) as [Node];
  const kept = topologicalOrder([simple]).find((node) => node.op === "input" && node.attributes.name === PARAMS);
  return { value: simple, params: kept ?? params };
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

/** A formula over the parameters (records of numbers, by name) and the columns of the table. */
export function formulaNode(formula: string, params: Node, layout: Layout, options: Pick<ReadOptions, "table" | "constants">): Node {
  const names = new Map<string, Node>();
  for (const leaf of layout.leaves) {
    if (!leaf.path.startsWith(".") || leaf.shape.length > 0) {
      throw new OptionError(
        "OPTIONS_CONFLICT",
        `start: a formula needs its variables by name, such as { x: 1, y: 2 }; got an entry at "${leaf.path || "the top"}".`,
        {
          options: ["objective", "start"],
        },
      );
    }
    names.set(leaf.path.slice(1), element(params, leaf.offset));
  }
  for (const column of options.table?.columns ?? []) {
    if (names.has(column.name)) {
      throw new OptionError(
        "OPTIONS_CONFLICT",
        `data.${column.name}: the start has a variable of this name, so the formula cannot tell them apart. Rename one.`,
        {
          options: ["start", "data"],
        },
      );
    }
    names.set(column.name, columnNode(column));
  }
  const constants = Object.fromEntries(
    Object.entries(options.constants).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
  const parsed = parseFormula(formula, { params: [...names.keys()], constants });
  return parsed.build(names);
}

/** The mean over rows of a loss per row; a scalar as it is. */
function scalarObjective(result: unknown, table: Table | undefined): Node {
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
  const { node } = result;
  const [first, ...inner] = node.shape;
  if (table !== undefined && first === ROWS && inner.every((d) => d === 1)) return binary("div", sum(node), rowCount());
  if (node.shape.every((d) => d === 1)) return reshape(node, []);
  throw new TraceError("NOT_A_TENSOR", `objective: expected a number as the result, got ${formatShape(node.shape)}. Sum or average it.`, {
    where: "objective",
    got: formatShape(node.shape),
  });
}

/** Method names of tensors that no array or number has: a source that calls one is meant to be traced. */
const TENSOR_METHOD =
  /\.(?:matmul|add|sub|mul|div|square|mean|sum|pow|exp|log|sqrt|neg|sigmoid|softplus|tanh|relu|softmax|logSumExp|logSoftmax)\(/;

export function callsTensorMethods(objective: ObjectiveFunction): boolean {
  return TENSOR_METHOD.test(Function.prototype.toString.call(objective).replaceAll("Math.", "Math_"));
}

/** Calls the user's function with numbers: its value, or the mean over the first `rows` rows. */
function callOriginal(
  objective: ObjectiveFunction,
  layout: Layout,
  { table, sign }: ReadOptions,
): (params: Float64Array, rows: number) => number {
  const call = objective as (params: unknown, row?: unknown) => unknown;
  if (table === undefined) return (params) => sign * numeric(call(unflatten(layout, params)));
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
  const got = result instanceof Promise ? "a promise" : Array.isArray(result) ? "an array" : result === null ? "null" : typeof result;
  throw new DataError("OBJECTIVE_NOT_NUMERIC", `objective: expected a number as the result, got ${got}.`, { got });
}
