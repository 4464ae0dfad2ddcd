/** The memory of a run: one entry per recorded step. */

import type { HistoryOption } from "./options.js";

/** Entry 0 is the start. Norms are two-norms. */
export interface History {
  readonly length: number;
  /** Step count of each entry. */
  readonly step: Float64Array;
  readonly value: Float64Array;
  /** ‖g‖₂ at the point. */
  readonly gradientNorm: Float64Array;
  /** ‖Δx‖₂ of the step that led there; 0 for the start. */
  readonly stepLength: Float64Array;
  /** Flat parameters, `length` × `size` row-major; empty if they were not asked for. */
  readonly params: Float64Array;
  /** Parameters per entry. */
  readonly size: number;
}

/** Collects records of (value, ‖g‖₂, ‖Δx‖₂, params…). */
export class HistoryRecorder {
  readonly width: number;
  private readonly size: number;
  private readonly sign: 1 | -1;
  readonly most: number;
  /** Steps kept are multiples of this. */
  every = 1;
  /** Of each entry, its step and its `width` numbers. */
  steps: number[] = [];
  data: number[] = [];
  /** Whether the last entry is there only because it is the last. */
  isLoose = false;

  /** @param sign - −1 if what is recorded are the negatives of the user's values. Default 1. */
  constructor(size: number, option: HistoryOption, sign: 1 | -1 = 1) {
    const { params = true, most = Number.POSITIVE_INFINITY } = option === true ? {} : option;
    this.sign = sign;
    this.size = size;
    this.most = most;
    this.width = 3 + (params ? size : 0);
  }

  /** Appends `count` records, flattened one after the other, for the steps `firstStep`, `firstStep + 1`, … */
  append(records: ArrayLike<number>, count: number, firstStep: number): void {
    const { width, steps, data } = this;
    if (this.isLoose) this.cut(steps.length - 1);
    for (let k = 0; k < count; k++) {
      const step = firstStep + k;
      this.isLoose = step % this.every !== 0;
      if (this.isLoose && k < count - 1) continue;
      steps.push(step);
      for (let i = k * width; i < (k + 1) * width; i++) data.push(records[i]!);
      if (!this.isLoose && steps.length > this.most) this.thin();
    }
  }

  /** The history so far, as copies. */
  get(): History {
    const { data, width, steps } = this;
    /** Of each entry `count` numbers, from its number `first` on. */
    const columns = (first: number, count = 1): Float64Array => {
      const picked = new Float64Array(steps.length * count);
      for (let i = 0; i < picked.length; i++) picked[i] = data[Math.floor(i / count) * width + first + (i % count)]!;
      return picked;
    };
    const value = columns(0);
    return {
      length: steps.length,
      step: Float64Array.from(steps),
      value: this.sign === 1 ? value : value.map((v) => -v),
      gradientNorm: columns(1),
      stepLength: columns(2),
      params: columns(3, width - 3),
      size: this.size,
    };
  }

  /** Lets every second entry go. */
  thin(): void {
    const { steps, data, width } = this;
    this.every *= 2;
    let kept = 0;
    for (let k = 0; k < steps.length; k++) {
      if (steps[k]! % this.every !== 0) continue;
      steps[kept] = steps[k]!;
      data.copyWithin(kept++ * width, k * width, (k + 1) * width);
    }
    this.cut(kept);
  }

  private cut(count: number): void {
    this.steps.length = count;
    this.data.length = count * this.width;
  }
}
