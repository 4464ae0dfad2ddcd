/** From a formula to the graph of an objective. */

import { OptionError, TraceError } from "../../errors.js";
import { element } from "../../graph/build.js";
import { parseFormula } from "../../graph/formula.js";
import type { Node } from "../../graph/graph.js";
import type { Layout } from "../../tree/tree.js";
import { objectiveGraph, paramsNode, type ReadObjective, type ReadOptions } from "./objective-graph.js";
import { columnNode } from "./rows.js";

/** @throws TraceError for what is no formula, or one that cannot be parsed. */
export function readFormula(formula: unknown, layout: Layout, options: ReadOptions): ReadObjective {
  if (typeof formula !== "string") {
    const got = typeof formula;
    throw new TraceError("NOT_A_TENSOR", `objective: expected a formula, got ${got}.`, { where: "objective", got });
  }
  const params = paramsNode(layout);
  const graph = objectiveGraph(formulaNode(formula, params, layout, options), params, options.table, options.sign);
  return { kind: "graph", graph, original: undefined };
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
