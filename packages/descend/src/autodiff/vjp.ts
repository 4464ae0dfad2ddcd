/**
 * Reverse mode: from the graph of a function to the graph of its gradient.
 *
 * Nodes are visited from the outputs to the inputs; each sends the cotangent it has received, times its derivative, to its
 * operands. Only nodes that depend on `wrt` are visited, and a cotangent that is 0 is never made. The graph of the gradient reads
 * the nodes of the function, so evaluating both shares the work: the gradient costs a small multiple of the value, whatever the
 * number of parameters.
 *
 * Source: Griewank & Walther 2008, "Evaluating Derivatives", chapter 3. Conventions at kinks: `rules/piecewise.ts`; in branches
 * that are not taken: `masking.ts`.
 */

import { ShapeError } from "../errors.js";
import { constant } from "../graph/build.js";
import { formatShape, type Node, sameShape, topologicalOrder } from "../graph/graph.js";
import { isElementwise } from "../graph/primitives.js";
import { foldConstants } from "../graph/simplify/fold-constants.js";
import { Cotangents } from "./cotangents.js";
import { keepsMask, Masking, routes } from "./masking.js";
import { applyFactor, elementwiseRules } from "./rules/elementwise.js";
import type { Contribution, StructuralOp, StructuralRule } from "./rules/rule.js";
import { structuralRules } from "./rules/structural.js";

/**
 * Vector–Jacobian product: Σₖ cotangentₖ · ∂outputₖ/∂wrtⱼ for each node of `wrt`.
 *
 * @param cotangents - one per output, of its shape; undefined stands for 0.
 * @param wrt - nodes to differentiate by, inputs or intermediate ones; what lies between an intermediate node and the inputs is
 * still differentiated, as if the two were independent variables added up.
 * @returns one node per entry of `wrt`, of its shape; a constant 0 where nothing depends on it.
 * @throws ShapeError SHAPE_MISMATCH if a cotangent does not have the shape of its output.
 */
export function vjp(outputs: readonly Node[], cotangents: readonly (Node | undefined)[], wrt: readonly Node[]): Node[] {
  const order = activeNodes(outputs, wrt);
  const received = new Map<Node, Cotangents>();
  for (const node of order) received.set(node, new Cotangents());
  for (const [k, output] of outputs.entries()) {
    const cotangent = cotangents[k];
    if (cotangent === undefined) continue;
    if (!sameShape(cotangent.shape, output.shape)) throw cotangentMismatch(output, cotangent);
    received.get(output)?.add(cotangent);
  }
  const masking = order.some(routes) ? new Masking(topologicalOrder(outputs)) : undefined;
  const wanted = new Set(wrt);
  const totals = new Map<Node, Node>();
  for (const node of order.reverse()) {
    const total = received.get(node)!.total(node);
    const masked = received.get(node)!.masked;
    received.delete(node);
    if (total === undefined) continue;
    if (wanted.has(node)) totals.set(node, total);
    const contributions = backward(node, total, (k) => received.has(node.inputs[k]!), masked ? masking : undefined);
    const masks = routes(node) || (masked && keepsMask(node));
    for (const [k, contribution] of contributions.entries()) {
      if (contribution !== undefined) received.get(node.inputs[k]!)?.add(fold(contribution), masks);
    }
  }
  return wrt.map((node) => totals.get(node) ?? constant(0, node.shape));
}

/**
 * The gradient of a scalar: ∂output/∂wrtⱼ, of the shape of wrtⱼ.
 *
 * @throws ShapeError SHAPE_MISMATCH if `output` is not a scalar.
 */
export function gradient(output: Node, wrt: readonly Node[]): Node[] {
  if (output.shape.length !== 0) {
    const got = formatShape(output.shape);
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `gradient: expected a scalar to differentiate, got ${got}. Reduce it, for example by sum or mean.`,
      {
        where: "gradient",
        expected: "scalar",
        got,
      },
    );
  }
  return vjp([output], [constant(1)], wrt);
}

/** The nodes behind `outputs` that are or depend on a node of `wrt`, operands first. */
export function activeNodes(outputs: readonly Node[], wrt: readonly Node[]): Node[] {
  const active = new Set<Node>(wrt);
  return topologicalOrder(outputs).filter((node) => {
    if (!active.has(node) && !node.inputs.some((input) => active.has(input))) return false;
    active.add(node);
    return true;
  });
}

function backward(
  node: Node,
  cotangent: Node,
  wanted: (operand: number) => boolean,
  masking: Masking | undefined,
): (Contribution | undefined)[] {
  if (!isElementwise(node.op)) {
    const rule = structuralRules[node.op] as StructuralRule<StructuralOp>;
    return rule.vjp(node as never, cotangent, wanted);
  }
  return elementwiseRules[node.op].map((partial, k) => {
    const factor = wanted(k) ? partial(node.inputs, node) : undefined;
    if (factor === undefined) return undefined;
    return masking === undefined ? applyFactor(factor, cotangent) : masking.apply(node, factor, cotangent);
  });
}

/** One-hot cotangents stay literal through views, so that what they miss is recognized as 0. */
function fold(contribution: Contribution): Contribution {
  return "op" in contribution ? foldConstants(contribution) : contribution;
}

function cotangentMismatch(output: Node, cotangent: Node): ShapeError {
  const expected = formatShape(output.shape);
  const got = formatShape(cotangent.shape);
  return new ShapeError("SHAPE_MISMATCH", `vjp: expected a cotangent of shape ${expected}, got ${got}.`, { where: "vjp", expected, got });
}
