/**
 * What the compiler wants to know of the nodes of a graph before it lays out loops: how often each is read, how much it costs to
 * compute it again, and at which stage of a pass it can be computed.
 */

import { hasRows, type Node } from "../../graph/graph.js";
import { isElementwise } from "../../graph/primitives.js";
import { isView } from "./scalars.js";
import { isSmall } from "./small.js";

/** Longest chain of primitives inside one expression; longer ones are cut, since expressions are walked recursively. */
const MAX_DEPTH = 48;

const cheapOps: ReadonlySet<string> = new Set([
  "neg",
  "abs",
  "sign",
  "floor",
  "ceil",
  "trunc",
  "add",
  "sub",
  "mul",
  "min",
  "max",
  "less",
  "lessEqual",
  "equal",
  "select",
  "stopGradient",
]);

/** Arithmetic instructions, roughly, of one element. */
function ownCost(node: Node): number {
  if (cheapOps.has(node.op)) return 1;
  if (node.op === "sqrt" || node.op === "div" || node.op === "gather" || node.op === "rowIndex") return 4;
  return isElementwise(node.op) ? 20 : 0;
}

export interface Traits {
  /** Cost of an element of a node computed from memory. */
  readonly cost: ReadonlyMap<Node, number>;
  /** Nodes that are computed once for all their readers in a loop, and stored if a reader is in another loop. */
  readonly shared: ReadonlySet<Node>;
  /** The stage of a node: how many sweeps over the rows come before it. */
  readonly stage: ReadonlyMap<Node, number>;
}

export function traitsOf(order: readonly Node[], outputs: readonly Node[]): Traits {
  const reads = new Map<Node, number>();
  for (const output of outputs) reads.set(output, (reads.get(output) ?? 0) + 1);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const times = isView(node) ? (reads.get(node) ?? 1) : 1;
    for (const input of node.inputs) reads.set(input, (reads.get(input) ?? 0) + times);
  }
  const cost = new Map<Node, number>();
  const depth = new Map<Node, number>();
  const stage = new Map<Node, number>();
  const shared = new Set<Node>();
  for (const node of order) {
    stage.set(node, Math.max(0, ...node.inputs.map((input) => stage.get(input)! + (hasRows(input) && !hasRows(node) ? 1 : 0))));
    const lazy = !isSmall(node) && (isElementwise(node.op) || node.op === "gather" || node.op === "rowIndex" || isView(node));
    const total = lazy ? node.inputs.reduce((sum, input) => sum + cost.get(input)!, ownCost(node)) : 0;
    const deep = lazy ? 1 + Math.max(0, ...node.inputs.map((input) => depth.get(input)!)) : 0;
    const isShared = lazy && !isView(node) && ((reads.get(node)! >= 2 && total >= 2) || reads.get(node)! >= 4 || deep > MAX_DEPTH);
    if (isShared) shared.add(node);
    cost.set(node, isShared ? 0 : total);
    depth.set(node, isShared ? 0 : deep);
  }
  return { cost, shared, stage };
}
