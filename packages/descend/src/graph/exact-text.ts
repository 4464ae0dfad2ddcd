/** Graphs as text in which nothing is left out: equal texts, equal graphs, whenever and in whatever order their nodes were made. */

import type { Node } from "./graph.js";

/** One line a node, operands first, in the order in which they are come upon from the output. */
export function exactText(output: Node): string {
  const numbers = new Map<Node, number>();
  const lines: string[] = [];
  const stack: Node[] = [output];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const missing = numbers.has(node) ? [] : node.inputs.filter((input) => !numbers.has(input)).reverse();
    for (const input of missing) stack.push(input);
    if (missing.length > 0) continue;
    stack.pop();
    if (numbers.has(node)) continue;
    const inputs = node.inputs.map((input) => numbers.get(input));
    numbers.set(node, lines.push(`${node.op} ${inputs} ${node.shape} ${exactAttributes(node)}`));
  }
  return lines.join("\n");
}

/** Numbers as they are: JSON has no -0, ∞ and NaN. */
export function exactAttributes(node: Node): string {
  if (node.op !== "constant") return JSON.stringify(node.attributes);
  const { value } = node.attributes;
  const exact = (number: number): string => (Object.is(number, -0) ? "-0" : String(number));
  return typeof value === "number" ? exact(value) : Array.from(value, exact).join();
}
