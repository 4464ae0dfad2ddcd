/** Derivatives of sums, maxima over axes, and products summed over axes. */

import { binary, constant, dot, element, sum, ternary } from "../../graph/build.js";
import { broadcastAlong, contraction } from "../../graph/contraction.js";
import type { Node } from "../../graph/graph.js";
import type { NodeWith, StructuralRule } from "./rule.js";

export const sumRule: StructuralRule<"sum"> = {
  jvp: (node, [t]) => sum(t!, node.attributes.axes),
  vjp: (node, cotangent) => [broadcastAlong(cotangent, node.attributes.axes, node.inputs[0]!.shape)],
};

/** Elements that equal the largest share its derivative evenly, as PyTorch's `amax` does. */
export const reduceMaxRule: StructuralRule<"reduceMax"> = {
  jvp: (node, [t]) => {
    const { mask, count } = winners(node);
    return binary("div", sum(ternary("select", mask, t!, constant(0)), node.attributes.axes), count);
  },
  vjp: (node, cotangent) => {
    const { mask, count } = winners(node);
    const each = broadcastAlong(binary("div", cotangent, count), node.attributes.axes, mask.shape);
    return [ternary("select", mask, each, constant(0))];
  },
};

function winners(node: NodeWith<"reduceMax">): { mask: Node; count: Node } {
  const x = node.inputs[0]!;
  const { axes } = node.attributes;
  const mask = binary("equal", x, broadcastAlong(node, axes, x.shape));
  return { mask, count: sum(mask, axes) };
}

/**
 * Bilinear: in forward mode the product rule; in reverse mode the cotangent is contracted with the other operand over the axes
 * that came from it. Contracting rows gives parameters, keeping rows in front gives activations; `contraction` orders the axes.
 */
export const dotRule: StructuralRule<"dot"> = {
  jvp: (node, [ta, tb]) => {
    const [a, b] = node.inputs;
    const { contract, batch } = node.attributes;
    const left = ta === undefined ? undefined : (picked(b!, ta, node, 1) ?? dot(ta, b!, contract, batch));
    const right = tb === undefined ? undefined : (picked(a!, tb, node, 0) ?? dot(a!, tb, contract, batch));
    return left === undefined ? right : right === undefined ? left : binary("add", left, right);
  },
  vjp: (node, cotangent, wanted) => {
    const [a, b] = node.inputs;
    const { aLabels, bLabels, out } = dotLabels(node);
    return [
      wanted(0) ? contraction(cotangent, out, b!, bLabels, aLabels) : undefined,
      wanted(1) ? contraction(cotangent, out, a!, aLabels, bLabels) : undefined,
    ];
  },
};

/** The product of `x`, operand k, with a unit vector is a part of x: what makes the Jacobian of a linear model its table. */
function picked(x: Node, tangent: Node, { attributes: { contract, batch } }: NodeWith<"dot">, k: 0 | 1): Node | undefined {
  if (tangent.op !== "constant" || tangent.shape.length !== 1 || contract.length !== 1 || batch.length > 0) return undefined;
  const values = tangent.attributes.value;
  if (typeof values === "number" || tangent.shape[0] === 1) return undefined;
  const place = values.indexOf(1);
  return place >= 0 && values.every((value, i) => value === (i === place ? 1 : 0)) ? element(x, place, contract[0]![k]) : undefined;
}

/** Labels of the axes of a `dot`: those of a are 0 … rank−1, those of b that are paired have the label of their partner. */
function dotLabels(node: NodeWith<"dot">): { aLabels: number[]; bLabels: number[]; out: number[] } {
  const [a, b] = node.inputs;
  const { contract, batch } = node.attributes;
  const aLabels = a!.shape.map((_, axis) => axis);
  const bLabels = b!.shape.map((_, axis) => a!.shape.length + axis);
  for (const [i, j] of [...contract, ...batch]) bLabels[j] = i;
  const paired = new Set([...contract, ...batch].map(([i]) => i));
  const out = [
    ...batch.map(([i]) => i),
    ...aLabels.filter((label) => !paired.has(label)),
    ...bLabels.filter((label) => !paired.has(label)),
  ];
  return { aLabels, bLabels, out };
}
