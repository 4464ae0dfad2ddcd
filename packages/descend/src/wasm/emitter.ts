/**
 * Writes values as instructions, in two modes: as scalars outside of loops, as vectors along one axis of a loop nest.
 *
 * What has been computed is kept in a local until its scope ends, so a value is computed once wherever it is read. Before a loop
 * is entered, {@link Emitter.hoist} computes what does not change inside it: splats, partial addresses, whole subexpressions.
 */

import { invariant } from "../errors.js";
import type { FunctionBuilder, Label } from "./assembler.js";
import { type Format, scalarOp, vectorOp } from "./format.js";
import type { MathLibrary, MathOp } from "./math/library.js";
import type { ValueType } from "./opcodes.js";
import type { Access, Value } from "./value.js";
import type { Base, Pointer } from "./view.js";

/** True if no lane of the value has its sign bit set, NaN included. */
function isMagnitude(value: Value): boolean {
  return value.op === "abs" || (value.op === "max" && value.args.every(isMagnitude));
}

/** Depth to which expressions are written without a local in between. */
const MAX_NESTING = 24;

/** A loop axis while its loop is open. */
interface OpenAxis {
  readonly axis: number;
  /** The local that holds index × unit. */
  readonly local: number;
  /** Bytes the local advances per element. */
  readonly unit: number;
}

interface Scope {
  readonly known: Map<string, number>;
  readonly locals: number[];
}

const nativeOps: ReadonlySet<string> = new Set(["neg", "abs", "floor", "ceil", "trunc", "sqrt", "add", "sub", "mul", "div", "min", "max"]);

export class Emitter {
  readonly f: FunctionBuilder;
  readonly format: Format;
  private readonly math: MathLibrary;
  private readonly pointers = new Map<Pointer, number>();
  private readonly scopes: Scope[] = [{ known: new Map(), locals: [] }];
  private open: OpenAxis[] = [];
  private openMask = 0;

  /** The axis along which vectors run, and how many lanes of the current vector exist (the rest may be garbage). */
  vectorAxis = -1;
  activeLanes = 0;
  /** The axis of which several elements (or vectors) are in flight, and which of them is being written. */
  blockedAxis = -1;
  copy = 0;
  /** Elements from one copy to the next. */
  copyStep = 1;
  /** Local with the table index of row 0 of the tile. */
  tileRow = -1;
  /** Addresses of literals in memory. An operand in memory needs no register; a literal in the code does. */
  literalAddresses: ReadonlyMap<number, number> = new Map();

  constructor(f: FunctionBuilder, format: Format, math: MathLibrary) {
    this.f = f;
    this.format = format;
    this.math = math;
    this.activeLanes = format.lanes;
  }

  // ---- Scopes and loops -----------------------------------------------------------------------------------------------

  scope(body: () => void): void {
    this.scopes.push({ known: new Map(), locals: [] });
    body();
    for (const local of this.scopes.pop()!.locals) this.f.release(local);
  }

  /** Runs `body` with a loop axis open: `local` holds its index times `unit` bytes. */
  withAxis(axis: number, local: number, unit: number, body: () => void): void {
    this.open.push({ axis, local, unit });
    this.openMask |= 1 << axis;
    this.scope(body);
    this.open = this.open.slice(0, -1);
    this.openMask &= ~(1 << axis);
  }

  /** The local with the index of an open axis. */
  indexOf(axis: number): number {
    return this.open.find((open) => open.axis === axis)!.local;
  }

  /** Declares axes that have one index only: nothing changes along them. */
  withFixedAxes(mask: number, body: () => void): void {
    const before = this.openMask;
    this.openMask |= mask;
    body();
    this.openMask = before;
  }

  bind(pointer: Pointer, local: number): void {
    this.pointers.set(pointer, local);
  }

  /** Lets a local stand for a variable. */
  bindVariable(variable: Value, local: number): void {
    this.scopes[0]!.known.set(`s${variable.id}`, local);
  }

  private known(key: string): number | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = this.scopes[i]!.known.get(key);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** Keeps the value on the stack in a new local of the innermost scope, and leaves it on the stack. */
  private keep(key: string, type: ValueType): number {
    const local = this.f.local(type);
    const scope = this.scopes[this.scopes.length - 1]!;
    scope.known.set(key, local);
    scope.locals.push(local);
    this.f.tee(local);
    return local;
  }

  // ---- Scalars --------------------------------------------------------------------------------------------------------

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
          this.largerMagnitude();
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

  // ---- Addresses ------------------------------------------------------------------------------------------------------

  /** Pushes the changing part of an address; returns the fixed part. */
  address(access: Access): number {
    const local = this.partialAddress(access.base, access.strides, this.open.length);
    if (local === undefined) this.f.i32(0);
    else this.f.get(local);
    return this.fixedPart(access);
  }

  private fixedPart(access: Access): number {
    const along = this.blockedAxis >= 0 ? (access.strides[this.blockedAxis] ?? 0) : 0;
    const start = access.base.kind === "region" ? access.base.address : 0;
    invariant(access.base.kind === "pointer" || start >= 0, "memory has its place before code is written");
    return start + access.offset + this.copy * this.copyStep * along;
  }

