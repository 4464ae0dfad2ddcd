/** Small arrays: those that are taken apart into scalars. */

import { elementCount, hasRows, type Node } from "../../graph/graph.js";

/** Elements up to which an array is taken apart where loops can do the rest. */
export const SMALL = 16;
/** Products or additions up to which a reduction of small arrays is written out. */
const WORK = 256;

export function isSmall(node: Node, mostElements: number = SMALL): boolean {
  return !hasRows(node) && elementCount(node.shape) <= mostElements;
}

/** True for a small array that is computed element by element; other small arrays are the results of loops, in memory. */
export function expands(node: Node, mostElements: number = SMALL): boolean {
  const small = (other: Node): boolean => isSmall(other, mostElements);
  if (!small(node)) return false;
  switch (node.op) {
    case "sum":
    case "reduceMax":
      return small(node.inputs[0]!);
    case "dot":
    case "scatterAdd": {
      const work = node.inputs.reduce((product, input) => product * Math.max(1, elementCount(input.shape)), 1);
      return node.inputs.every(small) && (work <= WORK || mostElements > SMALL);
    }
    case "gather":
      return node.inputs.every(small);
    default:
      return true;
  }
}
