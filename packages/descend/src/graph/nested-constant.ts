/** Numbers in nested arrays as a node: the lengths of the arrays are its shape. */

import { ShapeError, TraceError } from "../errors.js";
import * as build from "./build.js";
import type { Node } from "./graph.js";

/**
 * @param value - a number, a typed array, or arrays of these, nested and of equal lengths.
 * @param where - what was called with it, for messages.
 * @throws TraceError NOT_A_TENSOR for anything else among them; ShapeError SHAPE_MISMATCH for unequal lengths.
 */
export function nestedConstant(value: unknown, where: string): Node {
  const shape = nestedShape(value, where);
  const flat: number[] = [];
  flatten(value, shape, where, flat);
  return build.constant(flat, shape);
}

function nestedShape(value: unknown, where: string): number[] {
  const shape: number[] = [];
  for (let level = value; typeof level !== "number"; level = (level as ArrayLike<unknown>)[0]) {
    if (!isArray(level)) throw notATensor(level, where);
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

function flatten(value: unknown, shape: readonly number[], where: string, out: number[]): void {
  if (shape.length === 0) {
    if (typeof value !== "number") throw notATensor(value, where);
    out.push(value);
    return;
  }
  if (!isArray(value) || value.length !== shape[0]) {
    throw new ShapeError("SHAPE_MISMATCH", `${where}: expected nested arrays of equal lengths.`, {
      where,
      expected: `${shape[0]} elements`,
      got: isArray(value) ? `${value.length} elements` : typeof value,
    });
  }
  const rest = shape.slice(1);
  for (let i = 0; i < value.length; i++) flatten(value[i], rest, where, out);
}

function isArray(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

export function notATensor(value: unknown, where: string): TraceError {
  const got = value === null ? "null" : typeof value;
  return new TraceError("NOT_A_TENSOR", `${where}: expected a tensor, a number, or an array of numbers, got ${got}.`, { where, got });
}
