/**
 * Rewriting of sums and products over axes.
 *
 * Factors that are constant along the summed axes leave the sum, sums of repeated elements become multiplications, and sums of
 * products of arrays with different axes become contractions, so that no product array is made. The order of additions may change
 * with it: results agree to rounding, n·ε·Σ|xᵢ|.
 */

import { binary, broadcast, constant, dot, reshape, rowCount, sum, unary, uniformValue } from "../build.js";
import { align, dotContraction, withoutRepetition } from "../contraction.js";
import { elementCount, hasRows, type Node, ROWS } from "../graph.js";
import { isElementwise } from "../primitives.js";
import type { RuleContext } from "./elementwise-rules.js";

type SumNode = Node & { op: "sum" };
type DotNode = Node & { op: "dot" };

export function rewriteReduction(node: Node, context: RuleContext): Node | undefined {
  switch (node.op) {
    case "sum":
      return rewriteSum(node, context);
    case "dot":
      return rewriteDot(node);
    case "transpose":
      return rewriteTransposedDot(node, context);
    default:
      return undefined;
  }
}

function rewriteSum(node: SumNode, context: RuleContext): Node | undefined {
  const x = node.inputs[0]!;
  const { axes } = node.attributes;
  const single = axes.filter((axis) => x.shape[axis] === 1);
  // In a sum of everything they do no harm (and dropping them would undo the rule for reshapes).
  if (single.length > 0 && (single.length === axes.length || axes.length < x.shape.length)) return sumWithoutAxes(x, axes, single);
  switch (x.op) {
    case "constant":
      return uniformValue(x) === undefined ? undefined : sumOfRepeated(constant(uniformValue(x)!), [], node);
    case "broadcast": {
      const { source, labels } = withoutRepetition(x);
      return sumOfRepeated(source, labels, node);
    }
    case "neg":
      return unary("neg", sum(x.inputs[0]!, axes));
    case "sum":
      return sumOfSum(x, axes);
    case "reshape":
      return axes.length === x.shape.length ? sum(x.inputs[0]!) : undefined;
    case "transpose":
      return axes.length === x.shape.length ? sum(x.inputs[0]!) : undefined;
    case "mul":
      return factorOut(node, x, context) ?? (context.readOnce(x) ? asContraction(node, x) : undefined);
    case "div":
      return context.readOnce(x) ? divisorOut(node, x) : undefined;
    default:
      return undefined;
  }
}

/** An axis of length 1 is dropped by a view. */
function sumWithoutAxes(x: Node, axes: readonly number[], single: readonly number[]): Node {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !single.includes(axis));
  const view = reshape(
    x,
    kept.map((axis) => x.shape[axis]!),
  );
  return sum(
    view,
    axes.filter((axis) => !single.includes(axis)).map((axis) => kept.indexOf(axis)),
  );
}

/** Σ over axes along which x only repeats is a multiple; the other axes are summed in `source`, whose axes are `labels` of x. */
function sumOfRepeated(source: Node, labels: readonly number[], node: SumNode): Node | undefined {
  const x = node.inputs[0]!;
  const { axes } = node.attributes;
  const repeated = axes.filter((axis) => !labels.includes(axis));
  if (repeated.length === 0) return undefined;
  let times: Node = constant(1);
  for (const axis of repeated) times = binary("mul", times, x.shape[axis] === ROWS ? rowCount() : constant(x.shape[axis]!));
  const inner = sum(
    source,
    labels.map((axis, i) => (axes.includes(axis) ? i : -1)).filter((i) => i >= 0),
  );
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const aligned = align(
    inner,
    labels.filter((axis) => !axes.includes(axis)),
    kept,
  );
  return broadcast(binary("mul", times, aligned), node.shape);
}

function sumOfSum(inner: SumNode, outer: readonly number[]): Node {
  const x = inner.inputs[0]!;
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !inner.attributes.axes.includes(axis));
  return sum(x, [...inner.attributes.axes, ...outer.map((axis) => kept[axis]!)]);
}

/**
 * Σ s·y = s·Σ y over the axes along which s is constant. If the product has other readers, it pays only for a scalar s, where
 * nothing is lost should they need the product still.
 */
