/**
 * What an expression can be while a function is read: known JavaScript values, numbers known only when the graph runs,
 * and the arrays, records and functions that hold them.
 */

import type { ArrowFunctionExpression, FunctionDeclaration, FunctionExpression, Node as SyntaxNode } from "acorn";
import { elementCount, hasRows, type Node, type Shape } from "../graph.js";

/**
 * The iterations of a loop that is read once for all of them. A value that differs between iterations has an axis of this
 * length; the lanes of nested loops are ordered from the outermost inwards.
 */
export class Lane {
  readonly length: number;
  readonly depth: number;

  constructor(length: number, depth: number) {
    this.length = length;
    this.depth = depth;
  }
}

/**
 * A number, or a dense array of numbers, known when the graph runs.
 *
 * The shape of `node` is [rows?, ...lanes, ...rest]: one number per row and per iteration has no rest, an array has its
 * lengths there.
 */
export class Sym {
  readonly node: Node;
  readonly lanes: readonly Lane[];
  /** True if it stands for `true` or `false`: it is 1 or 0. */
  readonly boolean: boolean;

  constructor(node: Node, lanes: readonly Lane[] = [], boolean = false) {
    this.node = node;
    this.lanes = lanes;
    this.boolean = boolean;
  }

  /** Place of the first axis of the rest. */
  get firstAxis(): number {
    return (hasRows(this.node) ? 1 : 0) + this.lanes.length;
  }

  /** Lengths as an array; `[]` for a number. */
  get rest(): Shape {
    return this.node.shape.slice(this.firstAxis);
  }

  /** True for the same node with its axes meaning the same. */
  equals(other: Sym): boolean {
    return this.node === other.node && sameLanes(this.lanes, other.lanes);
  }

  /** The values by lane if they are known now, row-major over the lanes and the rest. */
  get known(): ArrayLike<number> | undefined {
    if (this.node.op !== "constant" || hasRows(this.node)) return undefined;
    const { value } = this.node.attributes;
    return typeof value === "number" ? new Float64Array(elementCount(this.node.shape)).fill(value) : value;
  }
}

export function sameLanes(a: readonly Lane[], b: readonly Lane[]): boolean {
  return a.length === b.length && a.every((lane, i) => lane === b[i]);
}

/** Typed arrays of other numbers than those of JavaScript. */
export type RoundingFormat = "Float32Array" | "Int32Array" | "Int16Array" | "Int8Array" | "Uint32Array" | "Uint16Array" | "Uint8Array";

/** An array with identity. Its content is one dense value or an item each; it becomes items when it is written to. */
export class List {
  content: Sym | Value[];
  /** When it came to be, see `Session.now`. */
  readonly birth: number;
  /** Rows of a dense content that were handed out: the same row is the same array. */
  rows: Map<number, List> | undefined;
  /** The dense array this is a row of, and its index; index undefined: of each iteration its own. */
  owner: { readonly list: List; readonly index: number | undefined } | undefined;
  /** True if it stands for one of two arrays, chosen by a condition known only later: it can be read but not changed. */
  chosen = false;
  /** Name of the typed array that it is, if that rounds what is written to it. */
  format: RoundingFormat | undefined;
  /** The items as one dense value, if they have been put together and are unchanged. */
  dense: Sym | undefined;

  constructor(content: Sym | Value[], birth: number) {
    this.content = content;
    this.birth = birth;
  }

  get length(): number {
    return this.content instanceof Sym ? this.content.rest[0]! : this.content.length;
  }
}

/** An object with named fields. */
export class Rec {
  fields: Map<string, Value>;
  readonly birth: number;
  /** As for {@link List}. */
  chosen = false;

  constructor(fields: Map<string, Value>, birth: number) {
    this.fields = fields;
    this.birth = birth;
  }
}

/** The names of the fields in JavaScript's order: whole numbers first, ascending. */
export function fieldNames({ fields }: Rec): string[] {
  return Object.keys(Object.fromEntries(fields));
}

