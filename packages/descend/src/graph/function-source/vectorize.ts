/**
 * Loops. A loop over many known iterations is read once: its counter is the vector of all its values, `x[i + 1]` is a slice,
 * and a variable that gathers terms becomes a sum over the iterations. Where the iterations depend on one another, the loop
 * is unrolled.
 */

import type { Node as SyntaxNode } from "acorn";
import { DescendError } from "../../errors.js";
import { binary, constant, reduceMax, reshape, slice, sum } from "../build.js";
import { dotContraction } from "../contraction.js";
import { reduceMin } from "../derived.js";
import type { Node, Shape } from "../graph.js";
import { mapCompletion, neutral, resolve } from "./branches.js";
import { asDense, gatherLane, joinFirstAxes } from "./dense.js";
import { inIteration, itemsOf } from "./elements.js";
import { applyOperation, settle, toNumeric, toSym } from "./numbers.js";
import { binaryOperator } from "./operators.js";
import { CannotVectorize, type Completion, type Frame, LaneSplit, NORMAL, type Session, type Writes } from "./session.js";
import { append, runApart, setBinding, setContent, setItem } from "./store.js";
import { Accumulation, type Binding, type Gathering, Lane, List, Mixed, Rec, Sym, type Value } from "./values.js";

/** A loop over the iterations 0 ≤ k < count. */
interface Loop {
  readonly at: SyntaxNode;
  readonly count: number;
  /** False to unroll in any case. */
  readonly vectorizable: boolean;
  /** Outer variables that the body assigns to. */
  readonly assigned: readonly Binding[];
  /** Reads the body for iteration k, or for many at once. */
  readonly iteration: (k: number | Sym) => Completion;
  /** Called after each iteration, or once after many with their lane: takes what the body came to. */
  readonly keep?: (lane: Lane | undefined) => void;
}

/** More iterations than this are read at once if possible; fewer are unrolled. */
const UNROLLED = 16;
/** The same for loops over columns of a table, whose sums become products of matrices. */
const UNROLLED_OVER_ROWS = 3;
/** A loop is cut into at most so many stretches by conditions on its counter. */
const MAX_STRETCHES = 6;
/** Most elements of nested loops that are read at once. */
const MAX_LANES = 4_000_000;

/** Runs a loop. Ends normally, or with a `break`, `continue` or `return` that leaves the loop, which the caller knows about. */
export function runLoop(session: Session, loop: Loop): Completion {
  return runStretch(session, loop, 0, loop.count, loop.vectorizable);
}

function runStretch(session: Session, loop: Loop, from: number, to: number, vectorizable: boolean): Completion {
  if (vectorizable && to - from > UNROLLED_OVER_ROWS) {
    const outcome = readAtOnce(session, loop, from, to, true);
    if (outcome === "done") return NORMAL;
    if (outcome !== "failed") return runStretches(session, loop, outcome, 0);
  }
  for (let k = from; k < to; k++) {
    session.step(loop.at);
    const completion = loop.iteration(k);
    if (completion.type === "normal") {
      loop.keep?.(undefined);
      continue;
    }
    if (completion.type !== "split") return completion;
    return resolve(session, completion, () => {
      loop.keep?.(undefined);
      return runStretch(session, loop, k + 1, to, false);
    });
  }
  return NORMAL;
}

function runStretches(session: Session, loop: Loop, bounds: readonly number[], index: number): Completion {
  if (index + 1 >= bounds.length) return NORMAL;
  const completion = runStretch(session, loop, bounds[index]!, bounds[index + 1]!, true);
  if (completion.type === "normal") return runStretches(session, loop, bounds, index + 1);
  return resolve(session, completion, () => runStretches(session, loop, bounds, index + 1));
}

