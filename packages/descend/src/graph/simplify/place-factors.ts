/**
 * Constant factors where they delay nothing: c·(a·b) becomes (c·a)·b if a is known before b, and c·(a/b) becomes (c·a)/b.
 *
 * A loop of a few scalars runs at the latency of its longest chain of operations, and a factor at the end of the chain makes it
 * one multiplication longer. Changes results by rounding.
 */

import { uniformValue } from "../build.js";
import { elementCount, hasRows, makeNode, type Node, rewrite, topologicalOrder } from "../graph.js";
import { isElementwise } from "../primitives.js";

/** Elements up to which an array is computed scalar by scalar; longer ones are loops, which wait for memory and not for each other. */
const FEW = 16;

export function placeFactors(outputs: readonly Node[]): Node[] {
  const readers = new Map<Node, number>();
  for (const node of topologicalOrder(outputs)) for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  for (const output of outputs) readers.set(output, (readers.get(output) ?? 0) + 1);

  const depth = new Map<Node, number>();
  const depthOf = (node: Node): number => {
    let known = depth.get(node);
    if (known === undefined) {
      known = node.inputs.reduce((most, input) => Math.max(most, depthOf(input)), 0) + (isElementwise(node.op) ? 1 : 0);
      depth.set(node, known);
    }
    return known;
  };
  const product = (a: Node, b: Node): Node => makeNode("mul", [a, b], a.shape, {});

  const image = rewrite(outputs, (node, inputs) => {
    depthOf(node);
    const same = inputs.every((input, i) => input === node.inputs[i]);
    const rebuilt = same ? node : makeNode(node.op, inputs, node.shape, node.attributes as never);
    if (node.op !== "mul" || elementCount(node.shape) > FEW || hasRows(node)) return rebuilt;
    const at = node.inputs.findIndex((input) => uniformValue(input) !== undefined);
    const inner = node.inputs[1 - at];
    if (at < 0 || (inner?.op !== "mul" && inner?.op !== "div") || readers.get(inner) !== 1) return rebuilt;
    const [a, b] = inner.inputs as [Node, Node];
    const [ia, ib] = inputs[1 - at]!.inputs as [Node, Node];
    const factor = inputs[at]!;
    if (depthOf(a) < depthOf(b)) {
      const scaled = product(factor, ia);
      return inner.op === "mul" ? product(scaled, ib) : makeNode("div", [scaled, ib], node.shape, {});
    }
    return depthOf(b) < depthOf(a) && inner.op === "mul" ? product(product(factor, ib), ia) : rebuilt;
  });
  return outputs.map((output) => image.get(output)!);
}
