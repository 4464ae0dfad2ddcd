/** Values as instructions inside of loops: vectors along the vector axis, truths as masks. */

import { nativeOps, vectorOp } from "../format.js";
import type { Value } from "../lower/value.js";
import type { MathOp, VectorFunction } from "../math/math-op.js";
import { ShortMathLibrary } from "../math/short-library.js";
import { isMagnitude, largerMagnitude } from "./larger-magnitude.js";
import { ScalarWriter } from "./scalar-writer.js";
import { gatherAtOne, gatherLanes, loadVector } from "./vector-memory.js";

/** A function of vectors that is written into loops, and its operands. */
export interface ShortForm {
  readonly write: VectorFunction;
  readonly operands: readonly Value[];
}

/**
 * The fourth layer of the emitter. A local that holds a vector is known as `v` and the number of the value, and of the copy if copies
 * differ.
 */
export class VectorWriter extends ScalarWriter {
  /** Pushes a value as a vector along the vector axis; truths as masks. */
  vector(value: Value): void {
    if (value.op === "constant") {
      this.literal(value.constant);
      return;
    }
    const key = this.vectorKey(value);
    const local = this.known(key);
    if (local !== undefined) {
      this.f.get(local);
      return;
    }
    this.computeVector(value);
    // What all copies share is computed with the first of them.
    if (value.uses > 1 || (this.blockedAxis >= 0 && !this.varies(value))) this.keep(key, "v128");
  }

  /** Pushes a value as a vector of numbers: truths as 1 and 0. */
  vectorNumber(value: Value): void {
    this.vector(value);
    if (value.kind !== "truth") return;
    this.literal(1);
    this.f.op("v128.and");
  }

  /** Pushes a number in every lane. */
  literal(value: number): void {
    if (this.format.vector === "f64x2") this.f.f64x2(value);
    else this.f.f32x4(value);
  }

  zero(): void {
    this.f.v128(new Uint8Array(16));
  }

  /** Pushes a value as a vector and keeps it in a local, whatever it is. */
  protected vectorOrPlace(value: Value): void {
    const key = this.vectorKey(value);
    const local = this.known(key);
    if (local !== undefined) {
      this.f.get(local);
      return;
    }
    this.computeVector(value);
    this.keep(key, "v128");
  }

  /** True if the copies in flight have different values. */
  protected varies(value: Value): boolean {
    return this.blockedAxis >= 0 && (value.axes & (1 << this.blockedAxis)) !== 0;
  }

  protected vectorKey(value: Value): string {
    return `v${value.id}${this.varies(value) ? `:${this.copy}` : ""}`;
  }

