/** An objective as a graph: what every way to write one down comes to. */

import { TraceError } from "../../errors.js";
import { binary, input, reshape, rowCount, sum, unary } from "../../graph/build.js";
import { formatShape, type Node, ROWS, topologicalOrder } from "../../graph/graph.js";
import { simplify } from "../../graph/simplify.js";
import type { Layout } from "../../tree/tree.js";
import { PARAMS } from "../steppers/cells.js";
import type { Table } from "./rows.js";

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
  readonly table: Table | undefined;
  /** An allowed point. */
  readonly start: Float64Array;
  readonly constants: Readonly<Record<string, unknown>>;
  /** −1 to maximize. */
  readonly sign: 1 | -1;
}

/** The input node of the parameters, [n]. */
export function paramsNode(layout: Layout): Node {
  return input(PARAMS, [layout.size]);
}

/**
 * The objective to be minimized: the mean over rows of a loss per row, a scalar as it is, with its sign, and simplified. The stable forms
 * of logistic expressions must be there before the derivative is taken, and fewer nodes make fewer derivatives.
 *
 * @param sign - −1 to maximize.
 * @throws TraceError NOT_A_TENSOR for another shape.
 */
export function objectiveGraph(node: Node, params: Node, table: Table | undefined, sign: 1 | -1): ObjectiveGraph {
  const value = scalarObjective(node, table);
  const [simple] = simplify([sign === 1 ? value : unary("neg", value)]) as [Node];
  const kept = topologicalOrder([simple]).find((other) => other.op === "input" && other.attributes.name === PARAMS);
  return { value: simple, params: kept ?? params };
}

function scalarObjective(node: Node, table: Table | undefined): Node {
  const [first, ...inner] = node.shape;
  if (table !== undefined && first === ROWS && inner.every((d) => d === 1)) return binary("div", sum(node), rowCount());
  if (node.shape.every((d) => d === 1)) return reshape(node, []);
  throw new TraceError("NOT_A_TENSOR", `objective: expected a number as the result, got ${formatShape(node.shape)}. Sum or average it.`, {
    where: "objective",
    got: formatShape(node.shape),
  });
}
