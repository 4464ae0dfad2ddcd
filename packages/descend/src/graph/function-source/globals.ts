/** The names of JavaScript that a function may use: Math, Number, Array, Object, and a few functions. */

import type { Node as SyntaxNode } from "acorn";
import { assignedBindings, collect, itemOf } from "./array-methods.js";
import { not, truth } from "./branches.js";
import { unreadable } from "./locate.js";
import { mathNamespace } from "./math.js";
import { applyOperation } from "./numbers.js";
import { operandOf } from "./operators.js";
import { iterate } from "./patterns.js";
import type { Session } from "./session.js";
import { writableFields } from "./store.js";
import { Binding, Builtin, describe, fieldNames, isKnown, List, Rec, Sym, type Value } from "./values.js";

type Call = (args: readonly Value[], at: SyntaxNode) => Value;

const typedArrays = [
  "Float64Array",
  "Float32Array",
  "Int32Array",
  "Int16Array",
  "Int8Array",
  "Uint32Array",
  "Uint16Array",
  "Uint8Array",
] as const;

/**
 * Puts the names of the language into the outermost scope: those that may be asked for, since making all of them takes longer than
 * reading a small function.
 *
 * @param mentions - whether a name occurs in what is read.
 */
export function defineGlobals(session: Session, mentions: (name: string) => boolean): void {
  const define = (name: string, make: () => Value): void => {
    if (mentions(name)) session.global.bindings.set(name, new Binding(make(), 0));
  };
  define("undefined", () => undefined);
  define("NaN", () => Number.NaN);
  define("Infinity", () => Number.POSITIVE_INFINITY);
  define("Math", () => mathNamespace(session));
  define("Number", () => numberBuiltin(session));
  define("Boolean", () => new Builtin("Boolean", ([value], at) => truth(session, value, at)));
  define("isNaN", () => new Builtin("isNaN", ([value], at) => isNotANumber(session, value, at)));
  define("isFinite", () => new Builtin("isFinite", ([value], at) => isFiniteNumber(session, value, at)));
  define("Array", () => arrayBuiltin(session));
  define("Object", () => objectBuiltin(session));
  for (const name of typedArrays) define(name, () => typedArray(session, name));
  define("parseFloat", () => parseFloatBuiltin);
  define("parseInt", () => parseIntBuiltin);
  if (mentions("_")) for (const [name, make] of translationHelpers) define(name, () => make(session));
}

/** What a number is as a text that is read again: the number itself. */
const parseFloatBuiltin = new Builtin("parseFloat", ([value], at) =>
  isKnown(value!) ? Number.parseFloat(String(value)) : withoutConditions(value, "parseFloat", at),
);

const parseIntBuiltin = new Builtin("parseInt", (args, at) => {
  if (args.every(isKnown)) return Number.parseInt(String(args[0]), args[1] as number | undefined);
  throw unreadable("parseInt of a number that is not known while the function is read", at, "Use Math.trunc.");
});

function withoutConditions(value: Value, name: string, at: SyntaxNode): Value {
  if (value instanceof Sym && value.boolean) throw unreadable(`${name} of a condition`, at, "Use Number.");
  return operandOf(value, name, at);
}

/** Functions that esbuild, tsc, swc and Babel put in place of newer syntax. */
const translationHelpers: readonly (readonly [string, (session: Session) => Value])[] = [
  ["__pow", (session) => (mathNamespace(session) as Rec).fields.get("pow")],
  ...helper(
    assignAll,
    "__assign",
    "__spreadValues",
    "__spreadProps",
    "_extends",
    "_object_spread",
    "_object_spread_props",
    "_objectSpread",
  ),
  ...helper(without, "__rest", "__objRest", "_object_without_properties", "_objectWithoutProperties", "_objectWithoutPropertiesLoose"),
  ...helper(joined, "__spreadArray"),
  ...helper(firstOf, "__read", "_sliced_to_array", "_slicedToArray"),
  ...helper(firstOf, "_to_array", "_toArray", "_to_consumable_array", "_toConsumableArray", "_arrayLikeToArray"),
];

type Helper = (session: Session, args: readonly Value[], at: SyntaxNode) => Value;

