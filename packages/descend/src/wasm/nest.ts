/**
 * Loop nests: a kernel of the fusion as machine code.
 *
 * One axis runs in vectors. If it is kept, each lane is a result of its own and sums go along the other axes, with several vectors
 * of results in flight. If it is summed, each lane holds a part of the sum and the lanes are combined at the end, with
 * several sums in flight. Either way additions happen in the order of `numeric/sum.ts`.
 */

import { ROWS } from "../graph/graph.js";
import { accessOf } from "./access.js";
import type { FunctionBuilder } from "./assembler.js";
import type { Emitter } from "./emitter.js";
import { type Format, scalarOp, vectorOp } from "./format.js";
import type { Kernel } from "./fuse.js";
import type { Root } from "./roots.js";
import { type Limit, RunningSum } from "./running-sum.js";
import type { Access, Value } from "./value.js";
import { storeVector } from "./vector-memory.js";
import { BLOCK_BYTES } from "./view.js";

export interface NestOptions {
  /** Local with the bytes of a column of the rows at hand, in a sweep. */
  readonly rows: number | undefined;
  /** Address of a block of set bits, followed by a block of clear ones. */
  readonly masks: number;
}

/**
 * Results in flight: enough to hide the latency of an addition, few enough for the 15 registers of V8, which loads all operands of a
 * block of code before it starts to add.
 */
const IN_FLIGHT = 6;

export function emitNest(kernel: Kernel, emitter: Emitter, options: NestOptions): void {
  new Nest(kernel, emitter, options).emit();
}

class Nest {
  private readonly kernel: Kernel;
  private readonly e: Emitter;
  private readonly f: FunctionBuilder;
  private readonly format: Format;
  private readonly options: NestOptions;
  private readonly lengths: number[];
  private readonly units: number[];
  private readonly stores: readonly Access[];
  private readonly values: readonly Value[];
  /** Summed axes as bits. */
  private readonly reduced: number;
  private vectorAxis = -1;

  constructor(kernel: Kernel, emitter: Emitter, options: NestOptions) {
    this.kernel = kernel;
    this.e = emitter;
    this.f = emitter.f;
    this.format = emitter.format;
    this.options = options;
    // Rows are walked by two axes: blocks, and the rows of a block.
    const rows = kernel.axes.indexOf(ROWS);
    this.lengths = rows < 0 ? [...kernel.axes] : [...kernel.axes, BLOCK_BYTES / emitter.format.bytes];
    this.reduced = kernel.reduced | (rows >= 0 && (kernel.reduced & (1 << rows)) !== 0 ? 2 << rows : 0);
    this.stores = kernel.roots.map((root) => accessOf(root.home, root.spec.place, kernel.axes.length));
    // A result nobody reads from memory is computed only where the nest itself reads it.
    this.values = kernel.bodies.flatMap((body, i) => (this.isUsed(kernel.roots[i]!) ? body : []));
    const accesses = [...accessesOf(this.values), ...this.stores];
    this.collapse(accesses);
    this.units = this.lengths.map((length, axis) => {
      if (length === ROWS) return BLOCK_BYTES;
      if (axis > 0 && this.lengths[axis - 1] === ROWS) return this.format.bytes;
      return accesses.reduce((unit, access) => gcd(unit, access.strides[axis] ?? 0), 0) || 1;
    });
    this.vectorAxis = this.chooseVectorAxis(accesses);
  }

  emit(): void {
    if (this.lengths.includes(0) || this.values.length === 0) return;
    const { e } = this;
    let single = 0;
    this.lengths.forEach((length, axis) => {
      if (length === 1) single |= 1 << axis;
    });
    e.vectorAxis = this.vectorAxis;
    e.activeLanes = this.format.lanes;
    e.withFixedAxes(single, () => {
      e.scope(() => {
        const summed = this.vectorAxis >= 0 && this.isReduced(this.vectorAxis);
        const scatters = this.kernel.roots.some((root) => root.spec.combine === "scatter");
        if (summed || scatters) this.vectorsSummed();
        else this.vectorsKept();
      });
    });
    e.blockedAxis = -1;
  }

