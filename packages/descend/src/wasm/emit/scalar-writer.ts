/** Values as instructions outside of loops: scalars on the stack of the machine, and branches on conditions. */

import type { FunctionBuilder, Label } from "../encode/assembler.js";
import type { ValueType } from "../encode/opcodes.js";
import { type Format, nativeOps, scalarOp, vectorOp } from "../format.js";
import type { Value } from "../lower/value.js";
import type { MathLibrary, MathOp } from "../math/library.js";
import { Addresses } from "./addresses.js";
import { isMagnitude, largerMagnitude } from "./larger-magnitude.js";

/** Depth to which expressions are written without a local in between. */
const MAX_NESTING = 24;

/** The third layer of the emitter. A local that holds a scalar is known as `s` and the number of the value. */
export class ScalarWriter extends Addresses {
  /** Addresses of literals in memory. An operand in memory needs no register; a literal in the code does. */
  literalAddresses: ReadonlyMap<number, number> = new Map();

  readonly math: MathLibrary;

  constructor(f: FunctionBuilder, format: Format, math: MathLibrary) {
    super(f, format);
    this.math = math;
  }

  /** Computes scalars now, so that they can be read later in inner scopes. */
  ensureScalars(wanted: Iterable<Value>): void {
    const order: Value[] = [];
    const seen = new Set<Value>();
    const wantedSet = new Set<Value>();
    const stack: Value[] = [];
    for (const value of wanted) {
      wantedSet.add(value);
      stack.push(value);
    }
    while (stack.length > 0) {
      const value = stack.pop()!;
      if (seen.has(value) || value.op === "constant" || this.known(`s${value.id}`) !== undefined) continue;
      seen.add(value);
      order.push(value);
      stack.push(...value.args);
    }
    order.sort((a, b) => a.id - b.id);
    const depth = new Map<Value, number>();
    for (const value of order) {
      const nesting = 1 + Math.max(0, ...value.args.map((arg) => depth.get(arg) ?? 0));
      const own = value.uses > 1 || nesting > MAX_NESTING || wantedSet.has(value);
      depth.set(value, own ? 0 : nesting);
      if (!own || this.known(`s${value.id}`) !== undefined) continue;
      this.computeScalar(value);
      this.keep(`s${value.id}`, this.scalarType(value));
      this.f.op("drop");
    }
  }

  /** Computes a scalar into a local of its own, which stands for it from here on and may be set anew. */
  holdScalar(value: Value): number {
    const local = this.f.local(this.scalarType(value));
    this.scalar(value);
    this.f.set(local);
    this.bindVariable(value, local);
    return local;
  }

  /** Branches if the condition does not hold; a conjunction is tested part by part. */
  branchUnless(condition: Value, label: Label): void {
    if (this.known(`s${condition.id}`) === undefined && condition.op === "and") {
      for (const part of condition.args) this.branchUnless(part, label);
      return;
    }
    this.scalar(condition);
    this.f.op("i32.eqz").brIf(label);
  }

  /** Branches if the condition holds; conjunctions and disjunctions are tested part by part. */
  branchIf(condition: Value, label: Label): void {
    if (this.known(`s${condition.id}`) === undefined) {
      if (condition.op === "or") {
        for (const part of condition.args) this.branchIf(part, label);
        return;
      }
      if (condition.op === "and") {
        this.f.block((not) => {
          this.branchUnless(condition.args[0]!, not);
          this.branchIf(condition.args[1]!, label);
        });
        return;
      }
    }
    this.scalar(condition);
    this.f.brIf(label);
  }

  private scalarType(value: Value): ValueType {
    return value.kind === "number" ? this.format.scalar : "i32";
  }

  /** Pushes a scalar: f64 or f32, or i32 for truths and places. */
  scalar(value: Value): void {
    const local = this.known(`s${value.id}`);
    if (local !== undefined) this.f.get(local);
    else this.computeScalar(value);
  }

  /** Pushes a literal of the format. */
  number(value: number): void {
    if (this.format.scalar === "f64") this.f.f64(value);
    else this.f.f32(value);
  }

  private computeScalar(value: Value): void {
    const { f, format } = this;
    const [a, b, c] = value.args;
    const op = (name: string): void => {
      f.op(scalarOp(format, name));
    };
    switch (value.op) {
      case "constant": {
        const address = this.literalAddresses.get(value.constant);
        if (address === undefined) this.number(value.constant);
        else f.i32(0).memory(`${format.scalar}.load`, address);
        return;
      }
      case "load":
        f.memory(`${format.scalar}.load`, this.address(value.access!));
        return;
      case "less":
      case "lessEqual":
      case "equal":
        this.scalar(a!);
        this.scalar(b!);
        op(value.op === "less" ? "lt" : value.op === "lessEqual" ? "le" : "eq");
        return;
      case "and":
      case "or":
        this.scalar(a!);
        this.scalar(b!);
        f.op(value.op === "and" ? "i32.and" : "i32.or");
        return;
      case "not":
        this.scalar(a!);
        f.op("i32.eqz");
        return;
      case "nonzero":
        this.scalar(a!);
        this.number(0);
        op("ne");
        return;
      case "fromTruth":
        this.scalar(a!);
        op("convert_i32_s");
        return;
      case "select":
        this.scalar(b!);
        this.scalar(c!);
        this.scalar(a!);
        f.op("select");
        return;
      case "place":
        this.scalar(a!);
        f.op(format.scalar === "f64" ? "i32.trunc_sat_f64_s" : "i32.trunc_sat_f32_s");
        this.clampIndex(value);
        return;
      case "gather": {
        const offset = this.address(value.access!);
        this.scalar(a!);
        f.op("i32.add").memory(`${format.scalar}.load`, offset);
        return;
      }
      case "sign": {
        // ±0 and NaN are kept.
        this.number(1);
        this.scalar(a!);
        op("copysign");
        this.scalar(a!);
        this.scalar(a!);
        op("abs");
        this.number(0);
        op("gt");
        f.op("select");
        return;
      }
      default:
        if (value.op === "max" && value.args.every(isMagnitude)) {
          for (const arg of value.args) {
            this.scalar(arg);
            f.op(vectorOp(format, "splat"));
          }
          largerMagnitude(f, format);
          f.lane(`${format.vector}.extract_lane`, 0);
          return;
        }
        if (nativeOps.has(value.op)) {
          for (const arg of value.args) this.scalar(arg);
          op(value.op);
          return;
        }
        for (const arg of value.args) {
          this.scalar(arg);
          f.op(vectorOp(format, "splat"));
        }
        f.call(this.math.get(value.op as MathOp, format.dtype)).lane(`${format.vector}.extract_lane`, 0);
    }
  }

  /** Clamps the i32 on the stack to 0 ≤ i < limit and multiplies by the stride. */
  private clampIndex(place: Value): void {
    const { f } = this;
    const i = f.local("i32");
    f.tee(i).i32(0).get(i).i32(0).op("i32.gt_s").op("select").tee(i);
    f.i32(place.limit - 1)
      .get(i)
      .i32(place.limit - 1)
      .op("i32.lt_s")
      .op("select");
    f.i32(place.constant).op("i32.mul");
    f.release(i);
  }
}
