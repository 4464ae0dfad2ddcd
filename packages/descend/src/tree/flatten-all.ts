/** Many trees of one layout as the rows of one matrix. */

import { flattenLike, type Layout, type Params } from "./tree.js";

/**
 * Values of trees that must have the layout already known, one after the other.
 *
 * @returns `[trees, size] row-major`.
 * @throws DataError, as {@link flattenLike}.
 *
 * Cost: a few tens of nanoseconds a number where trees have plain numbers in plain places; those in
 * other containers are flattened one by one.
 */
export function flattenAll(layout: Layout, trees: readonly unknown[], where: string): Float64Array {
  const { size, structure } = layout;
  const all = new Float64Array(trees.length * size);
  const names = namesOfNumbers(structure);
  for (let i = 0; i < trees.length; i++) {
    const row = i * size;
    const isCopied = names === undefined ? copyNumbers(structure, trees[i], all, row) : copyRecord(names, trees[i], all, row);
    if (!isCopied) all.set(flattenLike(layout, trees[i] as Params, where), row);
  }
  return all;
}

/** The names of a record of numbers alone. */
function namesOfNumbers(structure: Layout["structure"]): readonly string[] | undefined {
  if (structure.kind !== "record") return undefined;
  const areNumbers = structure.entries.every(([, inner]) => inner.kind === "leaf" && inner.leaf.shape.length === 0);
  return areNumbers ? structure.entries.map(([name]) => name) : undefined;
}

/** A record of numbers alone; as {@link copyNumbers}. */
function copyRecord(names: readonly string[], node: unknown, all: Float64Array, row: number): boolean {
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return false;
  let k = 0;
  for (const name in node) {
    const value = (node as Record<string, unknown>)[name];
    if (name !== names[k] || typeof value !== "number" || !Number.isFinite(value)) return false;
    all[row + k] = value;
    k++;
  }
  return k === names.length;
}

/** False where a tree is not certainly of this structure; the row is then half written. */
function copyNumbers(structure: Layout["structure"], node: unknown, all: Float64Array, row: number): boolean {
  switch (structure.kind) {
    case "leaf": {
      const { offset, shape } = structure.leaf;
      if (shape.length === 0) return copyNumber(node, all, row + offset);
      const isArray = Array.isArray(node) || node instanceof Float64Array || node instanceof Float32Array;
      if (shape.length > 1 || !isArray || node.length !== shape[0]) return false;
      for (let k = 0; k < node.length; k++) if (!copyNumber(node[k], all, row + offset + k)) return false;
      return true;
    }
    case "list":
      return (
        Array.isArray(node) &&
        node.length === structure.items.length &&
        structure.items.every((item, k) => copyNumbers(item, node[k], all, row))
      );
    case "record": {
      if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return false;
      const { entries } = structure;
      let k = 0;
      for (const key in node) {
        const entry = entries[k++];
        if (entry?.[0] !== key || !copyNumbers(entry[1], (node as Record<string, unknown>)[key], all, row)) return false;
      }
      return k === entries.length;
    }
  }
}

function copyNumber(value: unknown, all: Float64Array, at: number): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  all[at] = value;
  return true;
}
