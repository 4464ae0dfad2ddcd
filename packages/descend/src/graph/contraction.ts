/**
 * Products summed over labeled axes: Einstein's convention, on top of `dot`.
 *
 * The primitive `dot` fixes the order of the axes of its result and allows the row axis in front only. Here the
 * axes are named, and the arrangement (order of operands, transposes, or as a last resort a broadcast product and
 * a sum) is chosen so that the result comes out in the wanted order.
 */

import { invariant } from "../errors.js";
import { binary, broadcast, constant, dot, reshape, sum, transpose, uniformValue } from "./build.js";
import { type Node, ROWS, type Shape } from "./graph.js";

/** Labels of the axes of a node: equal labels in two operands are walked together. */
export type Labels = readonly number[];

/**
 * Σ a·b over every label that is not in `out`; the result has one axis per label of `out`, in that order.
 *
 * Each label of `out` occurs in a or b; a label that is summed occurs in both; no label occurs twice in one list.
 * The row axis, if the result has it, must be the first of `out`.
 */
export function contraction(a: Node, aLabels: Labels, b: Node, bLabels: Labels, out: Labels): Node {
  return dotContraction(a, aLabels, b, bLabels, out) ?? spread(a, aLabels, b, bLabels, out);
}

/** {@link contraction} by one `dot`, transposed if need be; undefined where rows are summed or free beside batch axes. */
export function dotContraction(a: Node, aLabels: Labels, b: Node, bLabels: Labels, out: Labels): Node | undefined {
  invariant(aLabels.length === a.shape.length && bLabels.length === b.shape.length, "contraction: one label per axis");
  const forward = arrange(a, aLabels, b, bLabels, out);
  if (forward !== undefined && forward.op !== "transpose") return forward;
  const backward = arrange(b, bLabels, a, aLabels, out);
  if (backward !== undefined && backward.op !== "transpose") return backward;
  return forward ?? backward;
}

/** dot(a, b) and a transpose to the order of `out`; undefined if the row axis would not be in front of the dot. */
function arrange(a: Node, aLabels: Labels, b: Node, bLabels: Labels, out: Labels): Node | undefined {
  const shared = aLabels.filter((label) => bLabels.includes(label));
  const contract = shared.filter((label) => !out.includes(label));
  const batch = out.filter((label) => shared.includes(label));
  const freeA = aLabels.filter((label) => out.includes(label) && !batch.includes(label));
  const freeB = bLabels.filter((label) => out.includes(label) && !batch.includes(label));
  const labels = [...batch, ...freeA, ...freeB];
  const isRows = (label: number): boolean => a.shape[aLabels.indexOf(label)] === ROWS || b.shape[bLabels.indexOf(label)] === ROWS;
  if (labels.slice(1).some(isRows)) return undefined;
  const pair = (label: number): readonly [number, number] => [aLabels.indexOf(label), bLabels.indexOf(label)];
  return transpose(
    dot(a, b, contract.map(pair), batch.map(pair)),
    out.map((label) => labels.indexOf(label)),
  );
}

/** The same by a broadcast product and a sum, for what `dot` cannot express: rows summed or free beside batch axes. */
function spread(a: Node, aLabels: Labels, b: Node, bLabels: Labels, out: Labels): Node {
  const contract = aLabels.filter((label) => bLabels.includes(label) && !out.includes(label));
  const isRows = (label: number): boolean => a.shape[aLabels.indexOf(label)] === ROWS || b.shape[bLabels.indexOf(label)] === ROWS;
  const all = [...out, ...contract].sort((p, q) => Number(isRows(q)) - Number(isRows(p)));
  const product = binary("mul", align(a, aLabels, all), align(b, bLabels, all));
  const axes = contract.map((label) => all.indexOf(label)).sort((p, q) => p - q);
  const kept = all.filter((label) => !contract.includes(label));
  return transpose(
    sum(product, axes),
    out.map((label) => kept.indexOf(label)),
  );
}

/**
 * What `x` repeats, and along which of its axes it varies: a broadcast without its repetition, a uniform constant as a scalar, any
 * other node as it is. `labels` are axes of x, ascending, one per axis of `source`.
 */
export function withoutRepetition(x: Node): { source: Node; labels: number[] } {
  const known = uniformValue(x);
  if (known !== undefined) return { source: constant(known), labels: [] };
  if (x.op !== "broadcast") return { source: x, labels: x.shape.map((_, axis) => axis) };
  const source = x.inputs[0]!;
  const extra = x.shape.length - source.shape.length;
  const labels = x.shape.map((_, axis) => axis).filter((axis) => axis >= extra && source.shape[axis - extra] === x.shape[axis]);
  return {
    source: reshape(
      source,
      labels.map((axis) => x.shape[axis]!),
    ),
    labels,
  };
}

/** `x` with its axes in the order of `all` and length 1 where it lacks a label (leading ones left to broadcasting). */
export function align(x: Node, labels: Labels, all: Labels): Node {
  const present = all.filter((label) => labels.includes(label));
  const ordered = transpose(
    x,
    present.map((label) => labels.indexOf(label)),
  );
  const shape = all.map((label) => (labels.includes(label) ? x.shape[labels.indexOf(label)]! : 1));
  while (shape[0] === 1 && shape.length > present.length) shape.shift();
  return reshape(ordered, shape);
}

/** `x`, which lacks the ascending `axes` of `shape`, repeated along them: the adjoint of a sum over `axes`. */
export function broadcastAlong(x: Node, axes: readonly number[], shape: Shape): Node {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  let leading = 0;
  while (axes[leading] === leading) leading++;
  return broadcast(reshape(x, kept.slice(leading)), shape);
}

/** Sum over the axes along which `shape` was repeated to give `x`: the adjoint of a broadcast from `shape`. */
export function sumToShape(x: Node, shape: Shape): Node {
  const extra = x.shape.length - shape.length;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis < extra || (shape[axis - extra] === 1 && x.shape[axis] !== 1));
  return reshape(sum(x, axes), shape);
}
