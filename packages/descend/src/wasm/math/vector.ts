/**
 * Vector expressions: lane-wise arithmetic written as ordinary expressions, then emitted as one function body.
 *
 * A {@link Vector} is an immutable node of an expression over v128 values; `x.mul(y).add(1)` builds nodes, {@link emitVector}
 * turns results into instructions. A node that is read twice is computed once. Everything is lane-wise, so a
 * lane never depends on its neighbors; the one branch there is, {@link Vector.guard}, changes only the lanes of its mask.
 */

import type { FunctionBuilder } from "../encode/assembler.js";
import type { PlainInstruction } from "../encode/opcodes.js";

/** How a v128 is divided: two float64 or four float32 (or integers of the same width). */
export type Lanes = "f64x2" | "f32x4";

type Content =
  | { readonly kind: "param"; readonly index: number }
  | { readonly kind: "constant"; readonly bytes: Uint8Array }
  | { readonly kind: "view" }
  | { readonly kind: "plain"; readonly name: PlainInstruction }
  | { readonly kind: "shift"; readonly name: PlainInstruction; readonly count: number }
  | { readonly kind: "shuffle"; readonly lanes: readonly number[] }
  | { readonly kind: "call"; readonly target: FunctionBuilder }
  | { readonly kind: "guard"; readonly target: FunctionBuilder };

/** An operand: another vector, or a number that stands in every lane. */
export type Operand = Vector | number;

/** One v128 value of an expression. Methods named like arithmetic are IEEE operations on floating-point lanes. */
export class Vector {
  readonly lanes: Lanes;
  readonly content: Content;
  readonly operands: readonly Vector[];

  constructor(lanes: Lanes, content: Content, operands: readonly Vector[] = []) {
    this.lanes = lanes;
    this.content = content;
    this.operands = operands;
  }

  add(other: Operand): Vector {
    return this.float("add", other);
  }
  sub(other: Operand): Vector {
    return this.float("sub", other);
  }
  mul(other: Operand): Vector {
    return this.float("mul", other);
  }
  div(other: Operand): Vector {
    return this.float("div", other);
  }
  /** The smaller of this and a bound; a NaN of this stays. */
  atMost(bound: Operand): Vector {
    return this.float("pmin", bound);
  }
  /** The larger of this and a bound; a NaN of this stays. */
  atLeast(bound: Operand): Vector {
    return this.float("pmax", bound);
  }
  sqrt(): Vector {
    return this.float("sqrt");
  }
  neg(): Vector {
    return this.float("neg");
  }
  abs(): Vector {
    return this.float("abs");
  }
  floor(): Vector {
    return this.float("floor");
  }
  trunc(): Vector {
    return this.float("trunc");
  }
  /** The nearest whole number, ties to even. */
  nearest(): Vector {
    return this.float("nearest");
  }

  // Comparisons give masks: all bits of a lane set or clear. They are false where an operand is NaN, except notEqual.
  less(other: Operand): Vector {
    return this.float("lt", other);
  }
  lessEqual(other: Operand): Vector {
    return this.float("le", other);
  }
  greater(other: Operand): Vector {
    return this.float("gt", other);
  }
  greaterEqual(other: Operand): Vector {
    return this.float("ge", other);
  }
  equal(other: Operand): Vector {
    return this.float("eq", other);
  }
  notEqual(other: Operand): Vector {
    return this.float("ne", other);
  }
  isNaN(): Vector {
    return this.notEqual(this);
  }
  /** Lanes that are beyond ±limit, or NaN. */
  isBeyond(limit: number): Vector {
    return this.abs().bitsGreater(this.like(limit));
  }

  and(other: Vector): Vector {
    return this.plain("v128.and", other);
  }
  or(other: Vector): Vector {
    return this.plain("v128.or", other);
  }
  xor(other: Vector): Vector {
    return this.plain("v128.xor", other);
  }
  not(): Vector {
    return this.plain("v128.not");
  }
  /** For a mask: `a` where it is set, `b` elsewhere. */
  select(a: Operand, b: Operand): Vector {
    return new Vector(this.lanes, { kind: "plain", name: "v128.bitselect" }, [this.operand(a), this.operand(b), this]);
  }

  // Integer operations on the bits of a lane
  bitsAdd(other: Vector): Vector {
    return this.integer("add", other);
  }
  bitsSub(other: Vector): Vector {
    return this.integer("sub", other);
  }
  bitsEqual(other: Vector): Vector {
    return this.integer("eq", other);
  }
  /** Compares the bits as signed integers: for positive floating-point lanes the order of their values, with NaN above ∞. */
  bitsGreater(other: Vector): Vector {
    return this.integer("gt_s", other);
  }
  shiftLeft(count: number): Vector {
    return this.shift("shl", count);
  }
  /** Logical shift: zeros come in from the left. */
  shiftRight(count: number): Vector {
    return this.shift("shr_u", count);
  }

  /** The sign bit alone. */
  signBit(): Vector {
    return this.and(this.like(-0));
  }
  /** This magnitude with the sign of another: for values whose own sign bit is clear. */
  withSign(signBit: Vector): Vector {
    return this.or(signBit);
  }

  /** A number in every lane, in the format of this vector. */
  like(value: number): Vector {
    return constant(this.lanes, value);
  }
  /** The same bits in every lane, in the width of this vector. */
  bits(value: bigint): Vector {
    return bitPattern(this.lanes, value);
  }

  /** An instruction by name, for conversions. */
  plain(name: PlainInstruction, ...others: Vector[]): Vector {
    return new Vector(this.lanes, { kind: "plain", name }, [this, ...others]);
  }

