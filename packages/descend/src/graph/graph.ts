/**
 * The language of Descend: a graph of primitives over dense arrays.
 *
 * A node is immutable and refers to the nodes it reads; a computation is the set of nodes reachable from its
 * outputs. A node has a shape but no number format: the same graph runs in float64 or float32, which is chosen
 * when it is compiled or interpreted.
 *
 * Shapes are static but for one symbolic axis, the rows of a table. Where it occurs it is axis 0 and its length
 * is written {@link ROWS}. Summing over it is what makes an objective row-separable.
 */

import { invariant } from "../errors.js";

/** The length of the symbolic row axis in a shape. Only axis 0 may have it. */
export const ROWS = -1;

/** Lengths of the axes, row-major; `[]` is a scalar; a leading {@link ROWS} is the row axis. */
export type Shape = readonly number[];

/** Elementwise primitives by number of operands. Comparisons give 1 or 0; any nonzero number counts as true. */
// biome-ignore format: a table reads better in groups
export type UnaryOp =
  | "neg" | "abs" | "sign" | "floor" | "ceil" | "trunc" | "sqrt"
  | "exp" | "expm1" | "log" | "log1p"
  | "sin" | "cos" | "tan" | "asin" | "acos" | "atan"
  | "sinh" | "cosh" | "tanh" | "sigmoid" | "softplus"
  | "erf" | "lgamma" | "digamma" | "stopGradient";
export type BinaryOp = "add" | "sub" | "mul" | "div" | "pow" | "atan2" | "min" | "max" | "less" | "lessEqual" | "equal";
export type TernaryOp = "select" | "random";
export type ElementwiseOp = UnaryOp | BinaryOp | TernaryOp;

/** What a primitive needs to know beyond its operands. */
export interface Attributes {
  /** Literal values: one number for every element, or all elements row-major. No row axis when dense. */
  constant: { readonly value: number | Float64Array };
  /** A named cell of memory: parameters, optimizer state, a column of the table. */
  input: { readonly name: string };
  /** Number of rows in the batch being evaluated, a scalar. */
  rowCount: Record<never, never>;
  /** Index in the table of each row of the batch, shape [ROWS]. */
  rowIndex: Record<never, never>;
  /** Sum over `axes` (ascending), which disappear from the shape. */
  sum: { readonly axes: readonly number[] };
  /** Largest element over `axes` (ascending), which disappear. NaN if any element is NaN. */
  reduceMax: { readonly axes: readonly number[] };
  /** NumPy rules: operand axes are matched from the right, axes of length 1 are repeated. */
  broadcast: Record<never, never>;
  /** Same elements row-major in another shape; the row axis, if any, stays in front. */
  reshape: Record<never, never>;
  /** Axis i of the result is axis permutation[i] of the operand; the row axis stays in front. */
  transpose: { readonly permutation: readonly number[] };
  /** Elements start ≤ i < stop along `axis` (not the row axis). */
  slice: { readonly axis: number; readonly start: number; readonly stop: number };
  /** Operands one after the other along `axis` (not the row axis). */
  concat: { readonly axis: number };
  /**
   * gather(table [k, ...rest], indices [...any]) has shape [...any, ...rest]; an index is truncated
   * to a whole number and clamped to 0 ≤ i < k.
   */
  gather: Record<never, never>;
  /**
   * scatterAdd(indices [...any], values [...any, ...rest]) has shape [size, ...rest]: values are added
   * where indices (truncated and clamped) point.
   */
  scatterAdd: { readonly size: number };
  /**
   * Products summed over paired axes. Result axes: batch axes (in the order given), then the other axes of a, then
   * the other axes of b. `contract` and `batch` hold pairs [axis of a, axis of b].
   */
  dot: { readonly contract: readonly (readonly [number, number])[]; readonly batch: readonly (readonly [number, number])[] };
}

/** Attributes of an elementwise primitive: none. */
export type NoAttributes = Record<never, never>;

type StructuralOp = keyof Attributes;
export type Op = ElementwiseOp | StructuralOp;

interface NodeOf<O extends Op, A> {
  /** Increases with creation, so operands always have a smaller id than the nodes that read them. */
  readonly id: number;
  readonly op: O;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly attributes: A;
}

/** One application of a primitive. `op` discriminates, so `attributes` is typed inside a `switch`. */
export type Node =
  | { [O in StructuralOp]: NodeOf<O, Attributes[O]> }[StructuralOp]
  | { [O in ElementwiseOp]: NodeOf<O, NoAttributes> }[ElementwiseOp];

let nextId = 0;

/** Makes a node without checks; use the functions of `build.ts`, which check shapes and fold constants. */
export function makeNode<O extends Op>(
  op: O,
  inputs: readonly Node[],
  shape: Shape,
  attributes: O extends StructuralOp ? Attributes[O] : NoAttributes,
): Node {
  return { id: nextId++, op, inputs, shape, attributes } as unknown as Node;
}

/** True if the node has the row axis. */
export function hasRows(node: Node): boolean {
  return node.shape[0] === ROWS;
}

/** Number of elements of a shape, of one row if it has the row axis. */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const length of shape) if (length !== ROWS) count *= length;
  return count;
}

/** `[rows, 3]`, `[2, 2]`, `scalar`. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? "scalar" : `[${shape.map((d) => (d === ROWS ? "rows" : d)).join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** All nodes that `outputs` depend on, operands before the nodes that read them. */
export function topologicalOrder(outputs: Iterable<Node>): Node[] {
  const seen = new Set<Node>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const input of node.inputs) stack.push(input);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/**
 * A copy of the nodes behind `outputs` with some replaced: `replace` gets each node with its operands already
 * replaced and gives the node to use instead. Returns the image of every node visited.
 */
export function rewrite(outputs: Iterable<Node>, replace: (node: Node, inputs: readonly Node[]) => Node): Map<Node, Node> {
  const image = new Map<Node, Node>();
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map((input) => image.get(input)!);
    image.set(node, replace(node, inputs));
  }
  return image;
}

/** Throws an InternalError if the graph breaks a rule of the language; for tests and after passes. */
export function validate(outputs: Iterable<Node>): void {
  for (const node of topologicalOrder(outputs)) {
    for (const input of node.inputs) invariant(input.id < node.id, `node ${node.id} (${node.op}) reads a later node`);
    node.shape.forEach((d, axis) => {
      invariant(
        Number.isInteger(d) && (d >= 0 || (d === ROWS && axis === 0)),
        `node ${node.id} (${node.op}) has shape ${formatShape(node.shape)}`,
      );
    });
  }
}

/** The nodes behind `outputs` with the inputs named in `cells` replaced by other nodes of the same shape. */
export function substitute(outputs: readonly Node[], cells: ReadonlyMap<string, Node>): Node[] {
  const image = rewrite(outputs, (node, inputs) => {
    if (node.op === "input") return cells.get(node.attributes.name) ?? node;
    if (inputs.every((input, i) => input === node.inputs[i])) return node;
    return makeNode(node.op, inputs, node.shape, node.attributes as never);
  });
  return outputs.map((output) => image.get(output)!);
}