  private computeVector(value: Value): void {
    const { f, format } = this;
    const [a, b, c] = value.args;
    const op = (name: string): void => {
      f.op(vectorOp(format, name));
    };
    if (value.axes === 0 && !(value.op === "load" && this.known(`s${value.id}`) === undefined)) {
      this.splat(value);
      return;
    }
    switch (value.op) {
      case "load":
        loadVector(this, value.access!);
        return;
      case "rowIndex": {
        // The table index of the first row of the vector, then of its neighbors.
        f.get(this.tileRow)
          .get(this.indexOf(value.constant))
          .get(this.indexOf(value.constant + 1))
          .op("i32.add")
          .i32(format.shift)
          .op("i32.shr_u")
          .op("i32.add");
        if (this.copy > 0 && this.varies(value)) f.i32(this.copy * this.copyStep).op("i32.add");
        f.op("i32x4.splat")
          .v128(new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer))
          .op("i32x4.add");
        f.op(format.vector === "f64x2" ? "f64x2.convert_low_i32x4_s" : "f32x4.convert_i32x4_s");
        return;
      }
      case "less":
      case "lessEqual":
      case "equal":
        this.vector(a!);
        this.vector(b!);
        op(value.op === "less" ? "lt" : value.op === "lessEqual" ? "le" : "eq");
        return;
      case "and":
      case "or":
        this.vector(a!);
        this.vector(b!);
        f.op(value.op === "and" ? "v128.and" : "v128.or");
        return;
      case "not":
        this.vector(a!);
        f.op("v128.not");
        return;
      case "nonzero":
        this.vector(a!);
        this.zero();
        op("ne");
        return;
      case "fromTruth":
        this.vector(a!);
        this.literal(1);
        f.op("v128.and");
        return;
      case "select":
        this.vector(b!);
        this.vector(c!);
        this.vector(a!);
        f.op("v128.bitselect");
        return;
      case "place":
        this.vector(a!);
        f.op(format.vector === "f64x2" ? "i32x4.trunc_sat_f64x2_s_zero" : "i32x4.trunc_sat_f32x4_s");
        f.i32x4(0)
          .op("i32x4.max_s")
          .i32x4(value.limit - 1)
          .op("i32x4.min_s")
          .i32x4(value.constant)
          .op("i32x4.mul");
        return;
      case "gather":
        this.gather(value);
        return;
      case "sign": {
        // 1 with the sign of a where |a| > 0, else a itself: ±0 and NaN are kept.
        this.literal(1);
        this.vector(a!);
        this.literal(-0);
        f.op("v128.and").op("v128.or");
        this.vector(a!);
        this.vector(a!);
        op("abs");
        this.zero();
        op("gt");
        f.op("v128.bitselect");
        return;
      }
      default:
        if (this.writeShortHere(value)) return;
        for (const arg of value.args) this.vector(arg);
        if (value.op === "max" && value.args.every(isMagnitude)) largerMagnitude(f, format);
        else if (nativeOps.has(value.op)) op(value.op);
        else f.call(this.math.get(value.op as MathOp, format.dtype));
    }
  }

  /** The short form that a function has inside of loops, and what it is of: for a constant times a number, the number. */
  shortForm(value: Value): ShortForm | undefined {
    if (!(this.math instanceof ShortMathLibrary) || value.axes === 0) return undefined;
    const op = value.op as MathOp;
    const [x] = value.args;
    if (x?.op === "mul") {
      const [a, b] = x.args as [Value, Value];
      const [factor, operand] = a.op === "constant" ? [a, b] : [b, a];
      const write = factor.op === "constant" ? this.math.shortFormOfMultiple(op, this.format.dtype, factor.constant) : undefined;
      if (write !== undefined) return { write, operands: [operand] };
    }
    const write = this.math.shortForm(op, this.format.dtype);
    return write && { write, operands: value.args };
  }

  /** Pushes a value that has a short form; false if it has none. */
  private writeShortHere(value: Value): boolean {
    const form = this.shortForm(value);
    if (form === undefined) return false;
    const [local] = this.writeShort(form, [this.copy]) as [number];
    this.f.get(local);
    this.f.release(local);
    return true;
  }

  /** Computes a short form for several copies side by side; returns the locals of the results, to be released. */
  protected writeShort({ write, operands }: ShortForm, copies: readonly number[]): readonly number[] {
    const { f, copy } = this;
    const locals = copies.map((k) => {
      this.copy = k;
      return operands.map((operand) => {
        this.vector(operand);
        const local = f.local("v128");
        f.set(local);
        return local;
      });
    });
    this.copy = copy;
    const results = (this.math as ShortMathLibrary).inlineShort(f, write, locals);
    for (const local of locals.flat()) f.release(local);
    return results;
  }

  /** A scalar in every lane. */
  private splat(value: Value): void {
    const { f, format } = this;
    if (value.kind === "truth") {
      f.i32(0);
      this.scalar(value);
      f.op("i32.sub").op("i32x4.splat");
      return;
    }
    this.scalar(value);
    f.op(value.kind === "number" ? vectorOp(format, "splat") : "i32x4.splat");
  }

  /** One index for all lanes is an ordinary access at a place that is known now. */
  private gather(value: Value): void {
    const place = value.args[0]!;
    const varies = (place.axes & (1 << this.vectorAxis)) !== 0;
    (varies ? gatherLanes : gatherAtOne)(this, value.access!, () => this.vector(place));
  }
}
