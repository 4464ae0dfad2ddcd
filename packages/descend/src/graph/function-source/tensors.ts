/**
 * The way in and out: tensors, plain numbers and trees of them ↔ the values of the reader. Methods of
 * tensors are called on the tensors themselves.
 */

import type { Node as SyntaxNode } from "acorn";
import { constant } from "../build.js";
import { hasRows, type Node, type Shape } from "../graph.js";
import { Tensor } from "../tensor.js";
import { asDense } from "./dense.js";
import { itemsOf } from "./elements.js";
import { unreadable } from "./locate.js";
import { settle } from "./numbers.js";
import { CannotVectorize, type Session } from "./session.js";
import { describe, isKnown, List, Rec, Sym, type Value } from "./values.js";

/** Arguments and results: tensors and known values, in arrays and records. */
export type SymbolicValue =
  | Tensor
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly SymbolicValue[]
  | Float64Array
  | Float32Array
  | { readonly [name: string]: SymbolicValue };

/** A tree of tensors and numbers as a value. Functions are given to `onFunction`. */
export function fromOutside(session: Session, value: unknown, onFunction: (fn: (...args: never[]) => unknown) => Value): Value {
  if (value === null || typeof value === "number" || typeof value === "string" || typeof value === "boolean" || value === undefined)
    return value;
  if (value instanceof Tensor) return fromNode(session, value.node);
  if (typeof value === "function") return onFunction(value as (...args: never[]) => unknown);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return fromNumbers(session, Array.from(value as unknown as ArrayLike<number>), [(value as unknown as ArrayLike<number>).length]);
  if (Array.isArray(value)) {
    const shape = numericShape(value);
    if (shape !== undefined) return fromNumbers(session, value.flat(shape.length - 1) as number[], shape);
    return new List(
      value.map((item) => fromOutside(session, item, onFunction)),
      session.now(),
    );
  }
  if (typeof value === "object") {
    return new Rec(new Map(Object.entries(value).map(([name, field]) => [name, fromOutside(session, field, onFunction)])), session.now());
  }
  throw unreadable(`an argument of type ${typeof value}`, undefined, "Pass numbers, arrays and objects of them.");
}

function fromNumbers(session: Session, values: readonly number[], shape: Shape): List {
  // A constant forgets the order of one element, and of none there is nothing to know.
  if (values.length < 2) return new List([...values], session.now());
  return new List(new Sym(constant(values, shape)), session.now());
}

function numericShape(value: readonly unknown[]): number[] | undefined {
  if (value.length === 0) return undefined;
  if (value.every((item) => typeof item === "number")) return [value.length];
  const [first] = value;
  const inner = Array.isArray(first) ? numericShape(first) : undefined;
  if (inner === undefined || inner.length > 3) return undefined;
  const same = value.every((item) => Array.isArray(item) && numericShape(item)?.join() === inner.join());
  return same ? [value.length, ...inner] : undefined;
}

/** A node as a number, or as an array if it has axes beside the rows. */
function fromNode(session: Session, node: Node): Value {
  if (node.shape.length === (hasRows(node) ? 1 : 0)) return hasRows(node) ? new Sym(node) : settle(node, [], false);
  return new List(new Sym(node), session.now());
}

/** A value as a tree of tensors and known values; an array of numbers becomes one tensor if one of them is not known. */
export function toOutside(session: Session, value: Value, at: SyntaxNode): SymbolicValue {
  if (isKnown(value)) return value;
  if (value instanceof Sym) return Tensor.of(value.node);
  if (value instanceof List) {
    const items = Array.isArray(value.content) ? value.content : undefined;
    if (items?.every(isKnown)) return items;
    const dense = asDense(session, value);
    if (dense !== undefined) return Tensor.of(dense.node);
    return itemsOf(session, value).map((item) => toOutside(session, item, at));
  }
  if (value instanceof Rec) return Object.fromEntries([...value.fields].map(([name, field]) => [name, toOutside(session, field, at)]));
  throw unreadable(`${describe(value)} as the result`, at, "Return a number, or an array or an object of numbers.");
}

/** `tensor.name` where it is a getter, such as `shape`; undefined if there is none. */
export function tensorProperty(session: Session, value: Sym, name: string): Value {
  const descriptor = Object.getOwnPropertyDescriptor(Tensor.prototype, name);
  if (descriptor?.get === undefined) return undefined;
  withoutLanes(value);
  return fromResult(session, descriptor.get.call(Tensor.of(value.node)), undefined);
}

/** True if tensors have a method of this name. */
export function isTensorMethod(name: string): boolean {
  return name !== "constructor" && typeof Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value === "function";
}

/** `tensor.name(...args)`. */
export function callTensorMethod(session: Session, value: Sym, name: string, args: readonly Value[], at: SyntaxNode): Value {
  withoutLanes(value);
  const method = (Tensor.prototype as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>)[name]!;
  session.grow(4);
  return fromResult(
    session,
    method.apply(
      Tensor.of(value.node),
      args.map((arg) => toArgument(session, arg, at)),
    ),
    at,
  );
}

function toArgument(session: Session, value: Value, at: SyntaxNode): unknown {
  if (value instanceof Sym) withoutLanes(value);
  if (value instanceof List) {
    const dense = asDense(session, value);
    if (dense !== undefined) {
      withoutLanes(dense);
      // Known numbers stay plain: they may be axes or a shape.
      if (dense.rest.length === 1 && dense.known !== undefined) return Array.from(dense.known);
    }
  }
  return toOutside(session, value, at);
}

function fromResult(session: Session, result: unknown, at: SyntaxNode | undefined): Value {
  return fromOutside(session, result, () => {
    throw unreadable("a method that gives a function", at, "Call methods that give tensors.");
  });
}

/** Methods act on whole tensors, so they cannot be called for all iterations of a loop at once. */
function withoutLanes(value: Sym): void {
  if (value.lanes.length > 0) throw new CannotVectorize("it calls a method of a tensor that differs between iterations");
}
