/**
 * How a kernel is walked: which neighboring axes are one, which axis runs in vectors, how many results are in flight. What a nest
 * computes is in the kernel; this is the order in which it does.
 */

import { ROWS } from "../../graph/graph.js";
import type { Format } from "../format.js";
import { accessOf } from "../lower/access.js";
import type { Kernel } from "../lower/kernel.js";
import { isStored } from "../lower/roots.js";
import type { Access, Value } from "../lower/value.js";
import { BLOCK_BYTES } from "../lower/view.js";

/**
 * Results in flight: enough to hide the latency of an addition, few enough for the 15 registers of V8, which loads all operands of a
 * block of code before it starts to add.
 */
export const IN_FLIGHT = 6;

export interface NestSetting {
  /** True for a nest that a sweep runs on each tile of rows. */
  readonly inSweep: boolean;
  /** True for a value that is a long chain of operations in the loop itself, each waiting for the one before. */
  readonly isLong: (value: Value) => boolean;
}

export class NestPlan {
  readonly kernel: Kernel;
  /** Length of each axis; ROWS for blocks of rows. */
  readonly lengths: number[];
  /** Bytes that the index of each axis advances per element: a divisor of all strides. */
  readonly units: readonly number[];
  /** Where each root stores its result. */
  readonly stores: readonly Access[];
  /** What is computed for the roots that are used. */
  readonly values: readonly Value[];
  /** The axis that runs in vectors, or −1. */
  readonly vectorAxis: number;
  /** Summed axes as bits. */
  private readonly reduced: number;
  private readonly format: Format;
  private readonly setting: NestSetting;

  constructor(kernel: Kernel, format: Format, setting: NestSetting) {
    this.kernel = kernel;
    this.format = format;
    this.setting = setting;
    // Rows are walked by two axes: blocks, and the rows of a block.
    const rows = kernel.axes.indexOf(ROWS);
    this.lengths = rows < 0 ? [...kernel.axes] : [...kernel.axes, BLOCK_BYTES / format.bytes];
    this.reduced = kernel.reduced | (rows >= 0 && (kernel.reduced & (1 << rows)) !== 0 ? 2 << rows : 0);
    this.stores = kernel.roots.map((root) => accessOf(root.home, root.spec.place, kernel.axes.length));
    // A result nobody reads from memory is computed only where the nest itself reads it.
    this.values = kernel.bodies.flatMap((body, i) => (isStored(kernel.roots[i]!) ? body : []));
    const accesses = [...accessesOf(this.values), ...this.stores];
    this.collapse(accesses);
    this.units = this.lengths.map((length, axis) => {
      if (length === ROWS) return BLOCK_BYTES;
      if (axis > 0 && this.lengths[axis - 1] === ROWS) return this.format.bytes;
      return accesses.reduce((unit, access) => gcd(unit, access.strides[axis] ?? 0), 0) || 1;
    });
    this.vectorAxis = this.chooseVectorAxis(accesses);
  }

  isReduced(axis: number): boolean {
    return (this.reduced & (1 << axis)) !== 0;
  }

  /** Axes that are walked: those of more than one element. */
  axesWhere(test: (axis: number) => boolean): number[] {
    return this.lengths.map((_, axis) => axis).filter((axis) => this.lengths[axis] !== 1 && test(axis));
  }

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
    // Scattered values are added in the order of their indices, row-major.
    if (this.kernel.roots.some((root) => root.spec.combine === "scatter")) return this.axesWhere(() => true).at(-1) ?? -1;
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

  /** Vectors in flight along the kept vector axis. */
  inFlight(): number {
    if (this.kernel.reduced === 0) return this.vectorsInStep();
    if (this.addsInLanes() !== undefined) return 1;
    return Math.max(1, Math.floor(IN_FLIGHT / this.kernel.roots.length));
  }

  /**
   * Vectors computed side by side. Of a block of rows: they share what does not depend on the row, and the block is read in order. Where
   * there are long chains: each fills the waits of the others, and a coefficient is loaded once for all. One if there is much to compute,
   * whose code would become large, or if many sums fill the registers.
   */
  vectorsInStep(): number {
    const sums = this.kernel.roots.filter((root) => root.spec.reduced !== 0).length;
    const parts = partsOf(this.values);
    if (!(this.setting.inSweep || [...parts].some(this.setting.isLong)) || sums > 2) return 1;
    const { size } = parts;
    return size <= 96 ? 4 : size <= 192 ? 2 : 1;
  }

  /**
   * The axis whose elements are added in lanes although each result has one: a sum of enough elements without rows is
   * defined as L partial sums (rule 1 of `numeric/sum.ts`).
   */
  addsInLanes(): number | undefined {
    if (!this.kernel.roots.some((root) => root.spec.combine === "sum") || this.lengths.includes(ROWS)) return undefined;
    const [axis] = this.axesWhere((a) => this.isReduced(a));
    return axis !== undefined && this.lengths[axis]! >= 2 * this.format.lanes ? axis : undefined;
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
