/** The methods of arrays, a row a method. Those that take a function read it once for all elements where they can. */

import type { Node as SyntaxNode } from "acorn";
import { branch, not, truth } from "./branches.js";
import { sliceKnown } from "./constants.js";
import { asDense, joinFirstAxes } from "./dense.js";
import { itemAt, itemAtSym, itemsOf } from "./elements.js";
import { unreadable } from "./locate.js";
import { binaryOperator } from "./operators.js";
import { assignedNames } from "./scan.js";
import { NORMAL, type Session } from "./session.js";
import { append, setBinding, setItem, writableItems } from "./store.js";
import { Binding, Builtin, Closure, describe, isKnown, List, Sequence, Sym, type Value } from "./values.js";
import { gatheredValue, runLoop } from "./vectorize.js";

type ArrayMethod = (session: Session, list: List, args: readonly Value[], at: SyntaxNode) => Value;

/** Outer variables that a function assigns to when it is called. */
export function assignedBindings(callee: Value): Binding[] {
  if (!(callee instanceof Closure)) return [];
  return [...assignedNames(callee.node)].map((name) => callee.scope.lookup(name)).filter((binding) => binding !== undefined);
}

/** The results of `body` for 0 ≤ k < count, read at once where possible. */
export function collect(
  session: Session,
  count: number,
  assigned: readonly Binding[],
  body: (k: number | Sym) => Value,
  at: SyntaxNode,
): List {
  const pieces: (Value | Piece)[] = [];
  let last: Value;
  runLoop(session, {
    at,
    count,
    assigned,
    vectorizable: true,
    iteration: (k) => {
      last = body(k);
      return NORMAL;
    },
    keep: (lane) => {
      pieces.push(lane === undefined ? last : new Piece(gatheredValue(session, last, lane)));
    },
  });
  const [only] = pieces;
  if (pieces.length === 1 && only instanceof Piece) return new List(only.content, session.now());
  return new List(
    pieces.flatMap((piece) => (piece instanceof Piece ? itemsOf(session, new List(piece.content, session.now())) : [piece])),
    session.now(),
  );
}

class Piece {
  readonly content: Sym;

  constructor(content: Sym) {
    this.content = content;
  }
}

/** Element k, known or the loop's. */
export function itemOf(session: Session, list: List, k: number | Sym): Value {
  return typeof k === "number" ? itemAt(session, list, k) : itemAtSym(session, list, k);
}

function callback(args: readonly Value[], name: string, at: SyntaxNode): Value {
  const [fn] = args;
  if (fn instanceof Closure || fn instanceof Builtin) return fn;
  throw unreadable(`${name} with ${describe(fn)} as its function`, at, "Pass a function written inside the objective.");
}

function known(value: Value, fallback: number, what: string, at: SyntaxNode): number {
  if (value === undefined) return fallback;
  if (typeof value === "number") return value;
  throw unreadable(`${what} with ${describe(value)}, which is not known while the function is read`, at, "Use known positions.");
}

/** `list.reduce(fn, first?)`, or from the right. */
function reduce(session: Session, list: List, args: readonly Value[], at: SyntaxNode, fromRight: boolean): Value {
  const fn = callback(args, "reduce", at);
  const count = list.length;
  const place = (k: number): number => (fromRight ? count - 1 - k : k);
  const skip = args.length > 1 ? 0 : 1;
  if (count < skip) throw unreadable("reduce of an empty array without a first value", at, "Give a first value.");
  const total = new Binding(skip === 0 ? args[1] : itemAt(session, list, place(0)), session.now());
  runLoop(session, {
    at,
    count: count - skip,
    vectorizable: !fromRight,
    assigned: [total, ...assignedBindings(fn)],
    iteration: (k) => {
      const i = shifted(session, fromRight ? place((k as number) + skip) : k, fromRight ? 0 : skip, at);
      setBinding(session, total, session.reader.call(fn, [total.value, itemOf(session, list, i), i, list], at));
      return NORMAL;
    },
  });
  return total.value;
}

