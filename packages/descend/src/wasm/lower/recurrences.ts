/**
 * Which small cells must live in locals while a procedure repeats.
 *
 * A repeated procedure runs at the latency of its longest recurrence: the chain of operations from a cell's old value to its
 * new one, possibly through other cells. Cells on that chain must not pass through memory, which costs as much as three or
 * four operations. All others may: a load or store takes no register, and registers are what small loops run out of.
 */

import type { Node } from "../../graph/graph.js";
import { isElementwise } from "../../graph/primitives.js";

/** Operations by which a recurrence must be shorter than the longest to have time for memory. */
const SLACK = 3;

/**
 * @param order - the nodes of the procedure, operands first.
 * @param writes - small cells and the nodes written to them.
 * @returns the cells on recurrences about as long as the longest.
 */
export function criticalCells(order: readonly Node[], writes: ReadonlyMap<string, Node>): Set<string> {
  // Longest path from the old value of each cell to every node.
  const paths = new Map<string, Map<Node, number>>();
  for (const cell of writes.keys()) {
    const length = new Map<Node, number>();
    for (const node of order) {
      if (node.op === "input") {
        if (node.attributes.name === cell) length.set(node, 0);
        continue;
      }
      let longest = -1;
      for (const input of node.inputs) longest = Math.max(longest, length.get(input) ?? -1);
      if (longest >= 0) length.set(node, longest + (isElementwise(node.op) ? 1 : 0));
    }
    paths.set(cell, length);
  }
  const path = (from: string, to: string): number | undefined => paths.get(from)!.get(writes.get(to)!);

  // A recurrence through several cells is a set of cells that all reach each other.
  const names = [...writes.keys()];
  const reaches = new Map(names.map((from) => [from, new Set(names.filter((to) => path(from, to) !== undefined))]));
  for (const middle of names) {
    for (const from of names) {
      if (reaches.get(from)!.has(middle)) for (const to of reaches.get(middle)!) reaches.get(from)!.add(to);
    }
  }
  const lengthOf = (cell: string): number => {
    const together = names.filter((other) => reaches.get(cell)!.has(other) && reaches.get(other)!.has(cell));
    return together.reduce((total, from) => total + Math.max(0, ...together.map((to) => path(from, to) ?? 0)), 0);
  };
  const lengths = new Map(names.map((cell) => [cell, reaches.get(cell)!.has(cell) ? lengthOf(cell) : 0]));
  const longest = Math.max(0, ...lengths.values());
  return new Set(names.filter((cell) => lengths.get(cell)! > 0 && lengths.get(cell)! >= longest - SLACK));
}
