/**
 * Conditions known only later: both branches are read, each apart, and what they leave behind is merged with `select`.
 */

import type { Node as SyntaxNode } from "acorn";
import { ternary } from "../build.js";
import { sameShape } from "../graph.js";
import { asDense } from "./dense.js";
import { itemsOf } from "./elements.js";
import { unreadable } from "./locate.js";
import { align, applyOperation, isNumeric, type Numeric, toNumeric, toSym, unionOfLanes } from "./numbers.js";
import { type Branch, CannotVectorize, type Completion, type Ending, LaneSplit, type Session, type Way, type Writes } from "./session.js";
import { applyWrites, runApart, setBinding, setContent, writableFields } from "./store.js";
import { Accumulation, describe, type Gathering, List, Mixed, Rec, Sym, type Value } from "./values.js";

/** Is the value true? Known, or 1 and 0 for true and false. NaN is false, as in JavaScript. */
export function truth(session: Session, value: Value, at: SyntaxNode): boolean | Sym {
  if (value instanceof Mixed) throw unreadable(value.description, at, "Give the variable a value of one kind in both branches.");
  if (value instanceof Sym || value instanceof Accumulation) {
    const number = toNumeric(value);
    if (number === undefined) return true;
    if (typeof number === "number") return Boolean(number);
    return conditionFrom(
      number.boolean ? number : applyOperation(session, "less", [0, numberOf(applyOperation(session, "abs", [number]))], true),
    );
  }
  return Boolean(value);
}

function conditionFrom(value: Numeric): boolean | Sym {
  return value instanceof Sym ? value : Boolean(value);
}

/** A Numeric as an operand. */
export function numberOf(value: Numeric): number | Sym {
  return value instanceof Sym ? value : Number(value);
}

export function not(session: Session, value: boolean | Sym): boolean | Sym {
  return value instanceof Sym ? conditionFrom(applyOperation(session, "equal", [value, 0], true)) : !value;
}

/**
 * Reads what depends on a condition: one side if it is known, else both, whose writes are merged.
 *
 * @throws LaneSplit where the condition is known for each iteration of a loop that may be cut.
 */
export function branch(session: Session, condition: boolean | Sym, yes: () => Value, no: () => Value): Value {
  if (typeof condition === "boolean") return condition ? yes() : no();
  cutLoop(session, condition);
  const whenTrue = runUnder(session, condition, yes);
  const whenFalse = runUnder(session, not(session, condition), no);
  mergeWrites(session, condition, whenTrue.writes, whenFalse.writes);
  return merge(session, condition, whenTrue.result, whenFalse.result);
}

/** {@link branch} for statements, which may also end in `return`, `break` or `continue`. */
export function branchStatements(session: Session, condition: boolean | Sym, yes: () => Completion, no: () => Completion): Completion {
  if (typeof condition === "boolean") return condition ? yes() : no();
  cutLoop(session, condition);
  const side = (holds: boolean | Sym, body: () => Completion): Branch => {
    const { result, writes } = runUnder(session, holds, body);
    return { completion: result, writes };
  };
  return putInForce(session, join(session, condition, side(condition, yes), side(not(session, condition), no)));
}

/** A condition on the known iterations of one loop cuts that loop into the stretches where it holds and where it does not. */
function cutLoop(session: Session, condition: Sym): void {
  const known = condition.known;
  if (known === undefined || condition.lanes.length !== 1) return;
  const frame = session.frames.find((each) => each.lane === condition.lanes[0]);
  if (frame?.maySplit)
    throw new LaneSplit(
      frame.lane,
      Array.from(known, (value) => value !== 0),
    );
}

function runUnder<T>(session: Session, condition: boolean | Sym, body: () => T): { result: T; writes: Writes } {
  const masked = condition instanceof Sym && condition.known !== undefined;
  if (masked) session.masks.push(condition);
  try {
    return runApart(session, body);
  } finally {
    if (masked) session.masks.pop();
  }
}

function putInForce(session: Session, { completion, writes }: Branch): Completion {
  applyWrites(session, writes);
  return completion;
}