  private isUsed(root: Root): boolean {
    return root.read || root.spec.combine !== "store";
  }

  private isReduced(axis: number): boolean {
    return (this.reduced & (1 << axis)) !== 0;
  }

  /** Axes that are walked: those of more than one element. */
  private axesWhere(test: (axis: number) => boolean): number[] {
    return this.lengths.map((_, axis) => axis).filter((axis) => this.lengths[axis] !== 1 && test(axis));
  }

  // ---- Planning -------------------------------------------------------------------------------------------------------

  /** Neighboring axes that every access walks as one become one. */
  private collapse(accesses: readonly Access[]): void {
    for (let outer = this.lengths.length - 2; outer >= 0; outer--) {
      let inner = outer + 1;
      while (inner < this.lengths.length && this.lengths[inner] === 1) inner++;
      if (inner === this.lengths.length || this.lengths[inner] === ROWS || this.lengths[outer] === ROWS) continue;
      if (this.isReduced(outer) !== this.isReduced(inner)) continue;
      const length = this.lengths[inner]!;
      if (!accesses.every((access) => (access.strides[outer] ?? 0) === length * (access.strides[inner] ?? 0))) continue;
      this.lengths[inner] = length * this.lengths[outer]!;
      this.lengths[outer] = 1;
    }
  }

  private chooseVectorAxis(accesses: readonly Access[]): number {
    const rows = this.lengths.indexOf(ROWS);
    if (rows >= 0) return rows + 1;
    const isDot = this.kernel.roots.some((root) => root.spec.combine === "dot");
    const kept = this.axesWhere((axis) => !this.isReduced(axis));
    const reduced = this.axesWhere((axis) => this.isReduced(axis));
    if (isDot && kept.length === 0) return reduced[reduced.length - 1] ?? -1;
    // A product adds from left to right, so its lanes must be results of their own.
    const candidates = isDot ? kept : this.axesWhere(() => true);
    let best = -1;
    let bestScore = Number.POSITIVE_INFINITY;
    for (const axis of candidates) {
      let score = this.lengths[axis]! < this.format.lanes ? 6 : 0;
      for (const access of accesses) {
        const stride = access.strides[axis] ?? 0;
        score += stride === 0 ? 0 : stride === this.format.bytes ? 1 : 4;
      }
      if (score <= bestScore) [best, bestScore] = [axis, score];
    }
    return best;
  }

  // ---- Loops ----------------------------------------------------------------------------------------------------------

  /** Indices start ≤ i < stop of a static axis, `step` at a time. */
  private loop(axis: number, start: number, stop: number, step: number, body: () => void): void {
    const { f } = this;
    const unit = this.units[axis]!;
    if (this.lengths[axis] === ROWS) {
      this.blockLoop(axis, body);
      return;
    }
    if (start >= stop) return;
    const index = f.local("i32");
    f.i32(start * unit).set(index);
    if (stop - start <= step) {
      this.e.withAxis(axis, index, unit, body);
    } else {
      f.loop((again) => {
        this.e.withAxis(axis, index, unit, body);
        f.get(index)
          .i32(step * unit)
          .op("i32.add")
          .tee(index)
          .i32(stop * unit)
          .op("i32.lt_s")
          .brIf(again);
      });
    }
    f.release(index);
  }

  /** All blocks of rows; the last one may run over the end: results there are never read. */
  private blockLoop(axis: number, body: () => void): void {
    const { f } = this;
    const index = f.local("i32");
    f.i32(0).set(index);
    f.loop((again) => {
      this.e.withAxis(axis, index, BLOCK_BYTES, body);
      f.get(index).i32(BLOCK_BYTES).op("i32.add").tee(index).get(this.options.rows!).op("i32.lt_s").brIf(again);
    });
    f.release(index);
  }