/** Reads the iterations from ≤ k < to at once. @returns "failed", or the bounds of the stretches in which conditions on k are constant. */
function readAtOnce(session: Session, loop: Loop, from: number, to: number, maySplit: boolean): "done" | "failed" | number[] {
  const depth = session.frames.length;
  const lanesAround = session.frames.reduce((product, { lane }) => product * lane.length, 1);
  if (lanesAround * (to - from) > MAX_LANES) return "failed";
  const lane = new Lane(to - from, depth);
  const indices = new Sym(
    constant(
      Float64Array.from({ length: to - from }, (_, k) => from + k),
      [to - from],
    ),
    [lane],
  );
  let frame: Frame | undefined;
  try {
    const { writes } = runApart(session, () => {
      frame = {
        lane,
        start: session.now(),
        journals: session.journals.length,
        assigned: new Set(loop.assigned),
        maySplit,
        reads: new Set(),
        appends: new Map(),
        stores: new Map(),
        readsRows: false,
      };
      session.frames.push(frame);
      for (const binding of frame.assigned) setBinding(session, binding, new Accumulation(lane, binding));
      const completion = withoutContinue(session, loop.iteration(indices));
      if (completion.type !== "normal") throw new CannotVectorize("it may end early");
    });
    session.frames.length = depth;
    if (to - from <= UNROLLED && !frame!.readsRows) return "failed";
    const effects = effectsOf(session, frame!, writes);
    loop.keep?.(lane);
    for (const effect of effects) effect();
    return "done";
  } catch (error) {
    session.frames.length = depth;
    if (error instanceof LaneSplit) {
      if (error.lane !== lane) throw error;
      const bounds = stretches(error.holds, from);
      return bounds.length - 1 <= MAX_STRETCHES ? bounds : readAtOnce(session, loop, from, to, false);
    }
    if (error instanceof CannotVectorize || (error instanceof DescendError && error.code !== "INTERNAL")) return "failed";
    throw error;
  }
}

/** In a loop that is read at once, `continue` and the end of the body are the same. */
function withoutContinue(session: Session, completion: Completion): Completion {
  return mapCompletion(session, completion, (leaf) => (leaf.type === "continue" && leaf.label === undefined ? NORMAL : leaf));
}

function stretches(holds: readonly boolean[], from: number): number[] {
  const bounds = [from];
  for (let k = 1; k < holds.length; k++) if (holds[k] !== holds[k - 1]) bounds.push(from + k);
  bounds.push(from + holds.length);
  return bounds;
}

/** What the loop leaves behind, checked before anything is changed. */
function effectsOf(session: Session, frame: Frame, writes: Writes): (() => void)[] {
  const { lane } = frame;
  const effects: (() => void)[] = [];
  for (const [binding, value] of writes.bindings) {
    if (value instanceof Accumulation && value.lane === lane) {
      if (value.binding !== binding) throw new CannotVectorize("a variable takes over the value of another");
      if (value.gathering === undefined) continue;
      const after = combine(session, value.gathering, binding.value, reduceOver(session, value.operand, lane, value.gathering));
      effects.push(() => setBinding(session, binding, after));
    } else {
      const last = lastOf(session, value, lane);
      effects.push(() => setBinding(session, binding, last));
    }
  }
  for (const [list, values] of frame.appends) {
    const added = appended(session, values, lane);
    effects.push(() => {
      if (list.length === 0 && !session.isOutside(list.birth)) setContent(session, list, added);
      else append(session, list, itemsOf(session, new List(added, session.now())));
    });
  }
  for (const [list, { index, value }] of frame.stores) {
    const gathered = gatheredValue(session, value, lane);
    effects.push(() => {
      const items = itemsOf(session, new List(gathered, session.now()));
      for (const [k, item] of items.entries()) setItem(session, list, index[k]!, item);
    });
  }
  return effects;
}

/** The value of all iterations as an array. */
export function gatheredValue(session: Session, value: Value, lane: Lane): Sym {
  const dense =
    value instanceof List
      ? asDense(session, value)
      : value instanceof Sym || typeof value === "number" || typeof value === "boolean"
        ? toSym(value)
        : undefined;
  if (dense === undefined) throw new CannotVectorize("an iteration gives something that is not a number");
  return gatherLane(dense, lane);
}

function appended(session: Session, values: readonly Value[], lane: Lane): Sym {
  if (values.length === 1) return gatheredValue(session, values[0], lane);
  return joinFirstAxes(gatheredValue(session, new List([...values], session.now()), lane));
}

/** The value in the last iteration, which a variable keeps after the loop. */
function lastOf(session: Session, value: Value, lane: Lane): Value {
  if (value instanceof Accumulation && value.lane === lane) throw new CannotVectorize("a variable is carried over to the next iteration");
  if (value instanceof Sym) return inIteration(session, value, lane, lane.length - 1);
  if (value instanceof List) {
    if (value.content instanceof Sym) return inIteration(session, value.content, lane, lane.length - 1);
    return new List(
      value.content.map((item) => lastOf(session, item, lane)),
      session.now(),
    );
  }
  if (value instanceof Rec) {
    return new Rec(new Map([...value.fields].map(([name, field]) => [name, lastOf(session, field, lane)])), session.now());
  }
  if (value === null || typeof value !== "object") return value;
  return new Mixed("something made in a loop");
}