  /** A local with pointer + Σ index·stride over the first `depth` open axes; undefined if that is 0. */
  private partialAddress(base: Base, strides: readonly number[], depth: number): number | undefined {
    if (depth === 0) {
      if (base.kind === "region") return undefined;
      const local = this.pointers.get(base);
      invariant(local !== undefined, `the pointer "${base.name}" is known here`);
      return local;
    }
    const { axis, local: index, unit } = this.open[depth - 1]!;
    const stride = strides[axis] ?? 0;
    if (stride === 0) return this.partialAddress(base, strides, depth - 1);
    let key = base.kind === "region" ? "a" : `a${base.id}`;
    for (let i = 0; i < depth; i++) {
      const own = strides[this.open[i]!.axis] ?? 0;
      if (own !== 0) key += `|${this.open[i]!.axis}:${own}`;
    }
    const known = this.known(key);
    if (known !== undefined) return known;
    const outer = this.partialAddress(base, strides, depth - 1);
    const ratio = stride / unit;
    if (outer === undefined && ratio === 1) return index;
    const { f } = this;
    f.get(index);
    if (ratio !== 1) f.i32(ratio).op("i32.mul");
    if (outer !== undefined) f.get(outer).op("i32.add");
    const local = this.keep(key, "i32");
    f.op("drop");
    return local;
  }

  // ---- Vectors --------------------------------------------------------------------------------------------------------