function shifted(session: Session, k: number | Sym, by: number, at: SyntaxNode): number | Sym {
  return by === 0 ? k : (binaryOperator(session, "+", k, by, at) as number | Sym);
}

function each(session: Session, list: List, fn: Value, at: SyntaxNode): void {
  runLoop(session, {
    at,
    count: list.length,
    vectorizable: true,
    assigned: assignedBindings(fn),
    iteration: (k) => {
      session.reader.call(fn, [itemOf(session, list, k), k, list], at);
      return NORMAL;
    },
  });
}

/** `some` and `every`: known, or a condition made of those of all elements. */
function quantified(session: Session, list: List, fn: Value, at: SyntaxNode, decided: boolean, from = 0): Value {
  for (let i = from; i < list.length; i++) {
    const holds = truth(session, session.reader.call(fn, [itemAt(session, list, i), i, list], at), at);
    if (holds === decided) return decided;
    if (typeof holds === "boolean") continue;
    const rest = (): Value => quantified(session, list, fn, at, decided, i + 1);
    return branch(session, decided ? holds : not(session, holds), () => decided, rest);
  }
  return !decided;
}

/** The first index from which on `fn` is true; its truth must be known. */
function findIndex(session: Session, list: List, args: readonly Value[], name: string, at: SyntaxNode): number {
  const fn = callback(args, name, at);
  for (let i = 0; i < list.length; i++) {
    if (knownTruth(session, session.reader.call(fn, [itemAt(session, list, i), i, list], at), name, at)) return i;
  }
  return -1;
}

function knownTruth(session: Session, value: Value, name: string, at: SyntaxNode): boolean {
  const holds = truth(session, value, at);
  if (typeof holds === "boolean") return holds;
  throw unreadable(
    `${name} under a condition that is not known while the function is read`,
    at,
    "How many elements there are must be known; use a conditional sum instead.",
  );
}

/** Position by value, among known values. */
function indexOf(session: Session, list: List, args: readonly Value[], name: string, at: SyntaxNode): number {
  const items = itemsOf(session, list);
  if (!isKnown(args[0]) || !items.every(isKnown)) {
    throw unreadable(
      `${name} among numbers that are not known while the function is read`,
      at,
      "Compare with === and add up the conditions.",
    );
  }
  return name === "includes" ? (items.includes(args[0]) ? 1 : -1) : items.indexOf(args[0]);
}

function range(list: List, args: readonly Value[], name: string, at: SyntaxNode): [number, number] {
  const { length } = list;
  const bound = (value: number): number => (value < 0 ? Math.max(length + value, 0) : Math.min(Math.trunc(value) || 0, length));
  const start = bound(known(args[0], 0, name, at));
  return [start, Math.max(start, bound(known(args[1], length, name, at)))];
}

function flattened(session: Session, list: List, depth: number): Value[] {
  return itemsOf(session, list).flatMap((item) => (item instanceof List && depth > 0 ? flattened(session, item, depth - 1) : [item]));
}