function helper(call: Helper, ...names: readonly string[]): (readonly [string, (session: Session) => Value])[] {
  return names.map((name) => [name, (session) => new Builtin(name, (args, at) => call(session, args, at))]);
}

function fieldsOf(value: Value): ReadonlyMap<string, Value> {
  return value instanceof Rec ? value.fields : new Map();
}

/** `{ ...target, ...source }`, written into `target`. */
function assignAll(session: Session, [target, ...sources]: readonly Value[]): Value {
  if (target instanceof Rec)
    for (const source of sources) for (const [name, field] of fieldsOf(source)) writableFields(session, target).set(name, field);
  return target;
}

/** The fields of an object but those of the given names. */
function without(session: Session, [source, names]: readonly Value[], at: SyntaxNode): Value {
  const taken = new Set(iterate(session, names, at));
  return new Rec(new Map([...fieldsOf(source)].filter(([name]) => !taken.has(name))), session.now());
}

/** `[...to, ...from]` */
function joined(session: Session, [to, from]: readonly Value[], at: SyntaxNode): Value {
  return new List([...iterate(session, to, at), ...iterate(session, from, at)], session.now());
}

/** A new array of what there is to iterate over, at most `count` of it. */
function firstOf(session: Session, [source, count]: readonly Value[], at: SyntaxNode): Value {
  return new List(iterate(session, source, at).slice(0, typeof count === "number" ? count : undefined), session.now());
}

function isNotANumber(session: Session, value: Value, at: SyntaxNode): Value {
  if (isKnown(value)) return Number.isNaN(Number(value));
  const operand = operandOf(value, "isNaN", at);
  const same = applyOperation(session, "equal", [operand, operand], true);
  return not(session, same instanceof Sym ? same : Boolean(same));
}

function isFiniteNumber(session: Session, value: Value, at: SyntaxNode): Value {
  if (isKnown(value)) return Number.isFinite(Number(value));
  const size = applyOperation(session, "abs", [operandOf(value, "isFinite", at)]);
  return applyOperation(session, "less", [operandOf(size, "isFinite", at), Number.POSITIVE_INFINITY], true);
}

function numberBuiltin(session: Session): Builtin {
  const members = new Map<string, Value>();
  for (const name of [
    "EPSILON",
    "MAX_VALUE",
    "MIN_VALUE",
    "MAX_SAFE_INTEGER",
    "MIN_SAFE_INTEGER",
    "POSITIVE_INFINITY",
    "NEGATIVE_INFINITY",
    "NaN",
  ] as const)
    members.set(name, Number[name]);
  members.set(
    "isNaN",
    new Builtin("Number.isNaN", ([value], at) => (typeof value === "number" || !isKnown(value) ? isNotANumber(session, value, at) : false)),
  );
  members.set(
    "isFinite",
    new Builtin("Number.isFinite", ([value], at) =>
      typeof value === "number" || !isKnown(value) ? isFiniteNumber(session, value, at) : false,
    ),
  );
  members.set("parseFloat", parseFloatBuiltin);
  members.set("parseInt", parseIntBuiltin);
  members.set(
    "isInteger",
    new Builtin("Number.isInteger", ([value], at) => {
      if (isKnown(value)) return Number.isInteger(value);
      const operand = operandOf(value, "Number.isInteger", at);
      return applyOperation(
        session,
        "equal",
        [operand, operandOf(applyOperation(session, "trunc", [operand]), "Number.isInteger", at)],
        true,
      );
    }),
  );
  return new Builtin(
    "Number",
    (args, at) => {
      if (args.length === 0) return 0;
      const operand = operandOf(args[0], "Number", at);
      // A condition as a number.
      return operand instanceof Sym && operand.boolean ? new Sym(operand.node, operand.lanes) : operand;
    },
    { members },
  );
}

function arrayBuiltin(session: Session): Builtin {
  const create: Call = (args, at) => {
    if (args.length !== 1 || !(typeof args[0] === "number" || args[0] instanceof Sym)) return new List([...args], session.now());
    return new List(emptyItems(args[0], undefined, at), session.now());
  };
  const members = new Map<string, Value>([
    ["isArray", new Builtin("Array.isArray", ([value]) => value instanceof List)],
    ["of", new Builtin("Array.of", (args) => new List([...args], session.now()))],
    ["from", new Builtin("Array.from", (args, at) => arrayFrom(session, args, at))],
  ]);
  return new Builtin("Array", create, { members });
}

