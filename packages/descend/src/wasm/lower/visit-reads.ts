/** The walk from a root through the lazy nodes it computes in place, to what it reads: other roots, memory, scalars. */

import { hasRows, type Node } from "../../graph/graph.js";
import { isElementwise } from "../../graph/primitives.js";
import { viewOperand } from "./access.js";
import type { Homes } from "./homes.js";
import type { Coords, Root } from "./roots.js";
import { isView } from "./scalars.js";
import { isSmall } from "./small.js";

/** What a walk through the lazy nodes of an expression meets. */
export interface Visitor {
  /** A root of this section. */
  root(node: Node, coords: Coords): void;
  /** An array in memory from elsewhere. */
  memory(node: Node): void;
  /** A small array: at a fixed place one of its scalars, otherwise its copy in memory. */
  small(node: Node, isFixed: boolean): void;
  /** A node that cannot be read lazily here. */
  opaque(node: Node): void;
}

export function visitReads(homes: Homes, root: Root, visitor: Visitor): void {
  for (const { node, coords } of root.spec.reads) {
    if (node === root.node && !root.copy) visitOperands(homes, node, coords, root.spec.axes, visitor);
    else visit(homes, node, coords, root.spec.axes, visitor);
  }
}

function visit(homes: Homes, node: Node, coords: Coords, axes: readonly number[], visitor: Visitor): void {
  if (node.op === "constant" && typeof node.attributes.value === "number") return;
  if (isSmall(node)) {
    visitor.small(node, !homes.rows && coords.every((coord) => coord.axis < 0));
    return;
  }
  if (homes.own.has(node)) {
    visitor.root(node, coords);
    return;
  }
  if (homes.viewOf(node) !== undefined) {
    visitor.memory(node);
    return;
  }
  const isLazy = isElementwise(node.op) || node.op === "gather" || node.op === "rowIndex";
  const along = new Set(coords.map((coord) => coord.axis).filter((axis) => axis >= 0)).size;
  const repeated = along < axes.length && homes.context.traits.cost.get(node)! > 1;
  const elsewhere = homes.rows && !hasRows(node);
  if (isView(node) ? elsewhere && node.op === "concat" : !isLazy || repeated || elsewhere || homes.context.traits.shared.has(node)) {
    visitor.opaque(node);
    return;
  }
  visitOperands(homes, node, coords, axes, visitor);
}

function visitOperands(homes: Homes, node: Node, coords: Coords, axes: readonly number[], visitor: Visitor): void {
  if (isView(node)) {
    const inner = viewOperand(node, coords, axes);
    // What cannot be expressed by coordinates is read from memory.
    if (inner === undefined) visitor.opaque(node);
    else visit(homes, inner.node, inner.coords, axes, visitor);
    return;
  }
  if (node.op === "gather") {
    const [table, indices] = node.inputs as [Node, Node];
    if (homes.viewOf(table) === undefined) visitor.opaque(table);
    else visitor.memory(table);
    visit(homes, indices, coords.slice(0, indices.shape.length), axes, visitor);
    return;
  }
  for (const input of node.inputs) visit(homes, input, coords, axes, visitor);
}
