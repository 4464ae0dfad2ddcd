/**
 * Elementwise operations on concatenations, as concatenations of operations on the parts.
 *
 * A gradient by several parameters is put together of its parts, and an update rule computes on with the whole: without this, the parts
 * would go to memory first and the rule would be a loop of its own. Each element is computed by the same operations as before.
 */

import { concat, elementwise, slice } from "./build.js";
import type { Node } from "./graph.js";
import { isElementwise } from "./primitives.js";

/** More parts would become much code. */
const MOST_PARTS = 16;

/** The outputs, those apart that elementwise operations make of concatenations along the first axis. */
export function byParts(outputs: readonly Node[]): Node[] {
  const known = new Map<Node, readonly Node[] | undefined>();
  /** The parts of a node, if it has some. */
  const partsOf = (node: Node): readonly Node[] | undefined => {
    if (!known.has(node)) known.set(node, newParts(node));
    return known.get(node);
  };
  const newParts = (node: Node): readonly Node[] | undefined => {
    if (node.op === "concat") return node.attributes.axis === 0 && node.inputs.length <= MOST_PARTS ? node.inputs : undefined;
    if (!isElementwise(node.op)) return undefined;
    const { op } = node;
    const parts = node.inputs.map(partsOf);
    const lengths = parts.find((own) => own !== undefined)?.map(({ shape }) => shape[0]!);
    if (lengths === undefined) return undefined;
    let start = 0;
    return lengths.map((length, k) => {
      const stop = start + length;
      const operands = node.inputs.map((operand, i) => {
        const own = parts[i];
        const fits = own?.length === lengths.length && own.every(({ shape }, j) => shape[0] === lengths[j]);
        return fits ? own[k]! : slice(operand, 0, start, stop);
      });
      start = stop;
      return elementwise(op, operands);
    });
  };
  return outputs.map((output) => {
    const parts = output.op === "concat" ? undefined : partsOf(output);
    return parts === undefined ? output : concat(parts);
  });
}
