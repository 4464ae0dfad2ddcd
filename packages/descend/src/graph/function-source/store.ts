/**
 * Writes to variables, arrays and records. While a branch or a loop body is tried, a journal keeps what was there before,
 * so that the writes can be taken back, merged, or made for good.
 */

import { itemsOf } from "./elements.js";
import { unreadable } from "./locate.js";
import { CannotVectorize, type Frame, type Journal, type Session, type Writes } from "./session.js";
import { type Binding, isKnown, type List, type Rec, type RoundingFormat, Sym, type Value } from "./values.js";

/** Assigns to a variable. */
export function setBinding(session: Session, binding: Binding, value: Value): void {
  for (const frame of session.frames) {
    if (binding.birth < frame.start && !frame.assigned.has(binding))
      throw new CannotVectorize("a function it calls assigns to an outer variable");
  }
  const journal = journalFor(session, binding.birth);
  if (journal !== undefined && !journal.bindings.has(binding)) journal.bindings.set(binding, binding.value);
  binding.value = value;
}

/** The items of an array, to be changed in place. */
export function writableItems(session: Session, list: List): Value[] {
  if (session.isOutside(list.birth)) throw new CannotVectorize("it changes an outer array");
  keepContent(session, list);
  if (list.content instanceof Sym) list.content = itemsOf(session, list);
  return list.content;
}

/** The fields of a record, to be changed in place. */
export function writableFields(session: Session, record: Rec): Map<string, Value> {
  if (session.isOutside(record.birth)) throw new CannotVectorize("it changes an outer object");
  if (record.chosen) throw changesChosen(session);
  const journal = journalFor(session, record.birth);
  if (journal !== undefined && !journal.records.has(record)) {
    journal.records.set(record, record.fields);
    record.fields = new Map(record.fields);
  }
  return record.fields;
}

/** `list[index] = value`. */
export function setItem(session: Session, list: List, index: number, value: Value): void {
  const items = writableItems(session, list);
  while (items.length < index) items.push(undefined);
  items[index] = list.format === undefined ? value : rounded(session, value, list.format);
}

/** What a typed array makes of a number. */
function rounded(session: Session, value: Value, format: RoundingFormat): Value {
  if (isKnown(value)) return new globalThis[format]([value as number])[0];
  throw unreadable(
    `${format} of numbers not known while the function is read, which rounds them`,
    session.current,
    "Use an array or a Float64Array.",
  );
}

/** `list.push(...values)`; in a loop that is read once, to an array from outside, it appends for every iteration. */
export function append(session: Session, list: List, values: readonly Value[]): void {
  if (!session.isOutside(list.birth)) {
    writableItems(session, list).push(...values);
    return;
  }
  const frame = soleFrame(session, list);
  const pending = frame.appends.get(list);
  if (pending === undefined) frame.appends.set(list, [...values]);
  else pending.push(...values);
}

/** `list[index] = value` for a known index in every iteration of the loop that is read once. */
export function storeByLane(session: Session, list: List, index: Sym, value: Value): void {
  if (list.format !== undefined) throw new CannotVectorize("it writes to an array that rounds");
  const frame = soleFrame(session, list);
  const places = index.known;
  if (places === undefined || index.lanes.length !== 1 || index.lanes[0] !== frame.lane || frame.stores.has(list)) {
    throw new CannotVectorize("it writes to an outer array at an index that is not known");
  }
  if (
    new Set(Array.from(places)).size !== places.length ||
    Array.from(places).some((i) => !Number.isInteger(i) || i < 0 || i >= list.length)
  ) {
    throw new CannotVectorize("it writes to an outer array beyond its end or twice");
  }
  frame.stores.set(list, { index: places, value });
}

/** The innermost loop, if a write in it to an outer array can be made for all iterations at once. */
function soleFrame(session: Session, list: List): Frame {
  const frame = session.innermost!;
  const outside = session.frames.filter((each) => list.birth < each.start);
  if (outside.length !== 1 || session.journals.length !== frame.journals || frame.reads.has(list)) {
    throw new CannotVectorize("it writes to an outer array under a condition, or reads it");
  }
  return frame;
}

/** Runs `body` and takes its writes back: they are returned, to be made with {@link applyWrites}. */
export function runApart<T>(session: Session, body: () => T): { result: T; writes: Writes } {
  const journal: Journal = { start: session.now(), bindings: new Map(), lists: new Map(), records: new Map() };
  session.journals.push(journal);
  let done = false;
  try {
    const result = body();
    done = true;
    return { result, writes: takeBack(session, journal) };
  } finally {
    if (!done) takeBack(session, journal);
  }
}

function takeBack(session: Session, journal: Journal): Writes {
  session.journals.length = session.journals.indexOf(journal);
  const writes = {
    bindings: new Map<Binding, Value>(),
    lists: new Map<List, List["content"]>(),
    records: new Map<Rec, Map<string, Value>>(),
  };
  for (const [binding, before] of journal.bindings) {
    writes.bindings.set(binding, binding.value);
    binding.value = before;
  }
  for (const [list, before] of journal.lists) {
    writes.lists.set(list, list.content);
    list.content = before;
    list.dense = undefined;
    if (before instanceof Sym) for (const [index, row] of list.rows ?? []) row.owner = { list, index };
  }
  for (const [record, before] of journal.records) {
    writes.records.set(record, record.fields);
    record.fields = before;
  }
  return writes;
}

/** Makes writes that were taken back. */
export function applyWrites(session: Session, writes: Writes): void {
  for (const [binding, value] of writes.bindings) setBinding(session, binding, value);
  for (const [list, content] of writes.lists) setContent(session, list, content instanceof Sym ? content : content.slice());
  for (const [record, fields] of writes.records) {
    const target = writableFields(session, record);
    target.clear();
    for (const [name, value] of fields) target.set(name, value);
  }
}

/** Gives an array another content. */
export function setContent(session: Session, list: List, content: List["content"]): void {
  if (session.isOutside(list.birth)) throw new CannotVectorize("it changes an outer array");
  keepContent(session, list);
  list.content = content;
}

function keepContent(session: Session, list: List): void {
  if (list.chosen) throw changesChosen(session);
  list.dense = undefined;
  if (list.owner !== undefined) leaveOwner(session, list, list.owner);
  const journal = journalFor(session, list.birth);
  if (journal === undefined || journal.lists.has(list)) return;
  journal.lists.set(list, list.content);
  if (Array.isArray(list.content)) list.content = list.content.slice();
}

/** Which of the two would change is not known, and each may be held by other variables. */
function changesChosen(session: Session): Error {
  return unreadable(
    "a change to an array or object that was chosen by a condition not known while the function is read",
    session.current,
    "Change it in each branch, or make a new one.",
  );
}

/** A row is about to change: the array it came from holds it as an item from now on, which is the same value. */
function leaveOwner(session: Session, row: List, { list, index }: NonNullable<List["owner"]>): void {
  if (index === undefined) throw new CannotVectorize("it changes a row of an outer array");
  if (list.content instanceof Sym) list.content = itemsOf(session, list);
  row.owner = undefined;
}

/** The open journal that must keep what was there; none for what came to be after it was opened. */
function journalFor(session: Session, birth: number): Journal | undefined {
  const journal = session.journals[session.journals.length - 1];
  return journal !== undefined && birth < journal.start ? journal : undefined;
}
