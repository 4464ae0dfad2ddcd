/**
 * Elements of arrays: at a known index, at an index known for each iteration of a loop (a slice, a stride, or a gather), and
 * at an index known only when the graph runs. And the other way: items put together into one dense array.
 */

import { binary, constant, gather, sum, ternary, unary } from "../build.js";
import { elementCount, hasRows, type Node, type Shape } from "../graph.js";
import { gatherKnown, reshapeKnown, sliceKnown } from "./constants.js";
import { asDense, gatherLane } from "./dense.js";
import { align, settle, unionOfLanes } from "./numbers.js";
import { CannotVectorize, type Session } from "./session.js";
import { type Lane, List, Sym, sameLanes, type Value } from "./values.js";

/** `list[index]` for a whole number known now; undefined beyond the end. */
export function itemAt(session: Session, list: List, index: number): Value {
  session.noteRead(list);
  const { content } = list;
  if (!(content instanceof Sym)) return content[index];
  if (!Number.isInteger(index) || index < 0 || index >= list.length) return undefined;
  if (content.rest.length === 1) return elementOf(session, content, index) as Value;
  const known = list.rows?.get(index);
  if (known !== undefined) return known;
  const row = new List(elementOf(session, content, index) as Sym, list.birth);
  row.owner = { list, index };
  list.rows ??= new Map();
  list.rows.set(index, row);
  return row;
}

/** The items of an array, one by one. */
export function itemsOf(session: Session, list: List): Value[] {
  if (Array.isArray(list.content)) return list.content.slice();
  return Array.from({ length: list.length }, (_, i) => itemAt(session, list, i));
}

/** Element `index` along the first axis of the rest. */
function elementOf(session: Session, source: Sym, index: number): number | boolean | Sym {
  const axis = source.firstAxis;
  const shape = source.node.shape.filter((_, i) => i !== axis);
  const node = cached(session, `element ${source.node.id} ${axis} ${index}`, () =>
    reshapeKnown(sliceKnown(source.node, axis, index, index + 1), shape),
  );
  const element = shape.length === axis ? settle(node, source.lanes, source.boolean) : new Sym(node, source.lanes);
  if (element instanceof Sym) session.origins.set(element, { source, index });
  return element;
}

function cached(session: Session, key: string, build: () => Node): Node {
  let node = session.cache.get(key);
  if (node === undefined) {
    node = build();
    if (node.op !== "constant") session.grow();
    session.cache.set(key, node);
  }
  return node;
}

/** `list[index]` for an index that is not one known number. @throws CannotVectorize where that is no primitive of the language. */
export function itemAtSym(session: Session, list: List, index: Sym): Value {
  session.noteRead(list);
  const source = asDense(session, list);
  if (source === undefined)
    throw new CannotVectorize("an element at an index that is not known, of an array that holds other things than numbers");
  const found = index.known === undefined ? gatherSym(session, source, index) : elementsByLane(session, source, index, index.known);
  if (found.rest.length === 0) return settle(found.node, found.lanes, source.boolean);
  const row = new List(found, session.now());
  row.owner = { list, index: undefined };
  return row;
}

/** Elements at an index that depends on parameters or data: a gather from one table, or a choice among the elements of each row. */
function gatherSym(session: Session, source: Sym, index: Sym): Sym {
  if (source.lanes.length > 0 || hasRows(source.node)) return chosen(session, source, index);
  return new Sym(
    cached(session, `gather ${source.node.id} ${index.node.id}`, () => gather(source.node, index.node)),
    index.lanes,
  );
}

/**
 * Σ_j (j = index ? source[j] : 0), for arrays that differ from row to row or between iterations: as many comparisons as there are elements.
 */
function chosen(session: Session, source: Sym, index: Sym): Sym {
  const lanes = unionOfLanes([source, index]);
  const rank = source.rest.length;
  const length = source.rest[0]!;
  const places = constant(
    Array.from({ length }, (_, j) => j),
    [length, ...source.rest.slice(1).map(() => 1)],
  );
  const hit = binary("equal", unary("trunc", align(index, lanes, rank)), places);
  const only = ternary("select", hit, align(source, lanes, rank), constant(0));
  session.grow(4);
  return new Sym(sum(only, [only.shape.length - rank]), lanes);
}

/** Elements at an index that is known for each iteration. */
function elementsByLane(session: Session, source: Sym, index: Sym, places: ArrayLike<number>): Sym {
  const length = source.rest[0]!;
  const inside = insideOrMasked(session, index, places, length);
  const rows = hasRows(source.node);
  if (rows) for (const frame of session.frames) frame.readsRows = true;
  const deeper = source.lanes.every((lane) => lane.depth < index.lanes[0]!.depth);
  const regular = deeper ? regularElements(session, source, inside, index.lanes) : undefined;
  if (regular !== undefined) return regular;
  if (rows) throw new CannotVectorize("columns of rows are read in an irregular order");
  return gatherByLane(session, source, inside, index.lanes);
}