/** Methods by name. */
export const arrayMethods: Readonly<Record<string, ArrayMethod>> = {
  map: (session, list, args, at) => {
    const fn = callback(args, "map", at);
    return collect(session, list.length, assignedBindings(fn), (k) => session.reader.call(fn, [itemOf(session, list, k), k, list], at), at);
  },
  flatMap: (session, list, args, at) => {
    const fn = callback(args, "flatMap", at);
    const items = itemsOf(session, list).map((item, i) => session.reader.call(fn, [item, i, list], at));
    return new List(flattened(session, new List(items, 0), 1), session.now());
  },
  forEach: (session, list, args, at) => {
    each(session, list, callback(args, "forEach", at), at);
    return undefined;
  },
  reduce: (session, list, args, at) => reduce(session, list, args, at, false),
  reduceRight: (session, list, args, at) => reduce(session, list, args, at, true),
  filter: (session, list, args, at) => {
    const fn = callback(args, "filter", at);
    const items = itemsOf(session, list).filter((item, i) =>
      knownTruth(session, session.reader.call(fn, [item, i, list], at), "filter", at),
    );
    return new List(items, session.now());
  },
  some: (session, list, args, at) => quantified(session, list, callback(args, "some", at), at, true),
  every: (session, list, args, at) => quantified(session, list, callback(args, "every", at), at, false),
  find: (session, list, args, at) => itemAt(session, list, findIndex(session, list, args, "find", at)),
  findIndex: (session, list, args, at) => findIndex(session, list, args, "findIndex", at),
  indexOf: (session, list, args, at) => indexOf(session, list, args, "indexOf", at),
  includes: (session, list, args, at) => indexOf(session, list, args, "includes", at) >= 0,
  at: (session, list, args, at) => {
    const index = args[0];
    if (index instanceof Sym) return itemAtSym(session, list, index);
    const i = Math.trunc(known(index, 0, "at", at)) || 0;
    return itemAt(session, list, i < 0 ? i + list.length : i);
  },
  slice: (session, list, args, at) => {
    const [start, stop] = range(list, args, "slice", at);
    session.noteRead(list);
    const { content } = list;
    if (content instanceof Sym && stop > start && content.rest.length === 1) {
      return new List(new Sym(sliceKnown(content.node, content.firstAxis, start, stop), content.lanes), session.now());
    }
    return new List(itemsOf(session, list).slice(start, stop), session.now());
  },
  concat: (session, list, args) =>
    new List(
      [list, ...args].flatMap((arg) => (arg instanceof List ? itemsOf(session, arg) : [arg])),
      session.now(),
    ),
  flat: (session, list, args, at) => {
    const depth = known(args[0], 1, "flat", at);
    const dense = depth === 1 ? asDense(session, list) : undefined;
    if (dense !== undefined && dense.rest.length === 2) return new List(joinFirstAxes(dense), session.now());
    return new List(flattened(session, list, depth), session.now());
  },
  fill: (session, list, args, at) => {
    const [start, stop] = range(list, args.slice(1), "fill", at);
    for (let i = start; i < stop; i++) setItem(session, list, i, args[0]);
    return list;
  },
  reverse: (session, list) => {
    writableItems(session, list).reverse();
    return list;
  },
  toReversed: (session, list) => new List(itemsOf(session, list).reverse(), session.now()),
  push: (session, list, args) => {
    append(session, list, args);
    return session.isOutside(list.birth) ? undefined : list.length;
  },
  pop: (session, list) => writableItems(session, list).pop(),
  shift: (session, list) => writableItems(session, list).shift(),
  unshift: (session, list, args) => writableItems(session, list).unshift(...args),
  splice: (session, list, args, at) => {
    const [start] = range(list, args, "splice", at);
    const count = known(args[1], list.length - start, "splice", at);
    return new List(writableItems(session, list).splice(start, count, ...args.slice(2)), session.now());
  },
  keys: (_, list) => new Sequence(list.length, (k) => k),
  values: (session, list) => new Sequence(list.length, (k) => itemOf(session, list, k as number | Sym)),
  entries: (session, list) => new Sequence(list.length, (k) => new List([k, itemOf(session, list, k as number | Sym)], session.now())),
  join: (session, list, args, at) => {
    const items = itemsOf(session, list);
    if (items.every(isKnown) && (args[0] === undefined || typeof args[0] === "string")) return items.join(args[0]);
    throw unreadable("join of numbers that are not known while the function is read", at, "Leave texts out.");
  },
  sort: (session, list, args, at) => {
    const items = itemsOf(session, list);
    if (!items.every(isKnown))
      throw unreadable(
        "sort of numbers that are not known while the function is read",
        at,
        "The order must be known; use Math.min and Math.max, or tensors.",
      );
    const sorted = items.slice().sort(args[0] === undefined ? undefined : (a, b) => Number(session.reader.call(args[0], [a, b], at)));
    for (const [i, item] of sorted.entries()) setItem(session, list, i, item);
    return list;
  },
};
