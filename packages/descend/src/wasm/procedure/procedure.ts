/**
 * The functions of a procedure, `run(times) → committed passes` and what it calls.
 *
 * A pass: section 0, sweep 0, section 1, …, last section; then the tests. If it is committed, keeps and writes take effect. Small cells
 * live in locals from the first pass to the last; large ones are exchanged in the cell table.
 */

import { Emitter } from "../emit/emitter.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import { emitBatch, emitSweepCalls } from "./batch.js";
import { type CellLocals, emitCommit, ensureResults } from "./commit.js";
import type { ProcedurePlan } from "./procedure-plan.js";
import { emitSection } from "./section.js";
import { bindCells, control, emitSweep, type ModuleParts } from "./sweep.js";

/** A function of a procedure: its carried cells in locals, and how they get there and back. */
interface Frame {
  readonly f: FunctionBuilder;
  readonly e: Emitter;
  /** Local that counts committed passes. */
  readonly passes: number;
  readonly locals: CellLocals;
  readonly load: () => void;
  readonly store: () => void;
}

/** The parameter of a run. */
const TIMES = 0;

/** Adds the functions of the procedure to the module; the memory has its layout. */
export function emitProcedure(plan: ProcedurePlan, parts: ModuleParts, combine: () => FunctionBuilder, arena: number): void {
  const name = `run_${plan.procedure.name}`;
  if (!isScalar(plan)) {
    emitRun(plan, parts, name, combine, arena);
    return;
  }
  const careful = emitRun(plan, parts, undefined, combine, arena);
  emitQuickRun(plan, parts, name, careful);
}

/** True if a pass is nothing but scalars that are tested. */
function isScalar(plan: ProcedurePlan): boolean {
  return (
    plan.procedure.repeat !== undefined &&
    plan.record === undefined &&
    plan.sweeps.length === 0 &&
    plan.columnSweep === undefined &&
    plan.sections.every((fusion) => fusion.kernels.length === 0)
  );
}

/** `run(times) → committed passes`; the code of the last pass is left in the control block. */
function emitRun(
  plan: ProcedurePlan,
  parts: ModuleParts,
  exportName: string | undefined,
  combine: () => FunctionBuilder,
  arena: number,
): FunctionBuilder {
  const { memory } = parts;
  const sweeps = plan.sweeps.map((sweep) => emitSweep(parts, sweep));
  const columnSweep = plan.columnSweep && emitSweep(parts, plan.columnSweep);
  const { f, e, passes, locals, load, store } = frame(plan, parts, exportName);
  const recordAt = f.local("i32");
  const segments = f.local("i32");
  const code = f.local("i32");
  load();
  if (plan.record !== undefined) f.i32(plan.record.region.address).set(recordAt);

  f.get(TIMES)
    .i32(0)
    .op("i32.gt_s")
    .if(() => {
      f.block((done) => {
        f.loop((again) => {
          e.scope(() => {
            bindCells(e, f, memory);
            plan.sections.forEach((fusion, k) => {
              emitSection(parts, fusion, e);
              if (k === 0 && (sweeps.length > 0 || columnSweep !== undefined)) emitBatch(plan, e);
              if (k < sweeps.length) emitSweepCalls(plan, e, sweeps[k]!, plan.sweeps[k]!, combine, arena, segments);
            });
            plan.tests.ensure(e);
            plan.tests.emit(e, code, () => f.br(done));
            ensureResults(plan, e);
            if (columnSweep !== undefined) emitSweepCalls(plan, e, columnSweep, plan.columnSweep!, undefined, arena, segments);
            emitCommit(plan, e, locals, recordAt);
            f.get(passes).i32(1).op("i32.add").set(passes);
            if (plan.tests.mayStop) f.get(code).brIf(done);
          });
          f.get(passes).get(TIMES).op("i32.lt_s").brIf(again);
        });
      });
      store();
    });
  f.i32(0)
    .get(code)
    .memory("i32.store", memory.control.address + control.code);
  f.get(passes);
  return f;
}

/**
 * The same for passes of a few scalars, at the latency of their arithmetic: as soon as a pass is notable it is left, and made again
 * by the function that finds out why. That one is a function of its own so that it takes no registers here.
 */
function emitQuickRun(plan: ProcedurePlan, parts: ModuleParts, exportName: string, careful: FunctionBuilder): void {
  const codeAt = parts.memory.control.address + control.code;
  const { f, e, passes, locals, load, store } = frame(plan, parts, exportName);
  f.i32(0).i32(0).memory("i32.store", codeAt);
  f.block((done) => {
    f.loop((again) => {
      f.get(passes).get(TIMES).op("i32.ge_s").brIf(done);
      f.block((notable) => {
        load();
        f.loop((next) => {
          e.scope(() => {
            plan.tests.ensure(e);
            plan.tests.branchIfNotable(e, notable);
            ensureResults(plan, e);
            emitCommit(plan, e, locals, -1);
          });
          f.get(passes).i32(1).op("i32.add").tee(passes).get(TIMES).op("i32.lt_s").brIf(next);
        });
        store();
        f.br(done);
      });
      store();
      f.get(passes).i32(1).call(careful).op("i32.add").set(passes);
      f.i32(0).memory("i32.load", codeAt).op("i32.eqz").brIf(again);
    });
  });
  f.get(passes);
}

/** A function with the carried cells in locals. */
function frame(plan: ProcedurePlan, parts: ModuleParts, exportName: string | undefined): Frame {
  const { module, math, memory } = parts;
  const { format } = memory;
  const f = module.addFunction(["i32"], ["i32"], exportName);
  const e = new Emitter(f, format, math);
  if (plan.literals !== undefined) {
    const { values, place } = plan.literals;
    e.literalAddresses = new Map(values.map((value, i) => [value, place.address + i * format.bytes]));
  }
  const locals = new Map<string, readonly number[]>();
  const places: { readonly local: number; readonly address: number }[] = [];
  for (const [cell, variables] of plan.variables) {
    const { address } = memory.cell(cell).region!;
    locals.set(
      cell,
      variables.map((variable, i) => {
        const local = f.local(format.scalar);
        e.bindVariable(variable, local);
        places.push({ local, address: address + i * format.bytes });
        return local;
      }),
    );
  }
  return {
    f,
    e,
    locals,
    passes: f.local("i32"),
    load: () => {
      for (const { local, address } of places) f.i32(0).memory(`${format.scalar}.load`, address).set(local);
    },
    store: () => {
      for (const { local, address } of places) f.i32(0).get(local).memory(`${format.scalar}.store`, address);
    },
  };
}