function factorOut(node: SumNode, product: Node, { readOnce }: RuleContext): Node | undefined {
  const { axes } = node.attributes;
  const all = product.shape.map((_, axis) => axis);
  for (const k of [0, 1]) {
    const factor = product.inputs[k]!;
    const { source, labels } = withoutRepetition(factor);
    const outside = axes.filter((axis) => !labels.includes(axis));
    if (outside.length === 0 || (labels.length > 0 && !readOnce(product))) continue;
    const rest = product.inputs[1 - k]!;
    const remaining = all.filter((axis) => !outside.includes(axis));
    const partial = binary("mul", sum(rest, outside), align(source, labels, remaining));
    return sum(
      partial,
      axes.filter((axis) => !outside.includes(axis)).map((axis) => remaining.indexOf(axis)),
    );
  }
  return undefined;
}

/** Σ y/s = (Σ y)/s if s is constant along all the summed axes. */
function divisorOut(node: SumNode, quotient: Node): Node | undefined {
  const { axes } = node.attributes;
  const { source, labels } = withoutRepetition(quotient.inputs[1]!);
  if (labels.some((axis) => axes.includes(axis))) return undefined;
  const kept = quotient.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return binary("div", sum(quotient.inputs[0]!, axes), align(source, labels, kept));
}

/**
 * Σ a·b as a `dot`, if both vary along all the summed axes and either one of them lacks an axis of the product (a matrix product),
 * or both are arrays in memory without rows (a dot product).
 */
function asContraction(node: SumNode, product: Node): Node | undefined {
  const { axes } = node.attributes;
  const all = product.shape.map((_, axis) => axis);
  const a = withoutRepetition(product.inputs[0]!);
  const b = withoutRepetition(product.inputs[1]!);
  if (axes.some((axis) => !a.labels.includes(axis) || !b.labels.includes(axis))) return undefined;
  const out = all.filter((axis) => !axes.includes(axis));
  if (out.some((axis) => !a.labels.includes(axis) && !b.labels.includes(axis))) return undefined;
  const lacking = a.labels.length < all.length || b.labels.length < all.length;
  const stored = !hasRows(product) && !isElementwise(product.inputs[0]!.op) && !isElementwise(product.inputs[1]!.op);
  return lacking || stored ? dotContraction(a.source, a.labels, b.source, b.labels, out) : undefined;
}

function rewriteDot(node: DotNode): Node | undefined {
  const { contract, batch } = node.attributes;
  for (const k of [0, 1] as const) {
    const operand = node.inputs[k]!;
    const again = (replaced: Node, pairs = { contract, batch }): Node => {
      const [a, b] = k === 0 ? [replaced, node.inputs[1]!] : [node.inputs[0]!, replaced];
      return dot(a, b, pairs.contract, pairs.batch);
    };
    if (operand.op === "neg") return unary("neg", again(operand.inputs[0]!));
    if (operand.op === "mul" && isSmaller(node, operand)) {
      for (const j of [0, 1]) {
        const { source, labels } = withoutRepetition(operand.inputs[j]!);
        if (labels.length === 0) return binary("mul", source, again(operand.inputs[1 - j]!));
      }
    }
    if (operand.op === "transpose") {
      const { permutation } = operand.attributes;
      const paired = [...contract, ...batch].map((pair) => pair[k]);
      const free = permutation.filter((_, axis) => !paired.includes(axis));
      if (!free.every((axis, i) => i === 0 || axis > free[i - 1]!)) continue;
      const remap = ([i, j]: readonly [number, number]): [number, number] => (k === 0 ? [permutation[i]!, j] : [i, permutation[j]!]);
      return again(operand.inputs[0]!, { contract: contract.map(remap), batch: batch.map(remap) });
    }
  }
  return undefined;
}

/** True if multiplying `result` by a scalar is less work than multiplying `operand` by it. */
function isSmaller(result: Node, operand: Node): boolean {
  if (hasRows(result) !== hasRows(operand)) return hasRows(operand);
  return elementCount(result.shape) <= elementCount(operand.shape);
}

/** The transpose of a·b is b·a with its operands exchanged, if it exchanges all axes of a with all axes of b. */
function rewriteTransposedDot(node: Node & { op: "transpose" }, { readOnce }: RuleContext): Node | undefined {
  const product = node.inputs[0]!;
  if (product.op !== "dot" || product.attributes.batch.length > 0 || !readOnce(product)) return undefined;
  const { permutation } = node.attributes;
  const [a, b] = product.inputs;
  const { contract } = product.attributes;
  const freeA = a!.shape.length - contract.length;
  const count = permutation.length;
  if (!permutation.every((axis, i) => axis === (i + freeA) % count)) return undefined;
  return dot(
    b!,
    a!,
    contract.map(([i, j]) => [j, i] as const),
  );
}
