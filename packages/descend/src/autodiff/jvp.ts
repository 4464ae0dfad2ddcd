/**
 * Forward mode: how the outputs change when the inputs move along given directions.
 *
 * Tangents are carried along with the values, from the inputs to the outputs. Undefined tangents are 0 and cost nothing, so a
 * direction along one element touches only the nodes that depend on it.
 *
 * Source: Griewank & Walther 2008, "Evaluating Derivatives", chapter 3.
 */

import { ShapeError } from "../errors.js";
import { binary, constant } from "../graph/build.js";
import { formatShape, type Node, sameShape } from "../graph/graph.js";
import { isElementwise } from "../graph/primitives.js";
import { foldConstants, isZero } from "../graph/simplify/fold-constants.js";
import { applyFactor, elementwiseRules } from "./rules/elementwise.js";
import type { Factor, StructuralOp, StructuralRule } from "./rules/rule.js";
import { structuralRules } from "./rules/structural.js";
import { activeNodes } from "./vjp.js";

/** Directions in, derivatives of the outputs along them out; undefined stands for 0. */
export type LinearMap = (tangents: readonly (Node | undefined)[]) => (Node | undefined)[];

/**
 * Jacobian–vector product: Σⱼ ∂outputₖ/∂wrtⱼ · tangentⱼ for each output.
 *
 * @param tangents - one per entry of `wrt`, of its shape; undefined stands for 0.
 * @returns one node per output, of its shape; a constant 0 where it does not change.
 * @throws ShapeError SHAPE_MISMATCH if a tangent does not have the shape of its node.
 */
export function jvp(outputs: readonly Node[], wrt: readonly Node[], tangents: readonly (Node | undefined)[]): Node[] {
  return linearize(outputs, wrt)(tangents).map((tangent, k) => tangent ?? constant(0, outputs[k]!.shape));
}

/**
 * The derivative of `outputs` as a linear map, to be applied to many directions: factors that do not depend on the direction are made once.
 */
export function linearize(outputs: readonly Node[], wrt: readonly Node[]): LinearMap {
  const order = activeNodes(outputs, wrt);
  const factors = new Map<Node, Factor[]>();
  const factorOf = (node: Node, k: number): Factor => {
    const known = factors.get(node) ?? [];
    factors.set(node, known);
    if (!(k in known)) known[k] = isElementwise(node.op) ? elementwiseRules[node.op][k]!(node.inputs, node) : undefined;
    return known[k];
  };
  return (tangents) => {
    const tangentOf = new Map<Node, Node>();
    for (const [j, node] of wrt.entries()) {
      const tangent = tangents[j];
      if (tangent === undefined) continue;
      if (!sameShape(tangent.shape, node.shape)) throw tangentMismatch(node, tangent);
      const before = tangentOf.get(node);
      tangentOf.set(node, before === undefined ? tangent : binary("add", before, tangent));
    }
    for (const node of order) {
      if (!node.inputs.some((input) => tangentOf.has(input))) continue;
      const tangent = forward(node, tangentOf, factorOf);
      const folded = tangent === undefined ? undefined : foldConstants(tangent);
      if (folded === undefined || isZero(folded)) continue;
      const seeded = tangentOf.get(node);
      tangentOf.set(node, seeded === undefined ? folded : binary("add", seeded, folded));
    }
    return outputs.map((output) => tangentOf.get(output));
  };
}

function forward(node: Node, tangentOf: ReadonlyMap<Node, Node>, factorOf: (node: Node, k: number) => Factor): Node | undefined {
  const tangents = node.inputs.map((input) => tangentOf.get(input));
  if (!isElementwise(node.op)) {
    const rule = structuralRules[node.op] as StructuralRule<StructuralOp>;
    return rule.jvp(node as never, tangents);
  }
  let total: Node | undefined;
  for (const [k, tangent] of tangents.entries()) {
    const factor = tangent === undefined ? undefined : factorOf(node, k);
    if (factor === undefined) continue;
    const part = foldConstants(applyFactor(factor, tangent!));
    total = total === undefined ? part : binary("add", total, part);
  }
  return total;
}

function tangentMismatch(node: Node, tangent: Node): ShapeError {
  const expected = formatShape(node.shape);
  const got = formatShape(tangent.shape);
  return new ShapeError("SHAPE_MISMATCH", `jvp: expected a tangent of shape ${expected}, got ${got}.`, { where: "jvp", expected, got });
}