function combine(session: Session, gathering: Gathering, before: Value, all: Value): Value {
  if (gathering === "add") return binaryOperator(session, "+", before, all, NOWHERE);
  if (gathering === "mul") return binaryOperator(session, "*", before, all, NOWHERE);
  const [a, b] = [toNumeric(before), toNumeric(all)];
  if (a === undefined || b === undefined) throw new CannotVectorize("it gathers something that is not a number");
  return applyOperation(session, gathering, [a, b]);
}

// A place for operators that are not in the source; errors on the way make the loop unrolled.
const NOWHERE = { type: "EmptyStatement", start: 0, end: 0 } as SyntaxNode;

/** The operands of all iterations together. */
function reduceOver(session: Session, operand: Value, lane: Lane, gathering: Gathering): Value {
  const value = toNumeric(operand);
  if (value === undefined) throw new CannotVectorize("it gathers something that is not a number");
  if (!(value instanceof Sym) || !value.lanes.includes(lane)) {
    if (gathering === "add") return applyOperation(session, "mul", [value, lane.length]);
    if (gathering === "mul") return applyOperation(session, "pow", [value, lane.length]);
    return value;
  }
  const gathered = gatherLane(value, lane);
  const axis = gathered.firstAxis;
  const known = gathered.lanes.length === 0 ? gathered.known : undefined;
  if (known !== undefined) {
    const combineKnown = { add: (a: number, b: number) => a + b, mul: (a: number, b: number) => a * b, max: Math.max, min: Math.min }[
      gathering
    ];
    let total = neutral[gathering];
    for (let i = 0; i < known.length; i++) total = combineKnown(total, known[i]!);
    return total;
  }
  session.grow();
  switch (gathering) {
    case "add":
      return settle(sumOrDot(gathered.node, axis), gathered.lanes, false);
    case "max":
      return settle(reduceMax(gathered.node, [axis]), gathered.lanes, false);
    case "min":
      return settle(reduceMin(gathered.node, [axis]), gathered.lanes, false);
    case "mul":
      return product(session, gathered);
  }
}

/**
 * Sum over an axis. Of a product whose factors do not both have all the axes that remain it is a product of matrices, which
 * need not repeat them first.
 */
function sumOrDot(node: Node, axis: number): Node {
  if (node.op === "mul") {
    const [a, b] = node.inputs.map((factor) => withOwnAxes(factor, node.shape));
    const out = node.shape.map((_, i) => i).filter((i) => i !== axis);
    const repeated = out.some((i) => !a!.axes.includes(i) || !b!.axes.includes(i));
    if (repeated && a!.axes.includes(axis) && b!.axes.includes(axis)) {
      const product = dotContraction(a!.node, a!.axes, b!.node, b!.axes, out);
      if (product !== undefined) return product;
    }
  }
  return sum(node, [axis]);
}

/** A factor without the axes it was repeated along, and the axes of the whole that it has. */
function withOwnAxes(factor: Node, whole: Shape): { node: Node; axes: number[] } {
  const node = withoutBroadcast(factor);
  const missing = whole.length - node.shape.length;
  const axes = whole.map((_, i) => i).filter((i) => i >= missing && (node.shape[i - missing] !== 1 || whole[i] === 1));
  return {
    node: reshape(
      node,
      axes.map((i) => whole[i]!),
    ),
    axes,
  };
}

function withoutBroadcast(node: Node): Node {
  return node.op === "broadcast" ? withoutBroadcast(node.inputs[0]!) : node;
}

/** The product over the first axis of the rest, halving it: there is no primitive for it. */
function product(session: Session, value: Sym): Value {
  const axis = value.firstAxis;
  let node = value.node;
  let odd: Node | undefined;
  while (node.shape[axis]! > 1) {
    const half = Math.floor(node.shape[axis]! / 2);
    if (node.shape[axis]! % 2 === 1) {
      const rest = slice(node, axis, 2 * half, 2 * half + 1);
      odd = odd === undefined ? rest : binary("mul", odd, rest);
    }
    node = binary("mul", slice(node, axis, 0, half), slice(node, axis, half, 2 * half));
    session.grow(3);
  }
  const all = odd === undefined ? node : binary("mul", odd, node);
  return new Sym(
    reshape(
      all,
      all.shape.filter((_, i) => i !== axis),
    ),
    value.lanes,
  );
}