/** Places inside the array. One outside is undefined in JavaScript; that is allowed where a known condition says that it is not used. */
function insideOrMasked(session: Session, index: Sym, places: ArrayLike<number>, length: number): ArrayLike<number> {
  let outside = false;
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    if (Number.isInteger(place) && place >= 0 && place < length) continue;
    outside = true;
    const unused = session.masks.some((mask) => sameLanes(mask.lanes, index.lanes) && mask.known![i] === 0);
    if (!unused) throw new CannotVectorize("it reads beyond the end of an array");
  }
  return outside ? Array.from(places, (place) => Math.min(Math.max(Math.trunc(place) || 0, 0), length - 1)) : places;
}

/** Places start, start + step, …: a slice, for step > 1 of the array folded into columns. */
function regularElements(session: Session, source: Sym, places: ArrayLike<number>, lanes: readonly Lane[]): Sym | undefined {
  const count = places.length;
  const start = places[0]!;
  const step = count > 1 ? places[1]! - start : 1;
  if (step < 1) return undefined;
  for (let i = 2; i < count; i++) if (places[i]! - places[i - 1]! !== step) return undefined;
  const { node, firstAxis: axis } = source;
  const lengths = lanes.map((lane) => lane.length);
  const around = (middle: readonly number[]): Shape => [...node.shape.slice(0, axis), ...middle, ...node.shape.slice(axis + 1)];
  const all = [...source.lanes, ...lanes];
  if (step === 1) {
    return new Sym(
      cached(session, `slice ${node.id} ${axis} ${start} ${count} ${lengths}`, () =>
        reshapeKnown(sliceKnown(node, axis, start, start + count), around(lengths)),
      ),
      all,
    );
  }
  for (const column of [start % step, ...Array.from({ length: step }, (_, c) => c)]) {
    const first = start - column;
    if (first < 0 || first + count * step > node.shape[axis]!) continue;
    const folded = cached(session, `fold ${node.id} ${axis} ${first} ${count} ${step}`, () =>
      reshapeKnown(sliceKnown(node, axis, first, first + count * step), around([count, step])),
    );
    return new Sym(
      cached(session, `column ${folded.id} ${axis} ${column} ${lengths}`, () =>
        reshapeKnown(sliceKnown(folded, axis + 1, column, column + 1), around(lengths)),
      ),
      all,
    );
  }
  return undefined;
}

/** Any known places, also of an array that itself differs between the iterations. */
function gatherByLane(session: Session, source: Sym, places: ArrayLike<number>, indexLanes: readonly Lane[]): Sym {
  const lanes = unionOfLanes([source, new Sym(constant(0), indexLanes)]);
  const lengths = lanes.map((lane) => lane.length);
  const length = source.rest[0]!;
  const inner = source.rest.slice(1);
  const count = elementCount(lengths);
  const flat = new Float64Array(count);
  const offsetOf = (of: readonly Lane[], coordinates: readonly number[]): number =>
    of.reduce((offset, lane) => offset * lane.length + coordinates[lanes.indexOf(lane)]!, 0);
  const coordinates = lanes.map(() => 0);
  for (let i = 0; i < count; i++) {
    flat[i] = offsetOf(source.lanes, coordinates) * length + places[offsetOf(indexLanes, coordinates)]!;
    for (let axis = lanes.length - 1; axis >= 0 && ++coordinates[axis]! === lengths[axis]; axis--) coordinates[axis] = 0;
  }
  const table = reshapeKnown(source.node, [elementCount(source.node.shape) / elementCount(inner), ...inner]);
  const regular = regularElements(session, new Sym(table), flat, lanes);
  if (regular !== undefined) return regular;
  if (table.op === "constant") return new Sym(gatherKnown(table, flat, lengths), lanes);
  return new Sym(
    cached(session, `gather ${table.id} ${lengths} ${flat.join(" ")}`, () => gather(table, constant(flat, lengths))),
    lanes,
  );
}

/** The value in one iteration of a lane. */
export function inIteration(session: Session, value: Sym, lane: Lane, iteration: number): Value {
  if (!value.lanes.includes(lane)) return value.rest.length === 0 ? value : new List(value, session.now());
  const gathered = gatherLane(value, lane);
  const element = elementOf(session, gathered, iteration);
  return element instanceof Sym && element.rest.length > 0 ? new List(element, session.now()) : element;
}