/** Both sides as one: ways to end that are of the same kind are merged, so that what follows is read once for each kind. */
function join(session: Session, condition: boolean | Sym, yes: Branch, no: Branch): Branch {
  if (typeof condition === "boolean") return condition ? yes : no;
  const ways: Way[] = [];
  const others = waysOf(no);
  for (const way of waysOf(yes)) {
    const index = others.findIndex(({ ending }) => sameKind(way.ending, ending));
    if (index < 0) {
      ways.push({ ...way, condition: choose(session, condition, way.condition, false) });
      continue;
    }
    const [other] = others.splice(index, 1) as [Way];
    const { result, writes } = runApart(session, () => {
      mergeWrites(session, condition, way.writes, other.writes);
      return mergeEndings(session, condition, way.ending, other.ending);
    });
    ways.push({ condition: choose(session, condition, way.condition, other.condition), ending: result, writes });
  }
  for (const way of others) ways.push({ ...way, condition: choose(session, condition, false, way.condition) });
  if (ways.length === 1) return { completion: ways[0]!.ending, writes: ways[0]!.writes };
  return { completion: { type: "split", ways }, writes: NO_WRITES };
}

const NO_WRITES: Writes = { bindings: new Map(), lists: new Map(), records: new Map() };

function waysOf({ completion, writes }: Branch): Way[] {
  if (completion.type !== "split") return [{ condition: true, ending: completion, writes }];
  return completion.ways.map((way) => ({ ...way, writes: oneAfterTheOther(writes, way.writes) }));
}

function oneAfterTheOther(first: Writes, second: Writes): Writes {
  return {
    bindings: new Map([...first.bindings, ...second.bindings]),
    lists: new Map([...first.lists, ...second.lists]),
    records: new Map([...first.records, ...second.records]),
  };
}

function sameKind(a: Ending, b: Ending): boolean {
  return a.type === b.type && ("label" in a ? a.label : undefined) === ("label" in b ? b.label : undefined);
}

function mergeEndings(session: Session, condition: Sym, yes: Ending, no: Ending): Ending {
  return yes.type === "return" && no.type === "return" ? { type: "return", value: merge(session, condition, yes.value, no.value) } : yes;
}

/** The condition `yes` where `condition` holds and `no` elsewhere. */
function choose(session: Session, condition: Sym, yes: boolean | Sym, no: boolean | Sym): boolean | Sym {
  if (yes === no) return yes;
  if (yes === true && no === false) return condition;
  if (yes === false && no === true) return not(session, condition);
  return conditionFrom(applyOperation(session, "select", [condition, numberOf(yes), numberOf(no)], true));
}

/** What comes after a statement: reads `rest` where it ended normally. */
export function resolve(session: Session, completion: Completion, rest: () => Completion): Completion {
  return mapCompletion(session, completion, (ending) => (ending.type === "normal" ? rest() : ending));
}

/** Replaces the ways a statement ended, with the writes of each in force while it is replaced, and joins what has become equal. */
export function mapCompletion(session: Session, completion: Completion, replace: (ending: Ending) => Completion): Completion {
  if (completion.type !== "split") return replace(completion);
  const branches = completion.ways.map(({ condition, ending, writes: before }): Branch => {
    const { result, writes } = runUnder(session, condition, () => {
      applyWrites(session, before);
      return replace(ending);
    });
    return { completion: result, writes };
  });
  const joined = branches.reduceRight((no, yes, i) => join(session, completion.ways[i]!.condition, yes, no));
  return putInForce(session, joined);
}

/** The value a function returns; undefined where it ends without `return`. */
export function returned(session: Session, completion: Completion): Value {
  const settled = mapCompletion(session, completion, (leaf) => (leaf.type === "normal" ? { type: "return", value: undefined } : leaf));
  return settled.type === "return" ? settled.value : undefined;
}

/** Both values where they are the same, else `select` element by element; {@link Mixed} where there is no such thing. */
function merge(session: Session, condition: Sym, yes: Value, no: Value): Value {
  if (Object.is(yes, no)) return yes;
  if (yes instanceof Accumulation || no instanceof Accumulation) return mergeAccumulations(session, condition, yes, no);
  if (isNumeric(yes) && isNumeric(no)) {
    if (yes instanceof Sym && no instanceof Sym && yes.equals(no)) return yes;
    const boolean = isBoolean(yes) && isBoolean(no);
    if (boolean && yes === true && no === false) return condition;
    return applyOperation(session, "select", [condition, numberOf(yes), numberOf(no)], boolean);
  }
  if (yes instanceof List && no instanceof List && yes.length === no.length) {
    return chosen(new List(mergeContents(session, condition, yes, no, 9), session.now()));
  }
  if (
    yes instanceof Rec &&
    no instanceof Rec &&
    yes.fields.size === no.fields.size &&
    [...yes.fields.keys()].every((name) => no.fields.has(name))
  ) {
    return chosen(new Rec(mergeFields(session, condition, yes.fields, no.fields), session.now()));
  }
  return new Mixed(`${describe(yes)} or ${describe(no)}, depending on a condition`);
}