function emptyItems(length: Value, value: Value, at: SyntaxNode): Value[] {
  if (typeof length !== "number" || !Number.isInteger(length) || length < 0 || length > 10_000_000) {
    throw unreadable(
      `an array of length ${typeof length === "number" ? length : "that is not known while the function is read"}`,
      at,
      "Use a known whole number.",
    );
  }
  return new Array<Value>(length).fill(value);
}

function arrayFrom(session: Session, [source, fn]: readonly Value[], at: SyntaxNode): List {
  const map = fn as Value;
  const call = (item: Value, k: Value): Value => (map === undefined ? item : session.reader.call(map, [item, k], at));
  if (source instanceof Rec) {
    const count = emptyItems(source.fields.get("length"), undefined, at).length;
    return collect(session, count, assignedBindings(map), (k) => call(undefined, k), at);
  }
  if (source instanceof List && map !== undefined) {
    return collect(session, source.length, assignedBindings(map), (k) => call(itemOf(session, source, k), k), at);
  }
  if (source instanceof List && source.content instanceof Sym) return new List(source.content, session.now());
  return new List(
    iterate(session, source, at).map((item, k) => call(item, k)),
    session.now(),
  );
}

/** Typed arrays hold numbers like any others here; those that round take known numbers only. */
function typedArray(session: Session, name: (typeof typedArrays)[number]): Builtin {
  const create: Call = ([source], at) => {
    if (source === undefined) return new List([], session.now());
    if (typeof source === "number" || source instanceof Sym) {
      const list = new List(emptyItems(source, 0, at), session.now());
      if (name !== "Float64Array") list.format = name;
      return list;
    }
    if (name !== "Float64Array") throw unreadable(`${name} of given numbers, which rounds them`, at, "Use an array or a Float64Array.");
    return arrayFrom(session, [source], at);
  };
  const members = new Map<string, Value>([
    ["from", new Builtin(`${name}.from`, (args, at) => arrayFrom(session, args, at))],
    ["of", new Builtin(`${name}.of`, (args) => new List([...args], session.now()))],
  ]);
  return new Builtin(name, create, { members });
}

function objectBuiltin(session: Session): Builtin {
  const entriesOf = (value: Value, at: SyntaxNode): [string, Value][] => {
    if (value instanceof Rec) return fieldNames(value).map((field) => [field, value.fields.get(field)]);
    if (value instanceof List) return iterate(session, value, at).map((item, i) => [String(i), item]);
    throw unreadable(`the fields of ${describe(value)}`, at, "Use an object or an array.");
  };
  const list = (items: Value[]): List => new List(items, session.now());
  const members = new Map<string, Value>([
    ["keys", new Builtin("Object.keys", ([value], at) => list(entriesOf(value, at).map(([name]) => name)))],
    ["values", new Builtin("Object.values", ([value], at) => list(entriesOf(value, at).map(([, field]) => field)))],
    ["entries", new Builtin("Object.entries", ([value], at) => list(entriesOf(value, at).map(([name, field]) => list([name, field]))))],
    ["freeze", new Builtin("Object.freeze", ([value]) => value)],
    [
      "fromEntries",
      new Builtin("Object.fromEntries", ([value], at) => {
        const pairs = iterate(session, value, at).map((pair) => iterate(session, pair, at));
        return new Rec(new Map(pairs.map(([name, field]) => [String(name), field])), session.now());
      }),
    ],
    [
      "assign",
      new Builtin("Object.assign", ([target, ...sources], at) => {
        if (!(target instanceof Rec)) throw unreadable("Object.assign to something else than an object", at, "Use { ...a, ...b }.");
        const fields = writableFields(session, target);
        for (const source of sources) if (!isKnown(source)) for (const [name, field] of entriesOf(source, at)) fields.set(name, field);
        return target;
      }),
    ],
  ]);
  return new Builtin("Object", () => new Rec(new Map(), session.now()), { members });
}