  private loops(axes: readonly number[], copies: number, body: () => void): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) {
      body();
      return;
    }
    this.e.hoist(this.values, copies);
    this.loop(axis, 0, this.lengths[axis]!, 1, () => this.loops(rest, copies, body));
  }

  // ---- Vectors of results ---------------------------------------------------------------------------------------------

  private vectorsKept(): void {
    const outer = this.axesWhere((axis) => !this.isReduced(axis) && axis !== this.vectorAxis);
    this.loops(outer, 1, () => {
      if (this.vectorAxis < 0) this.resultVectors(1);
      else this.vectorsOfResults();
    });
  }

  /** Vectors in flight along the kept vector axis. */
  private inFlight(): number {
    if (this.kernel.reduced === 0) return this.vectorsInStep();
    if (this.addsInLanes() !== undefined) return 1;
    return Math.max(1, Math.floor(IN_FLIGHT / this.kernel.roots.length));
  }

  /**
   * Vectors of a block of rows computed side by side: they share what does not depend on the row, and the block is read in order. One if
   * there is much to compute, whose code would become large, or if many sums fill the registers.
   */
  private vectorsInStep(): number {
    const sums = this.kernel.roots.filter((root) => root.spec.reduced !== 0).length;
    if (this.options.rows === undefined || sums > 2) return 1;
    const { size } = partsOf(this.values);
    return size <= 96 ? 4 : size <= 192 ? 2 : 1;
  }

  private block(axis: number, step: number): void {
    this.e.blockedAxis = axis;
    this.e.copyStep = step;
  }

  private vectorsOfResults(): void {
    const { lanes } = this.format;
    const axis = this.vectorAxis;
    const length = this.lengths[axis]!;
    const whole = Math.floor(length / lanes);
    const copies = Math.min(this.inFlight(), Math.max(1, whole));
    const blocks = Math.floor(whole / copies) * copies;
    this.e.hoist(this.values, 1);
    if (copies > 1) this.block(axis, lanes);
    this.loop(axis, 0, blocks * lanes, copies * lanes, () => this.resultVectors(copies));
    this.loop(axis, blocks * lanes, whole * lanes, (whole - blocks) * lanes, () => this.resultVectors(whole - blocks));
    this.e.activeLanes = length % lanes;
    this.loop(axis, whole * lanes, length, lanes, () => this.resultVectors(1));
    this.e.activeLanes = lanes;
    this.block(-1, 1);
  }

  /** Computes and stores `copies` vectors of each result. */
  private resultVectors(copies: number): void {
    const { e, f } = this;
    const reduced = this.axesWhere((axis) => this.isReduced(axis));
    if (reduced.length === 0) {
      this.kernel.roots.forEach((root, i) => {
        if (this.isUsed(root)) this.storeCopies(this.kernel.bodies[i]![0]!, this.stores[i]!, copies);
      });
      return;
    }
    const lanesAlong = this.addsInLanes();
    if (lanesAlong !== undefined) {
      this.resultsInLanes(lanesAlong);
      return;
    }
    const accumulators = this.kernel.roots.map((root) => Array.from({ length: copies }, () => this.accumulator(root)));
    this.loops(reduced, copies, () => {
      this.forRoots((root, value, i) => {
        for (e.copy = 0; e.copy < copies; e.copy++) this.accumulate(root, accumulators[i]![e.copy]!, () => e.vector(value));
        e.copy = 0;
      });
    });
    this.forRoots((_, __, i) => {
      for (e.copy = 0; e.copy < copies; e.copy++) {
        storeVector(e, accumulators[i]![e.copy]!, this.stores[i]!);
        f.release(accumulators[i]![e.copy]!);
      }
      e.copy = 0;
    });
  }

  private forRoots(body: (root: Root, value: Value, i: number) => void): void {
    this.kernel.roots.forEach((root, i) => body(root, this.kernel.bodies[i]![0]!, i));
  }

  private storeCopies(value: Value, access: Access, copies: number): void {
    const { e } = this;
    if (copies > 1) e.inStep(value, copies);
    for (e.copy = 0; e.copy < copies; e.copy++) this.storeValue(value, access);
    e.copy = 0;
  }

  private storeValue(value: Value, access: Access): void {
    const { e, f } = this;
    if (e.activeLanes === this.format.lanes && (access.strides[this.vectorAxis] ?? 0) === this.format.bytes) {
      const offset = e.address(access);
      e.vectorNumber(value);
      f.memory("v128.store", offset, this.format.shift);
      return;
    }
    const local = f.local("v128");
    e.vectorNumber(value);
    f.set(local);
    storeVector(e, local, access);
    f.release(local);
  }

  /** A vector accumulator with the neutral element: −0 + x is x whatever x, as a sum that starts with its first term; products start as 0. */
  private accumulator(root: Root): number {
    const local = this.f.local("v128");
    this.neutral(root.spec.combine === "max" ? Number.NEGATIVE_INFINITY : root.spec.combine === "dot" ? 0 : -0);
    this.f.set(local);
    return local;
  }

  private neutral(value: number): void {
    if (this.format.vector === "f64x2") this.f.f64x2(value);
    else this.f.f32x4(value);
  }

  private accumulate(root: Root, local: number, push: () => void): void {
    this.f.get(local);
    push();
    this.f.op(vectorOp(this.format, root.spec.combine === "max" ? "max" : "add")).set(local);
  }

  /**
   * The axis whose elements are added in lanes although each result has one: a sum of enough elements without rows is
   * defined as L partial sums (rule 1 of `numeric/sum.ts`).
   */
  private addsInLanes(): number | undefined {
    if (!this.kernel.roots.some((root) => root.spec.combine === "sum") || this.lengths.includes(ROWS)) return undefined;
    const [axis] = this.axesWhere((a) => this.isReduced(a));
    return axis !== undefined && this.lengths[axis]! >= 2 * this.format.lanes ? axis : undefined;
  }

  private resultsInLanes(axis: number): void {
    const { e, f } = this;
    const { lanes } = this.format;
    const whole = this.lengths[axis]! - (this.lengths[axis]! % lanes);
    const accumulators = this.kernel.roots.map((root) => Array.from({ length: lanes }, () => this.accumulator(root)));
    this.block(axis, 1);
    e.hoist(this.values, 1);
    this.loop(axis, 0, whole, lanes, () => {
      this.forRoots((root, value, i) => {
        for (e.copy = 0; e.copy < lanes; e.copy++) this.accumulate(root, accumulators[i]![e.copy]!, () => e.vector(value));
        e.copy = 0;
      });
    });
    this.block(-1, 1);
    this.forRoots((root, _, i) => {
      const parts = accumulators[i]!;
      for (let width = 1; width < lanes; width *= 2) {
        for (let l = 0; l < lanes; l += 2 * width) this.accumulate(root, parts[l]!, () => f.get(parts[l + width]!));
      }
    });
    this.loop(axis, whole, this.lengths[axis]!, 1, () => {
      this.forRoots((root, value, i) => this.accumulate(root, accumulators[i]![0]!, () => e.vector(value)));
    });
    this.forRoots((_, __, i) => {
      storeVector(e, accumulators[i]![0]!, this.stores[i]!);
      for (const local of accumulators[i]!) f.release(local);
    });
  }

  // ---- Vectors of terms -----------------------------------------------------------------------------------------------

  private vectorsSummed(): void {
    const kept = this.axesWhere((axis) => !this.isReduced(axis));
    const scatters = this.kernel.reduced === 0;
    const blocked = scatters ? undefined : kept[kept.length - 1];
    const outer = scatters ? [] : kept.slice(0, -1);
    this.loops(outer, 1, () => {
      if (blocked === undefined) {
        this.sums(1);
        return;
      }
      const length = this.lengths[blocked]!;
      const most = Math.max(1, Math.floor(IN_FLIGHT / this.kernel.roots.length));
      const copies = Math.ceil(length / Math.ceil(length / most));
      const blocks = Math.floor(length / copies) * copies;
      this.e.hoist(this.values, 1);
      this.block(blocked, 1);
      this.loop(blocked, 0, blocks, copies, () => this.sums(copies));
      this.loop(blocked, blocks, length, length - blocks, () => this.sums(length - blocks));
      this.block(-1, 1);
    });
  }

  private sums(copies: number): void {
    const { e } = this;
    const axis = this.vectorAxis;
    const isReducing = this.kernel.reduced !== 0;
    const blocks = this.lengths.indexOf(ROWS);
    const outer = this.axesWhere((a) => a !== axis && a !== blocks && (!isReducing || this.isReduced(a)));
    const sums = this.kernel.roots.map((root) => (root.spec.reduced === 0 ? [] : Array.from({ length: copies }, () => this.sumOf(root))));
    const body = (): void => {
      if (axis < 0) this.terms(sums, copies, this.format.lanes, "all");
      else this.staticTerms(sums, copies);
    };
    if (blocks < 0) this.loops(outer, copies, body);
    else this.loops(outer, copies, () => this.blocksOfTerms(blocks, body, sums, copies));
    this.kernel.roots.forEach((_, i) => {
      sums[i]!.forEach((sum, copy) => {
        e.copy = copy;
        sum.finish(this.stores[i]!);
      });
      e.copy = 0;
    });
  }

  private staticTerms(sums: readonly (readonly RunningSum[])[], copies: number): void {
    const { e } = this;
    const { lanes } = this.format;
    const axis = this.vectorAxis;
    const length = this.lengths[axis]!;
    const whole = length - (length % lanes);
    e.hoist(this.values, copies);
    const steps = e.blockedAxis < 0 && this.kernel.reduced !== 0 ? this.vectorsInStep() : 1;
    if (steps > 1) {
      this.block(axis, lanes);
      this.loop(axis, 0, whole, steps * lanes, () => this.termsInStep(sums, steps));
      this.block(-1, 1);
      return;
    }
    this.loop(axis, 0, whole, lanes, () => this.terms(sums, copies, lanes, "all"));
    e.activeLanes = length - whole;
    this.loop(axis, whole, length, lanes, () => this.terms(sums, copies, length - whole, "some"));
    e.activeLanes = lanes;
  }

  /** Several neighboring vectors of rows at once; each sum adds them one after the other. */
  private termsInStep(sums: readonly (readonly RunningSum[])[], steps: number): void {
    const { e } = this;
    this.kernel.roots.forEach((root, i) => {
      const value = this.kernel.bodies[i]![0]!;
      if (root.spec.reduced === 0) {
        if (this.isUsed(root)) this.storeCopies(value, this.stores[i]!, steps);
        return;
      }
      e.inStep(value, steps);
      for (e.copy = 0; e.copy < steps; e.copy++) sums[i]![0]!.add(() => e.vectorNumber(value), this.format.lanes, "all");
      e.copy = 0;
    });
  }

  /** Whole blocks of rows by `body`, then the rows of a last block that is not full. */
  private blocksOfTerms(axis: number, body: () => void, sums: readonly (readonly RunningSum[])[], copies: number): void {
    const { e, f } = this;
    const rows = this.options.rows!;
    const [index, end, mask] = [f.local("i32"), f.local("i32"), f.local("i32")];
    e.hoist(this.values, copies);
    f.i32(0).set(index);
    f.get(rows)
      .i32(-BLOCK_BYTES)
      .op("i32.and")
      .tee(end)
      .if(() => {
        f.loop((again) => {
          e.withAxis(axis, index, BLOCK_BYTES, body);
          f.get(index).i32(BLOCK_BYTES).op("i32.add").tee(index).get(end).op("i32.lt_s").brIf(again);
        });
      });
    f.get(end)
      .get(rows)
      .op("i32.lt_s")
      .if(() => {
        // The mask of the first vector: as many bits set as there are rows left. Later vectors look further on.
        f.i32(this.options.masks + BLOCK_BYTES)
          .get(rows)
          .op("i32.sub")
          .get(end)
          .op("i32.add")
          .set(mask);
        e.withAxis(axis, index, BLOCK_BYTES, () => {
          e.hoist(this.values, copies);
          const { lanes } = this.format;
          this.loop(this.vectorAxis, 0, this.lengths[this.vectorAxis]!, lanes, () =>
            this.terms(sums, copies, lanes, { mask, index: e.indexOf(this.vectorAxis) }),
          );
        });
      });
    for (const local of [index, end, mask]) f.release(local);
  }

  /**
   * One vector of terms of each sum. `limit`: all lanes count, or the first `lanes` of them, or those that a mask in memory says.
   */
  private terms(sums: readonly (readonly RunningSum[])[], copies: number, lanes: number, limit: Limit): void {
    const { e } = this;
    this.kernel.roots.forEach((root, i) => {
      const body = this.kernel.bodies[i]!;
      if (root.spec.combine === "scatter") {
        this.scatter(body[0]!, body[1]!, this.stores[i]!, lanes, limit);
      } else if (root.spec.reduced === 0) {
        if (this.isUsed(root)) this.storeValue(body[0]!, this.stores[i]!);
      } else {
        for (let copy = 0; copy < copies; copy++) {
          e.copy = copy;
          sums[i]![copy]!.add(() => e.vectorNumber(body[0]!), lanes, limit);
        }
        e.copy = 0;
      }
    });
  }

  private sumOf(root: Root): RunningSum {
    const rows = this.options.rows !== undefined;
    const { combine } = root.spec;
    const length = this.lengths[this.vectorAxis]!;
    const inLanes = rows || combine === "max" || (combine === "sum" && length >= 2 * this.format.lanes);
    const start = combine === "max" ? Number.NEGATIVE_INFINITY : rows || combine === "dot" ? 0 : -0;
    return new RunningSum(this.e, { maximum: combine === "max", inLanes, start, rows });
  }

  /** Adds lane after lane at the places the indices say. */
  private scatter(places: Value, value: Value, access: Access, lanes: number, limit: Limit): void {
    const { e, f, format } = this;
    const stride = access.strides[this.vectorAxis] ?? 0;
    const [at, terms, start, address] = [f.local("v128"), f.local("v128"), f.local("i32"), f.local("i32")];
    e.vector(places);
    f.set(at);
    e.vectorNumber(value);
    f.set(terms);
    const offset = e.address(access);
    f.set(start);
    const load = `${format.scalar}.load` as const;
    const store = `${format.scalar}.store` as const;
    const addLane = (lane: number): void => {
      f.get(start).get(at).lane("i32x4.extract_lane", lane).op("i32.add").tee(address);
      f.get(address)
        .memory(load, offset + lane * stride)
        .get(terms)
        .lane(`${format.vector}.extract_lane`, lane);
      f.op(scalarOp(format, "add")).memory(store, offset + lane * stride);
    };
    for (let lane = 0; lane < (this.vectorAxis < 0 ? 1 : lanes); lane++) {
      if (typeof limit === "string") addLane(lane);
      else
        f.get(limit.mask)
          .get(limit.index)
          .op("i32.add")
          .memory("i32.load", lane * format.bytes)
          .if(() => addLane(lane));
    }
    for (const local of [at, terms, start, address]) f.release(local);
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** All values that expressions are made of, each once. */
function partsOf(values: Iterable<Value>): Set<Value> {
  const seen = new Set<Value>();
  const stack = [...values];
  while (stack.length > 0) {
    const value = stack.pop()!;
    if (seen.has(value)) continue;
    seen.add(value);
    stack.push(...value.args);
  }
  return seen;
}

function accessesOf(values: Iterable<Value>): Access[] {
  return [...partsOf(values)].flatMap((value) => (value.access === undefined ? [] : [value.access]));
}
