/** Loops over the axes of a nest, and stores of what is computed in them. */

import { ROWS } from "../../graph/graph.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import type { Format } from "../format.js";
import type { Access, Value } from "../lower/value.js";
import { BLOCK_BYTES } from "../lower/view.js";
import type { Emitter } from "./emitter.js";
import type { NestPlan } from "./nest-plan.js";
import { storeVector } from "./vector-memory.js";

export interface NestOptions {
  /** Local with the bytes of a column of the rows at hand, in a sweep. */
  readonly rows: number | undefined;
  /** Address of a block of set bits, followed by a block of clear ones. */
  readonly masks: number;
}

/** What writing vectors of results and vectors of terms have in common. */
export class NestLoops {
  protected readonly plan: NestPlan;
  protected readonly e: Emitter;
  protected readonly f: FunctionBuilder;
  protected readonly format: Format;
  protected readonly options: NestOptions;

  constructor(plan: NestPlan, emitter: Emitter, options: NestOptions) {
    this.plan = plan;
    this.e = emitter;
    this.f = emitter.f;
    this.format = emitter.format;
    this.options = options;
  }

  /** Indices start ≤ i < stop of a static axis, `step` at a time. */
  protected loop(axis: number, start: number, stop: number, step: number, body: () => void): void {
    const { f } = this;
    const unit = this.plan.units[axis]!;
    if (this.plan.lengths[axis] === ROWS) {
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

  /** A loop for each of `axes`, the first one outermost. */
  protected loops(axes: readonly number[], copies: number, body: () => void): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) {
      body();
      return;
    }
    this.e.hoist(this.plan.values, copies);
    this.loop(axis, 0, this.plan.lengths[axis]!, 1, () => this.loops(rest, copies, body));
  }

  /** Has copies in flight along an axis, `step` elements apart; −1 for none. */
  protected block(axis: number, step: number): void {
    this.e.blockedAxis = axis;
    this.e.copyStep = step;
  }

  protected storeCopies(value: Value, access: Access, copies: number): void {
    const { e } = this;
    if (copies > 1) e.inStep(value, copies);
    for (e.copy = 0; e.copy < copies; e.copy++) this.storeValue(value, access);
    e.copy = 0;
  }

  protected storeValue(value: Value, access: Access): void {
    const { e, f } = this;
    if (e.activeLanes === this.format.lanes && (access.strides[this.plan.vectorAxis] ?? 0) === this.format.bytes) {
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
}
