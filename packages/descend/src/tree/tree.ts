/**
 * Nested parameters ↔ one flat vector.
 *
 * What a user optimizes may be a number, an array, a typed array, nested numeric arrays, or records and lists of
 * these. Inside there is one vector of length n; a layout remembers how to get back, and how to name an entry the
 * way the user would write it (`layers[1].bias[3]`).
 */

import { DataError } from "../errors.js";

/** A vector-like leaf as the user writes it. */
export type NumericArray = readonly number[] | Float64Array | Float32Array;

/** Anything that can be optimized. */
export type Params = number | NumericArray | readonly Params[] | { readonly [key: string]: Params };

/** One block of numbers in the tree: `shape` [] for a number, [k] for an array, [a, b] for nested arrays of equal length. */
export interface Leaf {
  /** As the user would write it after the name of the parameters: `.w`, `[2]`, or nothing for a bare leaf. */
  readonly path: string;
  /** First index in the flat vector. */
  readonly offset: number;
  readonly shape: readonly number[];
}

type Container = "number" | "array" | "float64" | "float32";

type Structure =
  | { readonly kind: "leaf"; readonly leaf: Leaf; readonly container: Container }
  | { readonly kind: "list"; readonly items: readonly Structure[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Structure])[] };

/** How a tree is laid out in a flat vector of `size` numbers. */
export interface Layout {
  readonly size: number;
  readonly leaves: readonly Leaf[];
  readonly structure: Structure;
}

/**
 * Reads a tree into a layout and its values.
 *
 * @throws DataError PARAMS_EMPTY if it holds no number, PARAMS_NOT_NUMERIC at a leaf that is not a number, PARAMS_NOT_FINITE at NaN or ±∞.
 */
export function flatten(tree: Params, where = "start"): { layout: Layout; values: Float64Array } {
  const values: number[] = [];
  const leaves: Leaf[] = [];

  const addLeaf = (path: string, shape: readonly number[], numbers: ArrayLike<number>, container: Container): Structure => {
    const leaf: Leaf = { path, offset: values.length, shape };
    leaves.push(leaf);
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      if (!Number.isFinite(value)) throw notFinite(where + path + indexPath(shape, i), value);
      values.push(value);
    }
    return { kind: "leaf", leaf, container };
  };

  const within = new Set<unknown>();
  const visit = (node: unknown, path: string): Structure => {
    if (within.has(node)) throw notNumeric(where + path, "one of the objects that hold it");
    within.add(node);
    const structure = visitOnce(node, path);
    within.delete(node);
    return structure;
  };
  const visitOnce = (node: unknown, path: string): Structure => {
    if (typeof node === "number") return addLeaf(path, [], [node], "number");
    if (node instanceof Float64Array) return addLeaf(path, [node.length], node, "float64");
    if (node instanceof Float32Array) return addLeaf(path, [node.length], node, "float32");
    if (Array.isArray(node)) {
      const shape = rectangularShape(node);
      if (shape !== undefined) return addLeaf(path, shape, node.flat(shape.length - 1) as number[], "array");
      return { kind: "list", items: Array.from(node, (item, i) => visit(item, `${path}[${i}]`)) };
    }
    if (isRecord(node)) {
      return { kind: "record", entries: Object.entries(node).map(([key, child]) => [key, visit(child, path + keyPath(key))] as const) };
    }
    throw notNumeric(where + path, node);
  };

  const structure = visit(tree, "");
  if (values.length === 0) {
    throw new DataError("PARAMS_EMPTY", `${where}: expected at least one number to optimize, got none.`, { where });
  }
  return { layout: { size: values.length, leaves, structure }, values: Float64Array.from(values) };
}

/** The tree of a layout with each leaf replaced by `map(leaf)`; records and lists are kept. */
export function mapLeaves<T>(layout: Layout, map: (leaf: Leaf) => T): unknown {
  const visit = (structure: Structure): unknown => {
    switch (structure.kind) {
      case "leaf":
        return map(structure.leaf);
      case "list":
        return structure.items.map(visit);
      case "record":
        return Object.fromEntries(structure.entries.map(([key, child]) => [key, visit(child)]));
    }
  };
  return visit(layout.structure);
}

