/**
 * The functions of a procedure, `run(times) → committed passes` and what it calls.
 *
 * A pass: section 0, sweep 0, section 1, …, last section; then the tests. If it is committed, keeps and writes take effect: large cells
 * are exchanged in the cell table, small ones stored.
 */

import { Emitter } from "../emit/emitter.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import { emitBatch, emitSweepCalls } from "./batch.js";
import { frame } from "./frame.js";
import type { ProcedurePlan } from "./procedure-plan.js";
import { emitRun } from "./run.js";
import { emitSection } from "./section.js";
import { bindCells, emitSweep, type ModuleParts } from "./sweep.js";

/** Adds the functions of the procedure to the module; the memory has its layout. */
export function emitProcedure(plan: ProcedurePlan, parts: ModuleParts, combine: () => FunctionBuilder, arena: number): void {
  const { module, math, memory } = parts;
  const sweeps = plan.sweeps.map((sweep) => emitSweep(parts, sweep));
  const columnSweep = plan.columnSweep && emitSweep(parts, plan.columnSweep);
  const run = frame(plan, module, `run_${plan.procedure.name}`, (f) => new Emitter(f, memory.format, math));
  const { f, e } = run;
  const segments = f.local("i32");
  emitRun(plan, run, {
    compute: () => {
      bindCells(e, f, memory);
      plan.sections.forEach((fusion, k) => {
        emitSection(parts, fusion, e);
        if (k === 0 && (sweeps.length > 0 || columnSweep !== undefined)) emitBatch(plan, e);
        if (k < sweeps.length) emitSweepCalls(plan, e, sweeps[k]!, plan.sweeps[k]!, combine, arena, segments);
      });
    },
    writeColumns: () => {
      if (columnSweep !== undefined) emitSweepCalls(plan, e, columnSweep, plan.columnSweep!, undefined, arena, segments);
    },
  });
}
