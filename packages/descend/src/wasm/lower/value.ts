/**
 * Values: the expressions that machine code is written from. A value is a number (or a truth) at one place of a loop
 * nest; outside of loops it is a scalar. Equal values are one object, so common subexpressions are found for free.
 *
 * Truths are kept apart from numbers: `less(a, b)` read as a condition needs no 1 or 0 in between, and products of
 * comparisons become `and`.
 */

import type { BinaryOp, ElementwiseOp, UnaryOp } from "../../graph/graph.js";
import { elementwisePrimitives } from "../../graph/primitives.js";
import { type Format, nativeOps } from "../format.js";
import type { Base } from "./view.js";

export type ValueOp =
  | ElementwiseOp
  /**
   * Leaves: a literal; memory at an address that is affine in the loop indices; a local that lives
   * across passes; the table index of the row.
   */
  | "constant"
  | "load"
  | "variable"
  | "rowIndex"
  /** Truths. */
  | "and"
  | "or"
  | "not"
  | "nonzero"
  /** 1 or 0. */
  | "fromTruth"
  /** A number made into an index 0 ≤ i < limit (truncated and clamped) times a stride; memory at such a place. */
  | "place"
  | "gather";

/** What a value is while it is computed: a number of the format, a truth (i32, or a mask of lanes), or an i32 (i32x4). */
export type ValueKind = "number" | "truth" | "place";

/** An address: base + offset + Σ index·stride over the loop axes, all in bytes. */
export interface Access {
  readonly base: Base;
  readonly offset: number;
  readonly strides: readonly number[];
}

export interface Value {
  /** Increases with creation, so operands have a smaller id. */
  readonly id: number;
  readonly op: ValueOp;
  readonly kind: ValueKind;
  readonly args: readonly Value[];
  /** The loop axes the value varies along, as bits. */
  readonly axes: number;
  /** Values that read it. */
  uses: number;
  /** Literal, stride of a place, or name of the variable. */
  readonly constant: number;
  readonly access: Access | undefined;
  /** Of a `place`: number of entries and bytes from one to the next. */
  readonly limit: number;
}

/** Primitives whose result is exact or correctly rounded, so folding them changes no bit. */
const exactOps: ReadonlySet<string> = new Set([...nativeOps, "sign", "less", "lessEqual", "equal"]);

/** All values of a function, equal ones made once. */
export class ValueGraph {
  private readonly known = new Map<string, Value>();
  private readonly format: Format;
  private variables = 0;

  constructor(format: Format) {
    this.format = format;
  }

  constant(value: number): Value {
    const rounded = this.format.round(value);
    return this.make("constant", "number", [], { constant: rounded, key: Object.is(rounded, -0) ? "-0" : String(rounded) });
  }

  /** The literals made so far. */
  get literals(): number[] {
    return [...this.known.values()].filter((value) => value.op === "constant").map((value) => value.constant);
  }

  load(access: Access): Value {
    let axes = 0;
    access.strides.forEach((stride, axis) => {
      if (stride !== 0) axes |= 1 << axis;
    });
    const end = axes === 0 ? 0 : 32 - Math.clz32(axes);
    return this.make("load", "number", [], {
      access,
      axes,
      key: `${access.base.id},${access.offset},${access.strides.slice(0, end).join()}`,
    });
  }

  /** The elements of a region that holds them one after the other. */
  loads(base: Base, elements: number): Value[] {
    return Array.from({ length: elements }, (_, i) => this.load({ base, offset: i * this.format.bytes, strides: [] }));
  }

  /** A number that lives in a local across passes. */
  variable(): Value {
    const constant = this.variables++;
    return this.make("variable", "number", [], { constant, key: String(constant) });
  }

  /** `axis` counts blocks of rows, the next one rows of a block. */
  rowIndex(axis: number): Value {
    return this.make("rowIndex", "number", [], { axes: 3 << axis, constant: axis, key: String(axis) });
  }

  /** Memory at `access` plus `stride` times the index that `index` is. */
  gather(index: Value, limit: number, stride: number, access: Access): Value {
    const place = this.make("place", "place", [this.number(index)], { limit, constant: stride, key: `${limit},${stride}` });
    let axes = 0;
    access.strides.forEach((s, axis) => {
      if (s !== 0) axes |= 1 << axis;
    });
    return this.make("gather", "number", [place], { access, axes, key: `${access.base.id},${access.offset},${access.strides.join()}` });
  }

