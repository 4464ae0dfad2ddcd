/**
 * The same graph for many points side by side: a last axis is added along which each place, a lane, is a computation of its own.
 *
 * Where an input has lanes, so has all that depends on it; the rest stays single and is repeated where the two meet. The lanes lie next to
 * each other in memory, so that a vector of the machine holds neighboring lanes, whatever the graph: what was a sum over all
 * parameters is a loop of additions of vectors.
 *
 * Each lane is computed by the operations of the graph in the same order, except that sums of products (`dot`) become sums over products.
 */

import { invariant } from "../errors.js";
import {
  binary,
  broadcast,
  concat,
  constant,
  elementwise,
  gather,
  reduceMax,
  reshape,
  scatterAdd,
  slice,
  sum,
  ternary,
  transpose,
  unary,
} from "./build.js";
import { type Attributes, type Node, rewrite, type Shape } from "./graph.js";
import { isElementwise } from "./primitives.js";

/**
 * @param lanes - L ≥ 1.
 * @param wide - the inputs that have lanes, by name: an input of shape `[...s]` is to be read as one of shape `[...s, L]`.
 * @returns the outputs with the shape `[...s, L]`, also those that depend on no such input.
 */
export function inLanes(outputs: readonly Node[], lanes: number, wide: ReadonlyMap<string, Node>): Node[] {
  const image = new Map<Node, Node>();
  const hasLanes = new Set<Node>();
  /** A node as its readers see it if they have lanes: repeated if it has none. */
  const widened = (node: Node): Node => {
    const own = image.get(node)!;
    return hasLanes.has(node) ? own : broadcast(reshape(own, [...node.shape, 1]), [...node.shape, lanes]);
  };
  rewrite(outputs, (node) => {
    const given = node.op === "input" ? wide.get(node.attributes.name) : undefined;
    if (given !== undefined || node.inputs.some((input) => hasLanes.has(input))) {
      hasLanes.add(node);
      image.set(node, given ?? inEachLane(node, lanes, widened, (input) => hasLanes.has(input)));
    } else image.set(node, node);
    return node;
  });
  return outputs.map(widened);
}

/** A node that reads something with lanes. */
function inEachLane(node: Node, lanes: number, widened: (input: Node) => Node, hasLanes: (input: Node) => boolean): Node {
  const [first, second] = node.inputs;
  if (isElementwise(node.op)) return elementwise(node.op, node.inputs.map(widened));
  switch (node.op) {
    case "sum":
      return sum(widened(first!), node.attributes.axes);
    case "reduceMax":
      return reduceMax(widened(first!), node.attributes.axes);
    case "broadcast":
      return broadcast(widened(first!), [...node.shape, lanes]);
    case "reshape":
      return reshape(widened(first!), [...node.shape, lanes]);
    case "transpose":
      return transpose(widened(first!), [...node.attributes.permutation, first!.shape.length]);
    case "slice":
      return slice(widened(first!), node.attributes.axis, node.attributes.start, node.attributes.stop);
    case "concat":
      return concat(node.inputs.map(widened), node.attributes.axis);
    case "gather":
      return hasLanes(second!) ? gatherInLanes(widened(first!), widened(second!), first!.shape, lanes) : gather(widened(first!), second!);
    case "scatterAdd":
      return hasLanes(first!)
        ? scatterInLanes(widened(first!), widened(second!), node.attributes.size, lanes)
        : scatterAdd(first!, widened(second!), node.attributes.size);
    case "dot":
      return dotInLanes(node.attributes, [first!.shape, second!.shape], [widened(first!), widened(second!)], lanes);
  }
  return invariant(false, `${node.op} has no operand with lanes`) as never;
}

/**
 * The place `index` of lane l as the place index·L + l of all lanes: whole, clamped to 0 ≤ i < size, 0 for NaN, as `gather` reads an index.
 */
function placesInLanes(indices: Node, size: number, lanes: number): Node {
  const whole = unary("trunc", ternary("select", binary("equal", indices, indices), indices, constant(0)));
  const clamped = binary("min", binary("max", whole, constant(0)), constant(size - 1));
  return binary("add", binary("mul", clamped, constant(lanes)), constant(Float64Array.from({ length: lanes }, (_, l) => l)));
}

/** Table [k, ...rest, L] at indices [...any, L]: [...any, ...rest, L]. */
function gatherInLanes(table: Node, indices: Node, single: Shape, lanes: number): Node {
  const [size, ...rest] = single as readonly [number, ...number[]];
  const rows = reshape(lastAxisTo(table, 1), [size * lanes, ...rest]);
  return axisToLast(gather(rows, placesInLanes(indices, size, lanes)), indices.shape.length - 1);
}

/** Values [...any, ...rest, L] added at indices [...any, L]: [size, ...rest, L]. */
function scatterInLanes(indices: Node, values: Node, size: number, lanes: number): Node {
  const lead = indices.shape.length - 1;
  const added = scatterAdd(placesInLanes(indices, size, lanes), lastAxisTo(values, lead), size * lanes);
  return axisToLast(reshape(added, [size, lanes, ...values.shape.slice(lead, -1)]), 1);
}

/** Both operands laid out along [batch, free of a, free of b, contracted, L], multiplied and summed. */
function dotInLanes(
  { contract, batch }: Attributes["dot"],
  shapes: readonly [Shape, Shape],
  operands: readonly [Node, Node],
  lanes: number,
): Node {
  const axesOf = (side: 0 | 1): { paired: number[]; free: number[]; summed: number[] } => {
    const paired = batch.map((pair) => pair[side]);
    const summed = contract.map((pair) => pair[side]);
    return { paired, summed, free: shapes[side].map((_, axis) => axis).filter((axis) => !paired.includes(axis) && !summed.includes(axis)) };
  };
  const [a, b] = [axesOf(0), axesOf(1)];
  const lengths = (side: 0 | 1, axes: readonly number[]): number[] => axes.map((axis) => shapes[side][axis]!);
  const ones = (axes: readonly number[]): number[] => axes.map(() => 1);
  const laidOut = (side: 0 | 1): Node => {
    const { paired, free, summed } = side === 0 ? a : b;
    const ordered = transpose(operands[side], [...paired, ...free, ...summed, shapes[side].length]);
    const freeAxes = side === 0 ? [...lengths(0, free), ...ones(b.free)] : [...ones(a.free), ...lengths(1, free)];
    return reshape(ordered, [...lengths(side, paired), ...freeAxes, ...lengths(side, summed), lanes]);
  };
  const from = batch.length + a.free.length + b.free.length;
  return sum(
    binary("mul", laidOut(0), laidOut(1)),
    contract.map((_, i) => from + i),
  );
}

/** The last axis becomes axis `place`. */
function lastAxisTo(x: Node, place: number): Node {
  const last = x.shape.length - 1;
  const others = x.shape.map((_, axis) => axis).slice(0, -1);
  return transpose(x, [...others.slice(0, place), last, ...others.slice(place)]);
}

/** Axis `place` becomes the last one. */
function axisToLast(x: Node, place: number): Node {
  return transpose(x, [...x.shape.map((_, axis) => axis).filter((axis) => axis !== place), place]);
}
