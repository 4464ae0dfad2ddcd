/**
 * Where arrays lie in memory: a base, an offset, and a stride for each axis, so that slices, transposes, broadcasts and most
 * reshapes cost nothing.
 *
 * Rows go in blocks of {@link BLOCK_BYTES}: a cache line holds one scalar of the rows of a block, so vectors hold neighboring rows. In the
 * table the lines of all columns of a block follow each other, then comes the next block: a sweep reads memory in order. In the arena the
 * blocks of one array element follow each other.
 */

import { ROWS, type Shape } from "../../graph/graph.js";

/** Bytes of a number of the rows of a block: 8 rows in float64, 16 in float32. */
export const BLOCK_BYTES = 64;

let nextBase = 0;

/** Memory at an address that is fixed when the layout is made, before code is written. */
export interface Region {
  readonly kind: "region";
  readonly id: number;
  bytes: number;
  address: number;
}

/** Memory at an address that is known only while the program runs: in a local of the function that uses it. */
export interface Pointer {
  readonly kind: "pointer";
  readonly id: number;
  readonly name: string;
}

export type Base = Region | Pointer;

export function region(bytes: number): Region {
  return { kind: "region", id: nextBase++, bytes, address: -1 };
}

export function pointer(name: string): Pointer {
  return { kind: "pointer", id: nextBase++, name };
}

/** An array in memory; offset and strides in bytes. */
export interface View {
  readonly base: Base;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
  /** From a block of rows to the next, if there is a row axis (whose own stride holds inside of a block). */
  readonly blockStride: number;
}

/** Row-major without rows, or in the arena: `columnRows` numbers for each element of a row. */
export function contiguous(base: Base, offset: number, shape: Shape, bytes: number, columnRows: number): View {
  return arranged(base, offset, shape, bytes, columnRows * bytes, BLOCK_BYTES);
}

/** Columns of the table, of which a block takes `blockBytes` in all. */
export function tableColumns(base: Base, offset: number, shape: Shape, bytes: number, blockBytes: number): View {
  return arranged(base, offset, shape, bytes, BLOCK_BYTES, blockBytes);
}

function arranged(base: Base, offset: number, shape: Shape, bytes: number, columnBytes: number, blockStride: number): View {
  const rows = shape[0] === ROWS;
  const strides = new Array<number>(shape.length);
  let stride = rows ? columnBytes : bytes;
  for (let axis = shape.length - 1; axis >= (rows ? 1 : 0); axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  if (rows) strides[0] = bytes;
  return { base, offset, shape, strides, blockStride: rows ? blockStride : 0 };
}

export function sliced(view: View, axis: number, start: number, stop: number): View {
  return {
    ...view,
    offset: view.offset + start * view.strides[axis]!,
    shape: view.shape.map((d, i) => (i === axis ? stop - start : d)),
  };
}

export function transposed(view: View, permutation: readonly number[]): View {
  return { ...view, shape: permutation.map((axis) => view.shape[axis]!), strides: permutation.map((axis) => view.strides[axis]!) };
}

/** Undefined where an array without rows would get rows: that is no matter of strides. */
export function broadcasted(view: View, shape: Shape): View {
  const extra = shape.length - view.shape.length;
  return { ...view, shape, strides: shape.map((_, i) => (i < extra || view.shape[i - extra] === 1 ? 0 : view.strides[i - extra]!)) };
}

/** The same elements in another shape, or undefined if they would have to be moved. */
export function reshaped(view: View, shape: Shape): View | undefined {
  const rows = shape[0] === ROWS ? 1 : 0;
  const oldAxes = view.shape
    .map((_, i) => i)
    .slice(rows)
    .filter((i) => view.shape[i] !== 1);
  const newAxes = shape
    .map((_, i) => i)
    .slice(rows)
    .filter((i) => shape[i] !== 1);
  const strides = shape.map(() => 0);
  if (rows === 1) strides[0] = view.strides[0]!;
  let [i, j] = [0, 0];
  while (i < oldAxes.length && j < newAxes.length) {
    // The smallest groups of old and new axes with the same number of elements.
    const [oldStart, newStart] = [i, j];
    let oldCount = view.shape[oldAxes[i++]!]!;
    let newCount = shape[newAxes[j++]!]!;
    while (oldCount !== newCount) {
      if (oldCount < newCount) oldCount *= view.shape[oldAxes[i++]!] ?? 0;
      else newCount *= shape[newAxes[j++]!] ?? 0;
      if (oldCount === 0 || newCount === 0) return undefined;
    }
    for (let k = oldStart; k + 1 < i; k++) {
      const [outer, inner] = [oldAxes[k]!, oldAxes[k + 1]!];
      if (view.strides[outer] !== view.shape[inner]! * view.strides[inner]!) return undefined;
    }
    let stride = view.strides[oldAxes[i - 1]!]!;
    for (let k = j - 1; k >= newStart; k--) {
      strides[newAxes[k]!] = stride;
      stride *= shape[newAxes[k]!]!;
    }
  }
  return i === oldAxes.length && j === newAxes.length ? { ...view, shape, strides } : undefined;
}
