/** Items put together into one dense array, and the values of all iterations of a loop as one. */

import { broadcast, concat, constant, transpose, uniformValue } from "../build.js";
import { elementCount, hasRows, type Node, ROWS, type Shape, sameShape } from "../graph.js";
import { reshapeKnown, sliceKnown } from "./constants.js";
import { align, isNumeric, toSym, unionOfLanes } from "./numbers.js";
import { CannotVectorize, type Session } from "./session.js";
import { Accumulation, type Lane, List, Sym } from "./values.js";

/** An array as one dense value; undefined if its items are not numbers, or arrays of one shape. */
export function asDense(session: Session, list: List): Sym | undefined {
  if (list.content instanceof Sym) return list.content;
  if (list.dense !== undefined) return list.dense;
  const parts: Sym[] = [];
  let nested = false;
  for (const item of list.content) {
    if (item instanceof Accumulation) throw new CannotVectorize("it keeps what is carried from one iteration to the next");
    if (item instanceof List) {
      nested = true;
      const part = asDense(session, item);
      if (part === undefined) return undefined;
      parts.push(part);
    } else if (isNumeric(item)) parts.push(toSym(item));
    else return undefined;
  }
  const [first] = parts;
  if (first === undefined || parts.some((part) => !sameShape(part.rest, first.rest))) return undefined;
  const dense = stackSyms(session, parts);
  if (!nested) list.dense = dense;
  return dense;
}

/** Values of equal rest one after the other along a new first axis of the rest. */
function stackSyms(session: Session, parts: readonly Sym[]): Sym {
  const lanes = unionOfLanes(parts);
  const rows = parts.some((part) => hasRows(part.node));
  const rest = parts[0]!.rest;
  const lead = [...(rows ? [ROWS] : []), ...lanes.map((lane) => lane.length)];
  const pieces: Node[] = [];
  for (let i = 0; i < parts.length; ) {
    const run = runOfElements(session, parts, i) ?? runOfConstants(parts, i);
    const piece = run === undefined ? parts[i]! : run.piece;
    const length = run?.length ?? 1;
    // Without a run the piece lacks the new axis: give it one of length 1.
    const shaped = run === undefined ? new Sym(reshapeKnown(piece.node, withAxis(piece)), piece.lanes) : piece;
    const full = [...lead, length, ...rest];
    const aligned = align(shaped, lanes, rest.length + 1);
    pieces.push(
      aligned.op === "constant" && !rows && uniformValue(aligned) === undefined && sameShape(aligned.shape, full)
        ? aligned
        : broadcast(aligned, full),
    );
    i += length;
  }
  if (pieces.length > 1) session.grow();
  return new Sym(pieces.length === 1 ? pieces[0]! : concat(pieces, lead.length), lanes);
}

function withAxis(value: Sym): Shape {
  const axis = value.firstAxis;
  return [...value.node.shape.slice(0, axis), 1, ...value.node.shape.slice(axis)];
}

/** Consecutive elements of one array are a slice of it. */
function runOfElements(session: Session, parts: readonly Sym[], from: number): { piece: Sym; length: number } | undefined {
  const origin = session.origins.get(parts[from]!);
  if (origin === undefined) return undefined;
  let length = 1;
  for (; from + length < parts.length; length++) {
    const next = session.origins.get(parts[from + length]!);
    if (next === undefined || !next.source.equals(origin.source) || next.index !== origin.index + length) break;
  }
  const { source, index } = origin;
  return { piece: new Sym(sliceKnown(source.node, source.firstAxis, index, index + length), source.lanes), length };
}

/** Consecutive known numbers, or known arrays of one shape, are one constant. */
function runOfConstants(parts: readonly Sym[], from: number): { piece: Sym; length: number } | undefined {
  const { rest } = parts[from]!;
  const width = elementCount(rest);
  const values: number[] = [];
  let length = 0;
  for (; from + length < parts.length; length++) {
    const part = parts[from + length]!;
    const known = part.lanes.length === 0 ? part.known : undefined;
    if (known === undefined) break;
    for (let i = 0; i < width; i++) values.push(known[i]!);
  }
  return length === 0 ? undefined : { piece: new Sym(constant(values, [length, ...rest])), length };
}

/** Moves a lane, the innermost of the value, into its rest: the values of all iterations as an array. */
export function gatherLane(value: Sym, lane: Lane): Sym {
  if (!value.lanes.includes(lane)) {
    const axis = value.firstAxis;
    const shape = value.node.shape;
    const opened = reshapeKnown(value.node, withAxis(value));
    return new Sym(broadcast(opened, [...shape.slice(0, axis), lane.length, ...shape.slice(axis)]), value.lanes);
  }
  const lanes = value.lanes.filter((each) => each !== lane);
  const axis = (hasRows(value.node) ? 1 : 0) + value.lanes.indexOf(lane);
  const target = (hasRows(value.node) ? 1 : 0) + lanes.length;
  if (axis === target) return new Sym(value.node, lanes);
  const order = value.node.shape.map((_, i) => i).filter((i) => i !== axis);
  return new Sym(transpose(value.node, [...order.slice(0, target), axis, ...order.slice(target)]), lanes);
}

/** Rows of a dense array as one axis: [L, m, …] becomes [L·m, …]. */
export function joinFirstAxes(value: Sym): Sym {
  const axis = value.firstAxis;
  const { shape } = value.node;
  return new Sym(
    reshapeKnown(value.node, [...shape.slice(0, axis), shape[axis]! * shape[axis + 1]!, ...shape.slice(axis + 2)]),
    value.lanes,
  );
}