/** Something to iterate over that is not an array: `x.entries()`, `x.keys()`. */
export class Sequence {
  readonly length: number;
  readonly at: (index: Value) => Value;

  constructor(length: number, at: (index: Value) => Value) {
    this.length = length;
    this.at = at;
  }
}

export type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/** A function whose source is read. */
export class Closure {
  readonly node: FunctionNode;
  readonly scope: Scope;

  constructor(node: FunctionNode, scope: Scope) {
    this.node = node;
    this.scope = scope;
  }
}

/** A function of the language that is known here, such as `Math.sin`; it may have members, as `Array.from` is one of `Array`. */
export class Builtin {
  readonly name: string;
  readonly call: (args: readonly Value[], at: SyntaxNode) => Value;
  readonly members: ReadonlyMap<string, Value>;
  /** The spread arguments arrive as {@link Spread}, not one by one. */
  readonly keepsSpread: boolean;

  constructor(
    name: string,
    call: (args: readonly Value[], at: SyntaxNode) => Value,
    options: { members?: ReadonlyMap<string, Value>; keepsSpread?: boolean } = {},
  ) {
    this.name = name;
    this.call = call;
    this.members = options.members ?? new Map();
    this.keepsSpread = options.keepsSpread ?? false;
  }
}

/** `...list` among the arguments of a builtin that can take it whole. */
export class Spread {
  readonly list: List;

  constructor(list: List) {
    this.list = list;
  }
}

/** How a loop that is read once gathers a number over its iterations. */
export type Gathering = "add" | "mul" | "max" | "min";

/**
 * A variable from outside a loop that is read once: its value at the start of the iteration, combined with `operand`.
 * After the loop it is the first value combined with the operands of all iterations. Any other use of it means that the
 * iterations depend on one another.
 */
export class Accumulation {
  /** Whose iteration it is the start of. */
  readonly lane: Lane;
  readonly binding: Binding;
  readonly gathering: Gathering | undefined;
  readonly operand: Value;

  constructor(lane: Lane, binding: Binding, gathering?: Gathering, operand?: Value) {
    this.lane = lane;
    this.binding = binding;
    this.gathering = gathering;
    this.operand = operand;
  }
}

/** A value that differs in kind between the branches of a condition known only later; an error to use, not to have. */
export class Mixed {
  readonly description: string;

  constructor(description: string) {
    this.description = description;
  }
}

export type Known = number | string | boolean | null | undefined;
export type Value = Known | Sym | List | Rec | Sequence | Closure | Builtin | Spread | Accumulation | Mixed;

/** A variable. */
export class Binding {
  value: Value;
  readonly birth: number;

  constructor(value: Value, birth: number) {
    this.value = value;
    this.birth = birth;
  }
}

/** The variables of a block, in those of the blocks around it. */
export class Scope {
  readonly parent: Scope | undefined;
  /** True for the outermost scope of a function, where `var` puts its variables. */
  readonly ofFunction: boolean;
  readonly bindings: Map<string, Binding> = new Map();

  constructor(parent: Scope | undefined, ofFunction = false) {
    this.parent = parent;
    this.ofFunction = ofFunction;
  }

  lookup(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const binding = scope.bindings.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  names(): string[] {
    const names = new Set<string>();
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      for (const name of scope.bindings.keys()) names.add(name);
    }
    return [...names];
  }
}

export function isKnown(value: Value): value is Known {
  return value === null || typeof value !== "object";
}

/** `an array of 3`, `a number`, for messages. */
export function describe(value: Value): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return typeof value === "string" ? "a text" : `the ${typeof value} ${value}`;
  if (value instanceof Sym) return value.boolean ? "a condition" : "a number";
  if (value instanceof List) return `an array of ${value.length}`;
  if (value instanceof Rec) return "an object";
  if (value instanceof Sequence) return "an iterator";
  if (value instanceof Closure || value instanceof Builtin) return "a function";
  if (value instanceof Accumulation) return "a number";
  return value instanceof Mixed ? value.description : "spread arguments";
}
