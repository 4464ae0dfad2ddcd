/** The values that kernels compute: lazy nodes as expressions, down to literals, scalars, loads, and results in registers of the nest. */

import { invariant } from "../../errors.js";
import type { Node } from "../../graph/graph.js";
import { isElementwise } from "../../graph/primitives.js";
import { accessOf, flatIndex, sameCoords, viewOperand } from "./access.js";
import type { Homes } from "./homes.js";
import type { Kernel } from "./kernel.js";
import { type Coord, type Coords, identityCoords } from "./roots.js";
import { isSmall } from "./small.js";
import type { Value } from "./value.js";

const fixed: Coord = { axis: -1, offset: 0 };

/** Writes the expressions of every nest; notes which results are read from memory. */
export function buildBodies(homes: Homes, kernels: readonly Kernel[]): void {
  const { values } = homes.context;
  for (const kernel of kernels) {
    if (kernel.kind === "matmul") {
      for (const { node } of kernel.roots[0]!.spec.reads) homes.reading(node);
      continue;
    }
    const local = new Map<Node, Value>();
    kernel.bodies = kernel.roots.map((root) => {
      if (kernel.kind === "scalars") return homes.context.scalars.elements(root.node);
      const reads = root.spec.reads.map(({ node, coords }) =>
        node === root.node && !root.copy ? compute(homes, node, coords, kernel, local) : read(homes, node, coords, kernel, local),
      );
      if (root.spec.combine === "scatter") {
        const { shape } = root.node;
        const index = values.place(reads[0]!, shape[0]!, root.home.strides[0]!);
        return [index, values.number(reads[1]!)];
      }
      let value = root.spec.combine === "store" ? reads[0]! : values.number(reads[0]!);
      if (root.node.op === "dot" && !root.copy) {
        value = values.binary("mul", values.number(reads[0]!), values.number(reads[1]!));
        if (root.spec.reduced === 0) value = values.binary("add", values.constant(0), value);
      }
      if (root.spec.combine === "store" && !root.copy) local.set(root.node, value);
      return [value];
    });
  }
}

function read(homes: Homes, node: Node, coords: Coords, kernel: Kernel, local: ReadonlyMap<Node, Value>): Value {
  const { values, scalars } = homes.context;
  if (node.op === "constant" && typeof node.attributes.value === "number") return values.constant(node.attributes.value);
  const here = local.get(node);
  if (here !== undefined && sameCoords(coords, identityCoords(node))) return here;
  if (isSmall(node) && !homes.rows && coords.every((coord) => coord.axis < 0)) {
    return scalars.elements(node)[flatIndex(node, coords)]!;
  }
  const view = homes.viewOf(node);
  if (view !== undefined) {
    homes.reading(node);
    return values.load(accessOf(view, coords, kernel.axes.length));
  }
  return compute(homes, node, coords, kernel, local);
}

function compute(homes: Homes, node: Node, coords: Coords, kernel: Kernel, local: ReadonlyMap<Node, Value>): Value {
  const { values } = homes.context;
  if (isElementwise(node.op)) {
    return values.apply(
      node.op,
      node.inputs.map((input) => read(homes, input, coords, kernel, local)),
    );
  }
  switch (node.op) {
    case "rowIndex":
      return values.rowIndex(kernel.axes.length - 1);
    case "gather": {
      const [table, indices] = node.inputs as [Node, Node];
      const lead = indices.shape.length;
      const index = read(homes, indices, coords.slice(0, lead), kernel, local);
      const view = homes.viewOf(table)!;
      homes.reading(table);
      const access = accessOf(view, [fixed, ...coords.slice(lead)], kernel.axes.length);
      return values.gather(index, table.shape[0]!, view.strides[0]!, access);
    }
    case "constant":
      return values.constant(node.attributes.value as number);
    default: {
      const inner = viewOperand(node, coords, kernel.axes);
      invariant(inner !== undefined, `${node.op} can be read in place`);
      return read(homes, inner.node, inner.coords, kernel, local);
    }
  }
}
