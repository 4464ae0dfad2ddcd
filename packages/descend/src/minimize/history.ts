/** The memory of a run: one entry per recorded step, as typed arrays that grow by doubling. */

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
  private readonly width: number;
  private readonly size: number;
  private readonly recordsParams: boolean;
  private readonly sign: 1 | -1;
  private steps = new Float64Array(64);
  private data: Float64Array;
  private count = 0;

  /** @param sign - −1 if what is recorded are the negatives of the user's values. Default 1. */
  constructor(size: number, recordsParams: boolean, sign: 1 | -1 = 1) {
    this.sign = sign;
    this.size = size;
    this.recordsParams = recordsParams;
    this.width = 3 + (recordsParams ? size : 0);
    this.data = new Float64Array(64 * this.width);
  }

  /** Appends `count` records, flattened one after the other, for the steps `firstStep`, `firstStep + 1`, … */
  append(records: ArrayLike<number>, count: number, firstStep: number): void {
    const needed = this.count + count;
    if (needed > this.steps.length) {
      const capacity = Math.max(needed, 2 * this.steps.length);
      const steps = new Float64Array(capacity);
      steps.set(this.steps);
      this.steps = steps;
      const data = new Float64Array(capacity * this.width);
      data.set(this.data);
      this.data = data;
    }
    for (let k = 0; k < count; k++) this.steps[this.count + k] = firstStep + k;
    const offset = this.count * this.width;
    for (let i = 0; i < count * this.width; i++) this.data[offset + i] = records[i]!;
    this.count = needed;
  }

  /** The history so far, as copies. */
  get(): History {
    const column = (index: number): Float64Array => Float64Array.from({ length: this.count }, (_, k) => this.data[k * this.width + index]!);
    const params = new Float64Array(this.recordsParams ? this.count * this.size : 0);
    if (this.recordsParams) {
      for (let k = 0; k < this.count; k++) params.set(this.data.subarray(k * this.width + 3, (k + 1) * this.width), k * this.size);
    }
    return {
      length: this.count,
      step: this.steps.slice(0, this.count),
      value: this.sign === 1 ? column(0) : column(0).map((value) => -value),
      gradientNorm: column(1),
      stepLength: column(2),
      params,
      size: this.size,
    };
  }
}
