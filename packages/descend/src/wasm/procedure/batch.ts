/** The batch of a pass: its rows cut into tiles, its tiles dealt to segments, its segments shared among calls. */

import type { Emitter } from "../emit/emitter.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import { control } from "../memory.js";
import type { ProcedurePlan } from "./procedure-plan.js";
import type { Sweep } from "./sweep.js";

/** The rows of this pass as tiles and segments, in the control block. */
export function emitBatch(plan: ProcedurePlan, e: Emitter): void {
  const { f, format } = e;
  const { tileRows, control: block } = plan.memory;
  const { start, count } = plan.range!;
  const toI32 = format.scalar === "f64" ? "i32.trunc_sat_f64_s" : "i32.trunc_sat_f32_s";
  const store = (offset: number, push: () => void): void => {
    f.i32(0);
    push();
    f.memory("i32.store", block.address + offset);
  };
  const [first, rows] = [f.local("i32"), f.local("i32")];
  e.ensureScalars([start, count]);
  e.scalar(plan.values.number(start));
  f.op(toI32).set(first);
  e.scalar(plan.values.number(count));
  f.op(toI32).set(rows);
  f.i32(0).get(rows).get(rows).i32(0).op("i32.lt_s").op("select").set(rows);
  store(control.firstRow, () => f.get(first));
  store(control.endRow, () => f.get(first).get(rows).op("i32.add"));
  store(control.tiles, () =>
    f
      .get(rows)
      .i32(tileRows - 1)
      .op("i32.add")
      .i32(tileRows)
      .op("i32.div_u"),
  );
  for (const local of [first, rows]) f.release(local);
}

/** Calls of the function of a sweep for all segments, and of the one that combines their accumulators. */
export function emitSweepCalls(
  plan: ProcedurePlan,
  e: Emitter,
  sweepFunction: FunctionBuilder,
  sweep: Sweep,
  combine: (() => FunctionBuilder) | undefined,
  arena: number,
  segments: number,
): void {
  const { f } = e;
  const { control: block } = plan.memory;
  const { accumulators } = sweep;
  // Segments: as many as tiles, at least one and at most the maximum.
  f.i32(0)
    .memory("i32.load", block.address + control.tiles)
    .tee(segments);
  f.i32(accumulators.maxSegments).get(segments).i32(accumulators.maxSegments).op("i32.lt_s").op("select").tee(segments);
  f.i32(1).get(segments).i32(1).op("i32.gt_s").op("select").set(segments);
  f.i32(0)
    .get(segments)
    .memory("i32.store", block.address + control.segments);
  const { workers } = plan;
  for (let worker = workers - 1; worker >= 0; worker--) {
    for (const w of [worker, worker + 1]) f.get(segments).i32(w).op("i32.mul").i32(workers).op("i32.div_u");
    f.i32(arena).call(sweepFunction);
  }
  if (combine === undefined) return;
  f.i32(accumulators.region.address)
    .i32(accumulators.segmentBytes)
    .get(segments)
    .i32(accumulators.sums)
    .i32(accumulators.maxima)
    .call(combine());
}