  /** Computes now what the given values need and what no axis that is still to be opened changes. */
  hoist(values: Iterable<Value>, copies: number): void {
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value) || value.op === "constant") return;
      seen.add(value);
      if ((value.axes & ~this.openMask) === 0) {
        this.forCopies(value, copies, () => {
          this.vectorOrPlace(value);
          this.f.op("drop");
        });
        return;
      }
      if (value.access !== undefined) this.partialAddress(value.access.base, value.access.strides, this.open.length);
      for (const arg of value.args) visit(arg);
    };
    for (const value of values) visit(value);
  }

  /** Computes now what the given values need and what no loop changes: scalars, and vectors with the same number in every lane. */
  hoistConstants(values: Iterable<Value>, asVectors: boolean): void {
    const invariants = invariantsOf(values);
    this.ensureScalars(invariants.filter((value) => value.op !== "load" || this.known(`s${value.id}`) !== undefined));
    if (!asVectors) return;
    for (const value of invariants) {
      this.vectorOrPlace(value);
      this.f.op("drop");
    }
  }

  /** Computes a value for all copies, operation by operation: what a copy needs next is under way while another one computes. */
  inStep(value: Value, copies: number): void {
    if (value.op === "constant" || this.known(`v${value.id}${this.varies(value) ? ":0" : ""}`) !== undefined) return;
    if (value.axes !== 0) for (const arg of value.args) this.inStep(arg, copies);
    this.forCopies(value, copies, () => {
      this.vectorOrPlace(value);
      this.f.op("drop");
    });
  }

  /** Runs `body` for each copy if the value differs from copy to copy, otherwise once. */
  private forCopies(value: Value, copies: number, body: () => void): void {
    const count = this.varies(value) ? copies : 1;
    for (let copy = 0; copy < count; copy++) {
      this.copy = copy;
      body();
    }
    this.copy = 0;
  }

  private varies(value: Value): boolean {
    return this.blockedAxis >= 0 && (value.axes & (1 << this.blockedAxis)) !== 0;
  }

  private vectorOrPlace(value: Value): void {
    const key = `v${value.id}${this.varies(value) ? `:${this.copy}` : ""}`;
    const local = this.known(key);
    if (local !== undefined) {
      this.f.get(local);
      return;
    }
    this.computeVector(value);
    this.keep(key, "v128");
  }

  /** Pushes a value as a vector of numbers: truths as 1 and 0. */
  vectorNumber(value: Value): void {
    this.vector(value);
    if (value.kind !== "truth") return;
    if (this.format.vector === "f64x2") this.f.f64x2(1);
    else this.f.f32x4(1);
    this.f.op("v128.and");
  }

  /** Pushes a value as a vector along the vector axis; truths as masks. */
  vector(value: Value): void {
    if (value.op === "constant") {
      if (this.format.vector === "f64x2") this.f.f64x2(value.constant);
      else this.f.f32x4(value.constant);
      return;
    }
    const key = `v${value.id}${this.varies(value) ? `:${this.copy}` : ""}`;
    const local = this.known(key);
    if (local !== undefined) {
      this.f.get(local);
      return;
    }
    this.computeVector(value);
    // What all copies share is computed with the first of them.
    if (value.uses > 1 || (this.blockedAxis >= 0 && !this.varies(value))) this.keep(key, "v128");
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
        this.loadVector(value.access!);
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
        if (format.vector === "f64x2") f.f64x2(1);
        else f.f32x4(1);
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
        const one = (): void => {
          if (format.vector === "f64x2") f.f64x2(1);
          else f.f32x4(1);
        };
        const signBit = (): void => {
          if (format.vector === "f64x2") f.f64x2(-0);
          else f.f32x4(-0);
        };
        one();
        this.vector(a!);
        signBit();
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
        for (const arg of value.args) this.vector(arg);
        if (value.op === "max" && value.args.every(isMagnitude)) this.largerMagnitude();
        else if (nativeOps.has(value.op)) op(value.op);
        else f.call(this.math.get(value.op as MathOp, format.dtype));
    }
  }

  /**
   * The larger of two vectors of magnitudes, as the larger of their bits: the order of numbers without a sign is that of
   * whole numbers, and NaN is above infinity. The machine's maximum takes several instructions and branches to treat NaN and −0.
   */
  private largerMagnitude(): void {
    const { f, format } = this;
    if (format.scalar === "f32") {
      f.op("i32x4.max_s");
      return;
    }
    const [a, b] = [f.local("v128"), f.local("v128")];
    f.set(b).set(a).get(a).get(b).get(a).get(b).op("i64x2.gt_s").op("v128.bitselect");
    f.release(a);
    f.release(b);
  }

  zero(): void {
    this.f.v128(new Uint8Array(16));
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

  private loadVector(access: Access): void {
    const { f, format } = this;
    const stride = access.strides[this.vectorAxis] ?? 0;
    if (stride === 0) {
      f.memory(format.bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", this.address(access));
      return;
    }
    if (stride === format.bytes) {
      f.memory("v128.load", this.address(access), format.shift);
      return;
    }
    // Neighbors along the vector axis are apart: one load a lane.
    const address = f.local("i32");
    const offset = this.address(access);
    f.tee(address).memory(format.bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset);
    this.loadLanes((lane, vector) => {
      f.get(address)
        .get(vector)
        .laneMemory(format.bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", lane, offset + lane * stride);
    });
    f.release(address);
  }

  /** Fills lanes 1, 2, … of the vector on the stack, as many as exist. */
  private loadLanes(load: (lane: number, vector: number) => void): void {
    const { f } = this;
    const vector = f.local("v128");
    f.set(vector);
    for (let lane = 1; lane < this.activeLanes; lane++) {
      load(lane, vector);
      f.set(vector);
    }
    f.get(vector);
    f.release(vector);
  }

  private gather(value: Value): void {
    const { f, format } = this;
    const place = value.args[0]!;
    const access = value.access!;
    if ((place.axes & (1 << this.vectorAxis)) === 0) {
      // One index for all lanes: an ordinary access at a place that is known now.
      const stride = access.strides[this.vectorAxis] ?? 0;
      const address = f.local("i32");
      const offset = this.address(access);
      this.vector(place);
      f.lane("i32x4.extract_lane", 0).op("i32.add").set(address);
      if (stride === 0) f.get(address).memory(format.bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", offset);
      else if (stride === format.bytes) f.get(address).memory("v128.load", offset, format.shift);
      else {
        f.get(address).memory(format.bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset);
        this.loadLanes((lane, vector) => {
          f.get(address)
            .get(vector)
            .laneMemory(format.bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", lane, offset + lane * stride);
        });
      }
      f.release(address);
      return;
    }
    const stride = access.strides[this.vectorAxis] ?? 0;
    const places = f.local("v128");
    const start = f.local("i32");
    this.vector(place);
    f.set(places);
    const offset = this.address(access);
    f.set(start);
    const at = (lane: number): void => {
      f.get(start).get(places).lane("i32x4.extract_lane", lane).op("i32.add");
    };
    at(0);
    f.memory(format.bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset);
    this.loadLanes((lane, vector) => {
      at(lane);
      f.get(vector).laneMemory(format.bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", lane, offset + lane * stride);
    });
    f.release(places);
    f.release(start);
  }

  /** Stores the lanes that exist of the vector in a local. */
  storeVector(local: number, access: Access): void {
    const { f, format } = this;
    const stride = access.strides[this.vectorAxis] ?? 0;
    const lanes = this.activeLanes;
    if (stride === format.bytes && lanes === format.lanes) {
      const offset = this.address(access);
      f.get(local).memory("v128.store", offset, format.shift);
      return;
    }
    const address = f.local("i32");
    const offset = this.address(access);
    f.set(address);
    const count = stride === 0 ? 1 : lanes;
    for (let lane = 0; lane < count; lane++) {
      f.get(address)
        .get(local)
        .laneMemory(format.bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", lane, offset + lane * stride);
    }
    f.release(address);
  }
}

/** The largest parts of expressions that no loop changes, literals aside. */
function invariantsOf(values: Iterable<Value>): Value[] {
  const found: Value[] = [];
  const seen = new Set<Value>();
  const stack = [...values];
  while (stack.length > 0) {
    const value = stack.pop()!;
    if (seen.has(value) || value.op === "constant") continue;
    seen.add(value);
    if (value.axes === 0) found.push(value);
    else stack.push(...value.args);
  }
  return found.sort((a, b) => a.id - b.id);
}
