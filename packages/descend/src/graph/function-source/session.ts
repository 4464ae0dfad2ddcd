/**
 * The state of reading one function: loops that are being read once for all their iterations, branches whose effects may
 * have to be taken back, and how much has been done.
 */

import type { Expression, Statement, Node as SyntaxNode } from "acorn";
import type { Node } from "../graph.js";
import { unreadable } from "./locate.js";
import type { Binding, Lane, List, Rec, Scope, Sym, Value } from "./values.js";

/** Nodes that one function may become. More means that a long loop was unrolled. */
const NODE_LIMIT = 200_000;
/** Expressions and statements that are evaluated at most: a bound on loops over known values. */
const STEP_LIMIT = 5_000_000;
/** Calls inside calls. */
const CALL_DEPTH_LIMIT = 400;

/** Thrown and caught inside: a loop cannot be read once for all iterations, so it is unrolled. */
export class CannotVectorize extends Error {}

/** Thrown and caught inside: a condition holds for some known iterations of the loop over `lane` only, so the loop is cut there. */
export class LaneSplit extends Error {
  readonly lane: Lane;
  readonly holds: readonly boolean[];

  constructor(lane: Lane, holds: readonly boolean[]) {
    super();
    this.lane = lane;
    this.holds = holds;
  }
}

/** A loop that is being read once for all its iterations. */
export interface Frame {
  readonly lane: Lane;
  /** {@link Session.now} at its start: what was born before lives outside the loop. */
  readonly start: number;
  /** Open journals at its start: with more, the code runs under a condition. */
  readonly journals: number;
  /** Outer variables its body assigns to. */
  readonly assigned: ReadonlySet<Binding>;
  /** May conditions on the iteration cut the loop into pieces? */
  readonly maySplit: boolean;
  /** Outer arrays that the body read, appended to, and wrote to by index. */
  readonly reads: Set<List>;
  readonly appends: Map<List, Value[]>;
  readonly stores: Map<List, { index: ArrayLike<number>; value: Value }>;
  /** True once columns of rows were read at once, by it or a loop in it: such loops become products of matrices and pay when short, too. */
  readsRows: boolean;
}

/** What was there before the writes made since the journal was opened. */
export interface Journal {
  readonly start: number;
  readonly bindings: Map<Binding, Value>;
  readonly lists: Map<List, List["content"]>;
  readonly records: Map<Rec, Map<string, Value>>;
}

/** What writes left behind, to be made again or merged with those of another branch. */
export interface Writes {
  readonly bindings: ReadonlyMap<Binding, Value>;
  readonly lists: ReadonlyMap<List, List["content"]>;
  readonly records: ReadonlyMap<Rec, Map<string, Value>>;
}

/** How a statement ended, if it ended in one way. */
export type Ending =
  | { readonly type: "normal" }
  | { readonly type: "return"; readonly value: Value }
  | { readonly type: "break" | "continue"; readonly label: string | undefined };

/** How a statement ended: in one way, or in several ways depending on conditions. What follows is read for each, see `resolve`. */
export type Completion = Ending | { readonly type: "split"; readonly ways: readonly Way[] };

/** One of several ways: of a kind of its own, under a condition of which exactly one holds, and with writes that are not in force. */
export interface Way {
  readonly condition: boolean | Sym;
  readonly ending: Ending;
  readonly writes: Writes;
}

/** One side of a condition: how it ended, and the writes it made, which are not in force. Those of a split come before the split. */
export interface Branch {
  readonly completion: Completion;
  readonly writes: Writes;
}

export const NORMAL: Ending = { type: "normal" };

/** The parts of the reader that call one another, tied together here so that their files need not. */
interface Reader {
  evaluate(node: Expression, scope: Scope): Value;
  execute(node: Statement, scope: Scope): Completion;
  /** A list of statements, the functions it declares first. */
  executeAll(nodes: readonly Statement[], scope: Scope): Completion;
  call(callee: Value, args: readonly Value[], at: SyntaxNode): Value;
}

export class Session {
  readonly frames: Frame[] = [];
  readonly journals: Journal[] = [];
  /** Conditions on known iterations that hold where the code now runs; elsewhere its values are not used. */
  readonly masks: Sym[] = [];
  /** Nodes by what they are, so that the same expression is the same node. */
  readonly cache: Map<string, Node> = new Map();
  /** Of values that are an element of an array: which. */
  readonly origins: WeakMap<Sym, { readonly source: Sym; readonly index: number }> = new WeakMap();
  readonly global: Scope;
  reader!: Reader;
  /** The piece of source that is being read. */
  current: SyntaxNode | undefined;
  private time = 0;
  private nodes = 0;
  private steps = 0;
  private callDepth = 0;

  constructor(global: Scope) {
    this.global = global;
  }

  /** A number that grows: tells what came to be before what. */
  now(): number {
    return ++this.time;
  }

  /** Counts a step of reading. */
  step(at: SyntaxNode): void {
    this.current = at;
    if (++this.steps > STEP_LIMIT) {
      throw unreadable("a loop that does not end soon", at, `Reading it takes more than ${STEP_LIMIT} steps.`);
    }
  }

  /** Counts nodes of the graph. */
  grow(count = 1): void {
    this.nodes += count;
    if (this.nodes > NODE_LIMIT) {
      throw unreadable(
        `a calculation of more than ${NODE_LIMIT} operations`,
        this.current,
        "Loops whose iterations depend on one another are unrolled; use fewer iterations, or tensors.",
      );
    }
  }

  /** Runs a call inside the call that is being read. */
  enter<T>(at: SyntaxNode, body: () => T): T {
    if (++this.callDepth > CALL_DEPTH_LIMIT) {
      throw unreadable(
        "a recursion that does not end",
        at,
        `Its depth must be known while the function is read, and at most ${CALL_DEPTH_LIMIT}.`,
      );
    }
    try {
      return body();
    } finally {
      this.callDepth--;
    }
  }

  get innermost(): Frame | undefined {
    return this.frames[this.frames.length - 1];
  }

  /** True if `birth` lies before the start of a loop that is being read once. */
  isOutside(birth: number): boolean {
    return this.frames.some((frame) => birth < frame.start);
  }

  /** Remembers that an array was looked at: a loop that looks at what it writes is unrolled. */
  noteRead(list: List): void {
    for (const frame of this.frames) {
      if (list.birth > frame.start) continue;
      if (frame.appends.has(list) || frame.stores.has(list)) throw new CannotVectorize("it reads an array it writes");
      frame.reads.add(list);
    }
  }
}