  /** The index that a number stands for, times `stride`. */
  place(index: Value, limit: number, stride: number): Value {
    return this.make("place", "place", [this.number(index)], { limit, constant: stride, key: `${limit},${stride}` });
  }

  /** The value as a condition: nonzero is true. */
  truth(value: Value): Value {
    if (value.kind === "truth") return value;
    if (value.op === "fromTruth") return this.truth(value.args[0]!);
    return this.make("nonzero", "truth", [value], {});
  }

  /** The value as a number of the format. */
  number(value: Value): Value {
    if (value.kind === "truth") return this.make("fromTruth", "number", [value], {});
    return value;
  }

  apply(op: ElementwiseOp, args: readonly Value[]): Value {
    const special = this.logic(op, args);
    if (special !== undefined) return special;
    const numbers = args.map((arg) => this.number(arg));
    if (exactOps.has(op) && numbers.every((arg) => arg.op === "constant")) {
      const [a, b] = numbers;
      return this.constant(elementwisePrimitives[op].apply(a!.constant, b?.constant ?? 0, 0));
    }
    if (op === "stopGradient") return numbers[0]!;
    if (op === "less" || op === "lessEqual") {
      const split = this.compareParts(op, numbers[0]!, numbers[1]!);
      if (split !== undefined) return split;
    }
    const kind = op === "less" || op === "lessEqual" || op === "equal" ? "truth" : "number";
    return this.make(op, kind, numbers, {});
  }

  unary(op: UnaryOp, x: Value): Value {
    return this.apply(op, [x]);
  }

  binary(op: BinaryOp, a: Value, b: Value): Value {
    return this.apply(op, [a, b]);
  }

  /** Arithmetic on truths that needs no numbers. */
  private logic(op: ElementwiseOp, args: readonly Value[]): Value | undefined {
    const [a, b, c] = args;
    const isConstant = (value: Value, n: number): boolean => value.op === "constant" && Object.is(value.constant, n);
    const truths = args.length === 2 && a!.kind === "truth" && b!.kind === "truth";
    switch (op) {
      case "mul":
      case "min":
        return truths ? this.make("and", "truth", args, {}) : undefined;
      case "max":
        return truths ? this.make("or", "truth", args, {}) : undefined;
      case "sub":
        return isConstant(a!, 1) && b!.kind === "truth" ? this.not(b!) : undefined;
      case "equal":
        if (isConstant(b!, 0) && a!.kind === "truth") return this.not(a!);
        return isConstant(a!, 0) && b!.kind === "truth" ? this.not(b!) : undefined;
      case "select": {
        const condition = this.truth(a!);
        if (b === c) return b;
        if (isConstant(b!, 1) && isConstant(c!, 0)) return condition;
        if (isConstant(b!, 0) && isConstant(c!, 1)) return this.not(condition);
        return this.make("select", "number", [condition, this.number(b!), this.number(c!)], {});
      }
      default:
        return undefined;
    }
  }

  /**
   * A comparison with a maximum of scalars as comparisons with its operands: each can be a branch, and the maximum itself may
   * not be needed. max(a, b) < c is a < c and b < c, also for NaN; c < max(a, b) is c < a or c < b unless an operand is NaN, when the
   * maximum is no larger than anything, so both must be numbers for it to be true.
   */
  private compareParts(op: "less" | "lessEqual", a: Value, b: Value): Value | undefined {
    if (a.axes !== 0 || b.axes !== 0 || a.op !== "max") return undefined;
    // A part that compares constants is folded to a number.
    const parts = a.args.map((part) => this.truth(this.apply(op, [part, b])));
    return this.make("and", "truth", parts, {});
  }

  private not(truth: Value): Value {
    return truth.op === "not" ? truth.args[0]! : this.make("not", "truth", [truth], {});
  }

  private make(
    op: ValueOp,
    kind: ValueKind,
    args: readonly Value[],
    own: { key?: string; constant?: number; access?: Access; axes?: number; limit?: number },
  ): Value {
    let key: string = op;
    for (const arg of args) key += `,${arg.id}`;
    if (own.key !== undefined) key += `|${own.key}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    let axes = own.axes ?? 0;
    for (const arg of args) {
      axes |= arg.axes;
      arg.uses++;
    }
    const value: Value = {
      id: this.known.size,
      op,
      kind,
      args,
      axes,
      uses: 0,
      constant: own.constant ?? 0,
      access: own.access,
      limit: own.limit ?? 0,
    };
    this.known.set(key, value);
    return value;
  }
}
