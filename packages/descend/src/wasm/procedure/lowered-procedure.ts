/** A procedure whose graph is in the forms that are lowered. */

import { type Node, topologicalOrder } from "../../graph/graph.js";
import { type Procedure, procedureOutputs } from "../../graph/program.js";
import { placeFactors } from "../../graph/simplify/place-factors.js";
import { simplify } from "../../graph/simplify.js";
import { canonicalize } from "../lower/canonical.js";

export interface LoweredProcedure {
  readonly procedure: Procedure;
  /** From the nodes of the procedure to those that are lowered. */
  readonly image: (node: Node) => Node;
  /** The nodes that are lowered, operands first. */
  readonly order: readonly Node[];
}

export function lowered(procedure: Procedure, simplifies: boolean): LoweredProcedure {
  const original = procedureOutputs(procedure);
  const simple = simplifies ? placeFactors(simplify(original)) : original;
  const canonical = canonicalize(simple);
  const images = new Map(original.map((node, i) => [node, canonical.get(simple[i]!)!]));
  return { procedure, image: (node) => images.get(node)!, order: topologicalOrder(images.values()) };
}