/** The tree that holds `values`, in the containers the layout was read from. */
export function unflatten(layout: Layout, values: ArrayLike<number>): unknown {
  const visit = (structure: Structure): unknown => {
    switch (structure.kind) {
      case "leaf":
        return restore(structure.leaf, structure.container, values);
      case "list":
        return structure.items.map(visit);
      case "record":
        return Object.fromEntries(structure.entries.map(([key, child]) => [key, visit(child)]));
    }
  };
  return visit(layout.structure);
}

/**
 * Values of a tree that must have the layout already known.
 *
 * @throws DataError PARAMS_NOT_NUMERIC where the shapes part.
 */
export function flattenLike(layout: Layout, tree: Params, where = "params"): Float64Array {
  const { layout: got, values } = flatten(tree, where);
  layout.leaves.forEach((leaf, i) => {
    const other = got.leaves[i];
    if (other === undefined || other.path !== leaf.path || other.shape.join() !== leaf.shape.join()) {
      throw notNumeric(where + leaf.path, other === undefined ? undefined : `another shape at ${other.path || "the top"}`);
    }
  });
  if (got.leaves.length > layout.leaves.length) throw notNumeric(where + got.leaves[layout.leaves.length]!.path, "an extra entry");
  return values;
}

/** How the user would write entry `index` of the flat vector: `.w[3]`, `[0]`, or nothing for a single number. */
export function pathOf(layout: Layout, index: number): string {
  const leaf = layout.leaves.findLast((candidate) => candidate.offset <= index)!;
  return leaf.path + indexPath(leaf.shape, index - leaf.offset);
}

function restore(leaf: Leaf, container: Container, values: ArrayLike<number>): unknown {
  const { offset, shape } = leaf;
  if (container === "number") return values[offset]!;
  if (container === "float64") return Float64Array.from({ length: shape[0]! }, (_, i) => values[offset + i]!);
  if (container === "float32") return Float32Array.from({ length: shape[0]! }, (_, i) => values[offset + i]!);
  const nest = (axis: number, start: number): unknown => {
    if (axis === shape.length) return values[start]!;
    const stride = shape.slice(axis + 1).reduce((product, d) => product * d, 1);
    return Array.from({ length: shape[axis]! }, (_, i) => nest(axis + 1, start + i * stride));
  };
  return nest(0, offset);
}

/** Shape of an array of numbers, or of equally long arrays of such; undefined if it is neither (or holds no number). */
export function rectangularShape(array: readonly unknown[]): number[] | undefined {
  if (array.length === 0) return undefined;
  // Holes are passed over by every, but found by includes.
  if (!array.includes(undefined) && array.every((item) => typeof item === "number")) return [array.length];
  if (!array.every((item): item is readonly unknown[] => Array.isArray(item))) return undefined;
  const shapes = array.map(rectangularShape);
  const first = shapes[0];
  if (first === undefined || shapes.some((shape) => shape?.join() !== first.join())) return undefined;
  return [array.length, ...first];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function keyPath(key: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function indexPath(shape: readonly number[], index: number): string {
  let path = "";
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    path = `[${rest % shape[axis]!}]${path}`;
    rest = Math.floor(rest / shape[axis]!);
  }
  return path;
}

function notNumeric(path: string, got: unknown): DataError {
  const type = (value: object): string => (Array.isArray(value) ? "an array" : (value.constructor?.name ?? "object"));
  const text = typeof got === "string" ? got : got === null ? "null" : typeof got === "object" ? type(got) : typeof got;
  return new DataError("PARAMS_NOT_NUMERIC", `${path}: expected a number or an array of numbers, got ${text}.`, { path, got: text });
}

function notFinite(path: string, got: number): DataError {
  return new DataError("PARAMS_NOT_FINITE", `${path}: expected a finite number, got ${got}.`, { path, got });
}