function chosen<T extends List | Rec>(value: T): T {
  value.chosen = true;
  return value;
}

function isBoolean(value: Numeric): boolean {
  return typeof value === "boolean" || (value instanceof Sym && value.boolean);
}

/** The number that changes nothing when it is combined. */
export const neutral: Readonly<Record<Gathering, number>> = {
  add: 0,
  mul: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};

function mergeAccumulations(session: Session, condition: Sym, yes: Value, no: Value): Value {
  if (!(yes instanceof Accumulation) || !(no instanceof Accumulation) || yes.binding !== no.binding || yes.lane !== no.lane) {
    throw new CannotVectorize("a variable is carried over to the next iteration under a condition");
  }
  const gathering = yes.gathering ?? no.gathering;
  if (gathering === undefined) return yes;
  if (yes.gathering !== undefined && no.gathering !== undefined && yes.gathering !== no.gathering) {
    throw new CannotVectorize("a variable is combined in two ways");
  }
  const operand = (side: Accumulation): Value => (side.gathering === undefined ? neutral[gathering] : side.operand);
  return new Accumulation(yes.lane, yes.binding, gathering, merge(session, condition, operand(yes), operand(no)));
}

/** Puts into force the writes of two branches. */
function mergeWrites(session: Session, condition: Sym, yes: Writes, no: Writes): void {
  for (const binding of union(yes.bindings, no.bindings)) {
    const a = yes.bindings.has(binding) ? yes.bindings.get(binding) : binding.value;
    const b = no.bindings.has(binding) ? no.bindings.get(binding) : binding.value;
    setBinding(session, binding, merge(session, condition, a, b));
  }
  for (const list of union(yes.lists, no.lists)) {
    const a = new List(yes.lists.get(list) ?? list.content, 0);
    const b = new List(no.lists.get(list) ?? list.content, 0);
    // Rows may be held by other variables, so a matrix is merged row by row.
    setContent(session, list, mergeContents(session, condition, a, b, 1));
  }
  for (const record of union(yes.records, no.records)) {
    const merged = mergeFields(session, condition, yes.records.get(record) ?? record.fields, no.records.get(record) ?? record.fields);
    const target = writableFields(session, record);
    target.clear();
    for (const [name, value] of merged) target.set(name, value);
  }
}

function union<K>(a: ReadonlyMap<K, unknown>, b: ReadonlyMap<K, unknown>): Set<K> {
  return new Set([...a.keys(), ...b.keys()]);
}

function mergeContents(session: Session, condition: Sym, yes: List, no: List, rank: number): List["content"] {
  if (yes.length !== no.length) {
    throw unreadable(
      "an array whose length depends on a condition that is not known while the function is read",
      undefined,
      "Give it the same length in both branches.",
    );
  }
  if (yes.content instanceof Sym || no.content instanceof Sym) {
    const a = asDense(session, yes);
    const b = asDense(session, no);
    if (a !== undefined && b !== undefined && a.rest.length <= rank && sameShape(a.rest, b.rest))
      return selectArrays(session, condition, a, b);
  }
  const a = itemsOf(session, yes);
  const b = itemsOf(session, no);
  return a.map((item, i) => merge(session, condition, item, b[i]));
}

function selectArrays(session: Session, condition: Sym, yes: Sym, no: Sym): Sym {
  if (yes.equals(no)) return yes;
  const lanes = unionOfLanes([condition, yes, no]);
  const rank = Math.max(yes.rest.length, no.rest.length);
  session.grow();
  return new Sym(ternary("select", align(toSym(condition), lanes, rank), align(yes, lanes, rank), align(no, lanes, rank)), lanes);
}

function mergeFields(
  session: Session,
  condition: Sym,
  yes: ReadonlyMap<string, Value>,
  no: ReadonlyMap<string, Value>,
): Map<string, Value> {
  const names = union(yes, no);
  return new Map([...names].map((name) => [name, merge(session, condition, yes.get(name), no.get(name))]));
}
