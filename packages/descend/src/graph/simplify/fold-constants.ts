/**
 * Constant folding: a primitive whose operands are all literal is replaced by its value.
 *
 * Folded are elementwise primitives and those that rearrange. Sums, maxima and products over axes are left to the executors, whose
 * order of summation is part of the result; a broadcast is kept, because its operand is smaller.
 */

import { constant } from "../build.js";
import { elementCount, type Node, ROWS } from "../graph.js";
import { elementwisePrimitives, isElementwise } from "../primitives.js";
import { concatenated, type Dense, sliced, transposed } from "../structural.js";

/** Longer results are not made. */
const FOLD_LIMIT = 4096;

/** The constant that `node` is, or `node` itself. Only its operands are looked at, not what is behind them. */
export function foldConstants(node: Node): Node {
  if (node.inputs.length === 0 || node.inputs.some((input) => input.op !== "constant")) return node;
  if (node.shape.includes(ROWS) || elementCount(node.shape) > FOLD_LIMIT) return node;
  const operands = node.inputs.map(dense);
  if (isElementwise(node.op)) {
    const { apply } = elementwisePrimitives[node.op];
    const [a, b, c] = operands;
    return constant(
      a!.values.map((x, i) => apply(x, b?.values[i] ?? 0, c?.values[i] ?? 0)),
      node.shape,
    );
  }
  switch (node.op) {
    case "reshape":
      return constant(operands[0]!.values, node.shape);
    case "transpose":
      return constant(transposed(operands[0]!, node.attributes.permutation), node.shape);
    case "slice":
      return constant(sliced(operands[0]!, node.attributes), node.shape);
    case "concat":
      return constant(concatenated(operands, node.attributes.axis, node.shape), node.shape);
    default:
      return node;
  }
}

/** True for a constant whose elements are all 0 (either sign). */
export function isZero(node: Node): boolean {
  if (node.op !== "constant") return false;
  const { value } = node.attributes;
  return typeof value === "number" ? value === 0 : value.every((element) => element === 0);
}

function dense(node: Node): Dense {
  const value = node.op === "constant" ? node.attributes.value : 0;
  return { lengths: node.shape, values: typeof value === "number" ? new Float64Array(elementCount(node.shape)).fill(value) : value };
}
