/** The functions of a procedure of scalars that repeats. */

import { ScalarWriter } from "../emit/scalar-writer.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import { control } from "../memory.js";
import { emitCommit, ensureResults } from "./commit.js";
import { type Frame, frame, TIMES } from "./frame.js";
import { operands } from "./pass-tests.js";
import { quickTests } from "./quick-tests.js";
import { emitRun } from "./run.js";
import type { ScalarPlan } from "./scalar-plan.js";
import type { ModuleParts } from "./sweep.js";

/** Adds `run(times) → committed passes` to the module; the memory has its layout. */
export function emitScalarProcedure(plan: ScalarPlan, { module, math }: Pick<ModuleParts, "module" | "math">): void {
  const name = `run_${plan.procedure.name}`;
  const newFrame = (exportName: string | undefined): Frame<ScalarWriter> =>
    frame(plan, module, exportName, (f) => new ScalarWriter(f, plan.memory.format, math));
  const isQuick = plan.record === undefined;
  const run = newFrame(isQuick ? undefined : name);
  emitRun(plan, run);
  if (isQuick) emitQuickRun(plan, newFrame(name), run.f);
}

/**
 * A run at the latency of its arithmetic: as soon as a pass is notable it is left, and made again by the function that finds out why.
 * That one is a function of its own so that it takes no registers here.
 */
function emitQuickRun(plan: ScalarPlan, { f, e, passes, locals, load, store }: Frame<ScalarWriter>, careful: FunctionBuilder): void {
  const codeAt = plan.memory.control.address + control.code;
  const { finite, hold, fail, unchanged } = quickTests(plan);
  f.i32(0).i32(0).memory("i32.store", codeAt);
  f.block((done) => {
    f.loop((again) => {
      f.get(passes).get(TIMES).op("i32.ge_s").brIf(done);
      f.block((notable) => {
        load();
        for (const value of finite)
          e.branchUnless(plan.values.binary("less", value, plan.values.constant(Number.POSITIVE_INFINITY)), notable);
        f.loop((next) => {
          e.scope(() => {
            e.ensureScalars([...hold, ...fail].flatMap(operands));
            for (const condition of hold) e.branchUnless(condition, notable);
            for (const condition of fail) e.branchIf(condition, notable);
            ensureResults(plan, e, unchanged);
            emitCommit(plan, e, locals, -1, unchanged);
            store();
          });
          f.get(passes).i32(1).op("i32.add").tee(passes).get(TIMES).op("i32.lt_s").brIf(next);
        });
        f.br(done);
      });
      f.get(passes).i32(1).call(careful).op("i32.add").set(passes);
      f.i32(0).memory("i32.load", codeAt).op("i32.eqz").brIf(again);
    });
  });
  f.get(passes);
}