  /** The same 128 bits seen as other lanes. */
  as(lanes: Lanes): Vector {
    return lanes === this.lanes ? this : new Vector(lanes, { kind: "view" }, [this]);
  }

  /** 32-bit lanes of this and another picked by index 0…7. */
  pick32(other: Vector, lanes: readonly [number, number, number, number]): Vector {
    return new Vector(this.lanes, { kind: "shuffle", lanes: lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)) }, [
      this,
      other,
    ]);
  }

  /**
   * This value, except in the lanes of `mask`, where it is `target(…args)`. The function is called only if a lane is set,
   * and its other lanes are dropped, so rare arguments cost nothing elsewhere and change nothing elsewhere.
   */
  guard(mask: Vector, target: FunctionBuilder, ...args: Vector[]): Vector {
    return new Vector(this.lanes, { kind: "guard", target }, [this, mask, ...args]);
  }

  private operand(value: Operand): Vector {
    return typeof value === "number" ? this.like(value) : value;
  }
  private float(name: string, ...others: Operand[]): Vector {
    return this.plain(`${this.lanes}.${name}` as PlainInstruction, ...others.map((other) => this.operand(other)));
  }
  private integer(name: string, other: Vector): Vector {
    return this.plain(`${integerLanes[this.lanes]}.${name}` as PlainInstruction, other);
  }
  private shift(name: string, count: number): Vector {
    return new Vector(this.lanes, { kind: "shift", name: `${integerLanes[this.lanes]}.${name}` as PlainInstruction, count }, [this]);
  }
}

const integerLanes = { f64x2: "i64x2", f32x4: "i32x4" } as const;

/** A parameter of the function under construction. */
export function parameter(lanes: Lanes, index: number): Vector {
  return new Vector(lanes, { kind: "param", index });
}

/** A number in every lane. */
export function constant(lanes: Lanes, value: number): Vector {
  const buffer = lanes === "f64x2" ? new Float64Array(2).fill(value).buffer : new Float32Array(4).fill(value).buffer;
  return new Vector(lanes, { kind: "constant", bytes: new Uint8Array(buffer) });
}

/** The same integer in every lane. */
export function bitPattern(lanes: Lanes, value: bigint): Vector {
  const buffer =
    lanes === "f64x2"
      ? new BigUint64Array(2).fill(BigInt.asUintN(64, value)).buffer
      : new Uint32Array(4).fill(Number(BigInt.asUintN(32, value))).buffer;
  return new Vector(lanes, { kind: "constant", bytes: new Uint8Array(buffer) });
}

/** A call of a function of vectors. */
export function call(target: FunctionBuilder, lanes: Lanes, ...args: Vector[]): Vector {
  return new Vector(lanes, { kind: "call", target }, args);
}

/** Writes a literal. */
export type LoadConstant = (f: FunctionBuilder, bytes: Uint8Array) => void;

/**
 * Writes the instructions that leave `results` on the stack.
 *
 * @param params - the locals that hold the parameters.
 */
export function emitVector(f: FunctionBuilder, results: readonly Vector[], params: readonly number[], loadConstant: LoadConstant): void {
  const uses = new Map<Vector, number>();
  const count = (node: Vector): void => {
    const before = uses.get(node) ?? 0;
    uses.set(node, before + 1);
    // A view is not stored itself: each of its readers reads its operand.
    if (before === 0 || node.content.kind === "view") node.operands.forEach(count);
  };
  results.forEach(count);
  const stored = new Map<Vector, number>();
  const locals: number[] = [];
  const newLocal = (): number => {
    const local = f.local("v128");
    locals.push(local);
    return local;
  };

  const emit = (node: Vector): void => {
    const { content, operands } = node;
    if (content.kind === "param") {
      f.get(params[content.index]!);
      return;
    }
    if (content.kind === "constant") {
      loadConstant(f, content.bytes);
      return;
    }
    if (content.kind === "view") {
      emit(operands[0]!);
      return;
    }
    const known = stored.get(node);
    if (known !== undefined) {
      f.get(known);
      return;
    }
    if (content.kind === "guard") {
      emitGuard(node, content.target);
      return;
    }
    operands.forEach(emit);
    switch (content.kind) {
      case "plain":
        f.op(content.name);
        break;
      case "shift":
        f.i32(content.count).op(content.name);
        break;
      case "shuffle":
        f.shuffle(content.lanes);
        break;
      case "call":
        f.call(content.target);
        break;
    }
    if (uses.get(node)! > 1) {
      const local = newLocal();
      stored.set(node, local);
      f.tee(local);
    }
  };

  // What the rare branch reads is computed before it, so that nothing is left unset when the branch is not taken.
  const emitGuard = (node: Vector, target: FunctionBuilder): void => {
    const [usual, mask, ...args] = node.operands as [Vector, Vector, ...Vector[]];
    const argLocals = args.map((arg) => {
      if (arg.content.kind === "param") return params[arg.content.index]!;
      const local = newLocal();
      emit(arg);
      f.set(local);
      return local;
    });
    const value = newLocal();
    const maskLocal = newLocal();
    emit(usual);
    f.set(value);
    emit(mask);
    f.tee(maskLocal)
      .op("v128.any_true")
      .if(() => {
        for (const local of argLocals) f.get(local);
        f.call(target).get(value).get(maskLocal).op("v128.bitselect").set(value);
      });
    stored.set(node, value);
    f.get(value);
  };

  results.forEach(emit);
  for (const local of locals) f.release(local);
}
