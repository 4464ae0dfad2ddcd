/**
 * A graph brought to the few forms the compiler lowers: every reduction is over the rows alone, over axes of one row, or over one
 * axis of an array without rows. The order of additions stays that of `numeric/sum.ts`.
 */

import { broadcast, constant, dot, reduceMax, reshape, sum, transpose } from "../../graph/build.js";
import { elementCount, hasRows, makeNode, type Node, ROWS, rewrite, type Shape } from "../../graph/graph.js";
import { isElementwise } from "../../graph/primitives.js";

/** The image of every node behind `outputs`. */
export function canonicalize(outputs: readonly Node[]): Map<Node, Node> {
  const uses = countUses(outputs);
  const usesOfImage = new Map<Node, number>();
  return rewrite(outputs, (node, inputs) => {
    const image = canonical(node, inputs, usesOfImage);
    usesOfImage.set(image, (usesOfImage.get(image) ?? 0) + (uses.get(node) ?? 0));
    return image;
  });
}

/** How many nodes read each node. */
export function countUses(outputs: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  const seen = new Set<Node>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const input of node.inputs) {
      uses.set(input, (uses.get(input) ?? 0) + 1);
      stack.push(input);
    }
  }
  return uses;
}

function canonical(node: Node, inputs: readonly Node[], uses: ReadonlyMap<Node, number>): Node {
  const [a, b] = inputs;
  switch (node.op) {
    case "stopGradient":
      return a!;
    case "sum":
      if (elementCount(a!.shape) === 0) return constant(0, node.shape);
      return hasRows(a!) ? splitRows(sum, a!, node.attributes.axes) : sumOneAxis(a!, node.attributes.axes, node.shape, uses);
    case "reduceMax":
      return hasRows(a!) ? splitRows(reduceMax, a!, node.attributes.axes) : reduceMax(a!, node.attributes.axes);
    case "dot":
      if (elementCount(a!.shape) * elementCount(b!.shape) === 0) return constant(0, node.shape);
      return dotOverRows(a!, b!, node.attributes.contract, node.attributes.batch);
    case "reshape":
      return pushReshape(a!, node.shape, uses);
    default:
      return node.inputs.every((input, i) => input === inputs[i]) ? node : makeNode(node.op, inputs, node.shape, node.attributes as never);
  }
}

/** First over the axes of each row, then over the rows. */
function splitRows(reduce: (x: Node, axes: readonly number[]) => Node, x: Node, axes: readonly number[]): Node {
  const inner = axes.filter((axis) => axis !== 0);
  if (axes.length === inner.length || inner.length === 0) return reduce(x, axes);
  return reduce(reduce(x, inner), [0]);
}

/** A sum over several axes as a sum over one of their product's length, row-major. */
function sumOneAxis(x: Node, axes: readonly number[], shape: Shape, uses: ReadonlyMap<Node, number>): Node {
  const long = axes.filter((axis) => x.shape[axis] !== 1);
  if (long.length <= 1) return sum(x, axes);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const length = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const ordered = transpose(x, [...kept, ...axes]);
  return sum(pushReshape(ordered, [...shape, length], uses), [shape.length]);
}

/** Rows and other axes are contracted in two steps: products of one row, then the rows. */
function dotOverRows(
  a: Node,
  b: Node,
  contract: readonly (readonly [number, number])[],
  batch: readonly (readonly [number, number])[],
): Node {
  const rows = contract.find(([i]) => a.shape[i] === ROWS);
  const rest = contract.filter((pair) => pair !== rows);
  if (rows === undefined || rest.length === 0) return dot(a, b, contract, batch);
  return sum(dot(a, b, rest, [rows, ...batch]), [0]);
}

/**
 * reshape(f(a, b)) = f(reshape(a), reshape(b)): the arithmetic joins the loop that reads the reshaped array. Not done where the array
 * in its old shape is needed anyway, and not for axes of length 1 only, which are free.
 */
function pushReshape(x: Node, shape: Shape, uses: ReadonlyMap<Node, number>, depth = 0): Node {
  const long = (s: Shape): string => s.filter((d) => d !== 1).join();
  const pushed = isElementwise(x.op) && depth < 32 && (uses.get(x) ?? 0) <= 1 && long(x.shape) !== long(shape);
  if (!pushed) return reshape(x, shape);
  const operands = x.inputs.map((input) => pushReshape(broadcast(input, x.shape), shape, uses, depth + 1));
  return makeNode(x.op, operands, shape, {} as never);
}
