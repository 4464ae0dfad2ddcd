/** Rewriting of primitives that rearrange or repeat elements: views of views, and views that undo one another. */

import { broadcast, concat, constant, element, reshape, slice, transpose, uniformValue } from "../build.js";
import { elementCount, type Node, ROWS, sameShape } from "../graph.js";

export function rewriteView(node: Node): Node | undefined {
  switch (node.op) {
    case "reshape":
      return rewriteReshape(node);
    case "transpose":
      return rewriteTranspose(node);
    case "broadcast":
      return rewriteBroadcast(node);
    case "slice":
      return rewriteSlice(node);
    case "concat":
      return rewriteConcat(node);
    case "gather":
      return rewriteGather(node);
    default:
      return undefined;
  }
}

function rewriteReshape({ inputs: [x], shape }: Node): Node | undefined {
  if (x!.op === "reshape") return reshape(x!.inputs[0]!, shape);
  if (x!.op === "broadcast" && elementCount(x!.inputs[0]!.shape) === 1 && x!.inputs[0]!.shape[0] !== ROWS) {
    return broadcast(reshape(x!.inputs[0]!, []), shape);
  }
  return undefined;
}

function rewriteTranspose(node: Node & { op: "transpose" }): Node | undefined {
  const x = node.inputs[0]!;
  const { permutation } = node.attributes;
  if (x.op === "transpose")
    return transpose(
      x.inputs[0]!,
      permutation.map((axis) => x.attributes.permutation[axis]!),
    );
  if (x.op === "broadcast" && x.inputs[0]!.shape.length === 0) return broadcast(x.inputs[0]!, node.shape);
  // Moving axes of length 1 moves no element.
  const long = permutation.filter((axis) => x.shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]!) ? reshape(x, node.shape) : undefined;
}

function rewriteBroadcast({ inputs: [x], shape }: Node): Node | undefined {
  if (x!.op === "broadcast") return broadcast(x!.inputs[0]!, shape);
  // Leading axes of length 1 are what broadcasting assumes anyway.
  let ones = 0;
  while (x!.shape[ones] === 1) ones++;
  return ones > 0 ? broadcast(reshape(x!, x!.shape.slice(ones)), shape) : undefined;
}

function rewriteSlice(node: Node & { op: "slice" }): Node | undefined {
  const x = node.inputs[0]!;
  const { axis, start, stop } = node.attributes;
  if (x.op === "slice" && x.attributes.axis === axis)
    return slice(x.inputs[0]!, axis, x.attributes.start + start, x.attributes.start + stop);
  if (x.op === "broadcast") {
    const source = x.inputs[0]!;
    const own = axis - (x.shape.length - source.shape.length);
    const repeated = own < 0 || source.shape[own] === 1;
    return broadcast(repeated ? source : slice(source, own, start, stop), node.shape);
  }
  if (x.op !== "concat" || x.attributes.axis !== axis || start === stop) return undefined;
  const ends = partEnds(x);
  const first = partAt(ends, start);
  const last = partAt(ends, stop - 1);
  const offset = first === 0 ? 0 : ends[first - 1]!;
  if (first === last) return slice(x.inputs[first]!, axis, start - offset, stop - offset);
  return start === offset && stop === ends[last] ? concat(x.inputs.slice(first, last + 1), axis) : undefined;
}

const knownEnds = new WeakMap<Node, number[]>();

/** Where each part of a concat ends along its axis; remembered, so that slicing it part by part is not quadratic. */
function partEnds(node: Node & { op: "concat" }): number[] {
  let ends = knownEnds.get(node);
  if (ends === undefined) {
    let end = 0;
    ends = node.inputs.map((part) => {
      end += part.shape[node.attributes.axis]!;
      return end;
    });
    knownEnds.set(node, ends);
  }
  return ends;
}

/** The part that holds element i. */
function partAt(ends: readonly number[], i: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > i) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Nested parts are inlined, empty ones dropped, neighboring slices of one node and equal literals joined. */
function rewriteConcat(node: Node & { op: "concat" }): Node | undefined {
  const { axis } = node.attributes;
  const parts: Node[] = [];
  let changed = false;
  for (const part of node.inputs) {
    if (part.shape[axis] === 0 && node.inputs.length > 1) {
      changed = true;
      continue;
    }
    const nested = part.op === "concat" && part.attributes.axis === axis;
    if (nested) changed = true;
    for (const piece of nested ? part.inputs : [part]) {
      const joined = parts.length === 0 ? undefined : join(parts[parts.length - 1]!, piece, axis);
      if (joined === undefined) {
        parts.push(piece);
      } else {
        parts[parts.length - 1] = joined;
        changed = true;
      }
    }
  }
  if (!changed) return undefined;
  return parts.length === 0 ? constant(0, node.shape) : concat(parts, axis);
}

function join(a: Node, b: Node, axis: number): Node | undefined {
  if (a.op === "slice" && b.op === "slice" && a.inputs[0] === b.inputs[0] && a.attributes.axis === axis && b.attributes.axis === axis) {
    return a.attributes.stop === b.attributes.start ? slice(a.inputs[0]!, axis, a.attributes.start, b.attributes.stop) : undefined;
  }
  const value = uniformValue(a);
  if (value === undefined || !Object.is(value, uniformValue(b))) return undefined;
  return constant(
    value,
    a.shape.map((length, i) => (i === axis ? length + b.shape[i]! : length)),
  );
}

/** A literal index is an element. */
function rewriteGather({ inputs: [table, indices], shape }: Node): Node | undefined {
  const index = uniformValue(indices!);
  if (index === undefined || Number.isNaN(index) || table!.shape[0] === 0) return undefined;
  const row = element(table!, Math.min(Math.max(Math.trunc(index), 0), table!.shape[0]! - 1));
  return sameShape(row.shape, shape) ? row : indices!.shape.length === 0 ? row : broadcast(row, shape);
}
