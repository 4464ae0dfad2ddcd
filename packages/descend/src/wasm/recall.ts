/**
 * Programs that were compiled lately, so that the same descent from another start, or on other rows, is not compiled again. Engines keep
 * what they know of a module with it: its loops are optimized from the first step on.
 */

import { exactAttributes } from "../graph/exact-text.js";
import { topologicalOrder } from "../graph/graph.js";
import { type Program, procedureOutputs } from "../graph/program.js";
import type { Instantiate } from "./assemble.js";

/** Programs that are held. */
const CAPACITY = 32;
/** Nodes and numbers in literal arrays beyond which a program is not held: its key would take more memory than it is worth. */
const LARGEST = 2 ** 15;

/** The most recent one last. */
const held = new Map<string, Instantiate>();

/** What was compiled under the key; compiles it if nothing was, or there is no key. */
export function recall(key: string | undefined, compile: () => Instantiate): Instantiate {
  if (key === undefined) return compile();
  const found = held.get(key) ?? compile();
  held.delete(key);
  held.set(key, found);
  if (held.size > CAPACITY) held.delete(held.keys().next().value!);
  return found;
}

/**
 * All that the compiler reads, as text: programs with equal keys are compiled to the same code. Undefined if a program is not worth its
 * key, or is bound to the rows that it streams.
 */
export function programKey(program: Program, options: object): string | undefined {
  if (program.streamed === true) return undefined;
  const numbers = new Map<unknown, number>();
  const lines: string[] = [];
  let size = 0;
  for (const node of topologicalOrder(program.procedures.flatMap(procedureOutputs))) {
    size += node.op === "constant" && typeof node.attributes.value !== "number" ? node.attributes.value.length : 1;
    if (size > LARGEST) return undefined;
    const inputs = node.inputs.map((input) => numbers.get(input));
    numbers.set(node, lines.push(`${node.op} ${inputs} ${node.shape} ${exactAttributes(node)}`));
  }
  return `${lines.join("\n")}\n${JSON.stringify([program, options], (_, value) => numbers.get(value) ?? value)}`;
}
