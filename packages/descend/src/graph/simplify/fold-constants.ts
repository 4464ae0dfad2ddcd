/**
 * Constant folding: a primitive whose operands are all literal is replaced by its value.
 *
 * Elementwise primitives use the reference semantics of `primitives.ts`. Sums, maxima and products over axes are left to the
 * executors, whose order of summation is part of the result. Arrays larger than {@link FOLD_LIMIT} elements are not made.
 */

import { constant } from "../build.js";
import { elementCount, type ElementwiseOp, type Node, ROWS, type Shape } from "../graph.js";
import { elementwisePrimitives, isElementwise } from "../primitives.js";

/** Folding a broadcast must not turn one number into a large table. */
const FOLD_LIMIT = 4096;

/** The constant that `node` is, or `node` itself. Only its operands are looked at, not what is behind them. */
export function foldConstants(node: Node): Node {
  if (node.inputs.length === 0 || node.shape.includes(ROWS) || node.inputs.some((input) => input.op !== "constant")) return node;
  if (elementCount(node.shape) > FOLD_LIMIT) return node;
  const operands = node.inputs.map(elements);
  if (isElementwise(node.op)) return node.op === "stopGradient" ? node : foldElementwise(node.op, operands, node.shape);
  const [x] = node.inputs;
  switch (node.op) {
    case "reshape":
      return constant(operands[0]!, node.shape);
    case "broadcast": {
      const extra = node.shape.length - x!.shape.length;
      const strides = rowMajorStrides(x!.shape);
      return gatherStrided(operands[0]!, node.shape, node.shape.map((_, i) => (i < extra || x!.shape[i - extra] === 1 ? 0 : strides[i - extra]!)), 0);
    }
    case "transpose": {
      const strides = rowMajorStrides(x!.shape);
      return gatherStrided(operands[0]!, node.shape, node.attributes.permutation.map((axis) => strides[axis]!), 0);
    }
    case "slice": {
      const strides = rowMajorStrides(x!.shape);
      return gatherStrided(operands[0]!, node.shape, strides, node.attributes.start * strides[node.attributes.axis]!);
    }
    case "concat":
      return node.attributes.axis === 0 ? constant(operands.flatMap((values) => [...values]), node.shape) : node;
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

function elements(node: Node): Float64Array {
  const value = node.op === "constant" ? node.attributes.value : 0;
  return typeof value === "number" ? new Float64Array(elementCount(node.shape)).fill(value) : value;
}

function foldElementwise(op: ElementwiseOp, [a, b, c]: readonly Float64Array[], shape: Shape): Node {
  const { apply } = elementwisePrimitives[op];
  return constant(a!.map((x, i) => apply(x, b?.[i] ?? 0, c?.[i] ?? 0)), shape);
}

function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** The array of `shape` whose element (i, j, …) is values[offset + i·strides[0] + j·strides[1] + …]. */
function gatherStrided(values: Float64Array, shape: Shape, strides: readonly number[], offset: number): Node {
  const result = new Float64Array(elementCount(shape));
  const index = new Array<number>(shape.length).fill(0);
  let place = offset;
  for (let k = 0; k < result.length; k++) {
    result[k] = values[place]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      place -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return constant(result, shape);
}
