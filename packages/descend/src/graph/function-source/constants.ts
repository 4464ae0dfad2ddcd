/** Operations on constants that are calculated while the function is read. */

import { broadcastShapes, constant, reshape, slice } from "../build.js";
import { elementCount, type Node, ROWS, type Shape } from "../graph.js";
import { CannotVectorize } from "./session.js";

/** Most elements a constant may have that is calculated while reading. */
const FOLD_LIMIT = 4_000_000;

/** `reshape` that also folds dense constants. */
export function reshapeKnown(node: Node, shape: Shape): Node {
  if (node.op === "constant" && typeof node.attributes.value !== "number" && !shape.includes(ROWS)) {
    return node.shape.length === shape.length && node.shape.every((d, i) => d === shape[i]) ? node : constant(node.attributes.value, shape);
  }
  return reshape(node, shape);
}

/** `slice` that also folds dense constants. */
export function sliceKnown(node: Node, axis: number, start: number, stop: number): Node {
  if (node.op !== "constant" || typeof node.attributes.value === "number") return slice(node, axis, start, stop);
  const { value } = node.attributes;
  const length = node.shape[axis]!;
  if (start === 0 && stop === length) return node;
  const inner = elementCount(node.shape.slice(axis + 1));
  const outer = elementCount(node.shape.slice(0, axis));
  const out = new Float64Array(outer * (stop - start) * inner);
  for (let i = 0; i < outer; i++) {
    out.set(value.subarray((i * length + start) * inner, (i * length + stop) * inner), i * (stop - start) * inner);
  }
  return constant(
    out,
    node.shape.map((d, i) => (i === axis ? stop - start : d)),
  );
}

/** `gather` of a constant table at known places. */
export function gatherKnown(table: Node, places: Float64Array, lengths: readonly number[]): Node {
  const { value } = table.attributes as { value: number | Float64Array };
  const inner = table.shape.slice(1);
  const width = elementCount(inner);
  if (typeof value === "number") return constant(value, [...lengths, ...inner]);
  const out = new Float64Array(places.length * width);
  for (const [i, place] of places.entries()) out.set(value.subarray(place * width, (place + 1) * width), i * width);
  return constant(out, [...lengths, ...inner]);
}

/** An elementwise function of constants with broadcasting. */
export function foldDense(nodes: readonly Node[], known: (a: number, b: number, c: number) => number): Node {
  const shape = broadcastShapes(
    "constant",
    nodes.map((node) => node.shape),
  );
  const count = elementCount(shape);
  if (count > FOLD_LIMIT) throw new CannotVectorize("its table of known values would be too long");
  const readers = nodes.map((node) => denseReader(node, shape));
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = known(readers[0]!(i), readers[1]?.(i) ?? 0, readers[2]?.(i) ?? 0);
  return constant(values, shape);
}

/** The element of a constant at place i (row-major) of a shape it is broadcast to. */
function denseReader(node: Node, shape: Shape): (i: number) => number {
  const { value } = node.attributes as { value: number | Float64Array };
  if (typeof value === "number") return () => value;
  if (value.length === elementCount(shape)) return (i) => value[i]!;
  const missing = shape.length - node.shape.length;
  return (i) => {
    let place = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= missing; axis--) {
      const own = node.shape[axis - missing]!;
      if (own !== 1) place += (i % shape[axis]!) * step;
      step *= own;
      i = Math.floor(i / shape[axis]!);
    }
    return value[place]!;
  };
}
