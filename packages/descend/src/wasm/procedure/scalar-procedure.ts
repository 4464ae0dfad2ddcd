/** The functions of a procedure of scalars that repeats. */

import { ScalarWriter } from "../emit/scalar-writer.js";
import type { FunctionBuilder } from "../encode/assembler.js";
import type { Value } from "../lower/value.js";
import { control } from "../memory.js";
import { emitCommit, ensureResults } from "./commit.js";
import { type CellLocals, type Frame, frame, TIMES } from "./frame.js";
import { lookahead } from "./lookahead.js";
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
 * That one is a function of its own so that it takes no registers here. Registers are few: every pass leaves its cells in memory, so that
 * what is rarely wanted is read there.
 */
function emitQuickRun(plan: ScalarPlan, { f, e, passes, locals, load, store }: Frame<ScalarWriter>, careful: FunctionBuilder): void {
  const codeAt = plan.memory.control.address + control.code;
  const { finite, hold, fail, unchanged } = quickTests(plan);
  const early = lookahead(plan, fail);
  const late = fail.filter((condition) => !early.conditions.has(condition));
  f.i32(0).i32(0).memory("i32.store", codeAt);
  f.block((done) => {
    f.loop((again) => {
      f.get(passes).get(TIMES).op("i32.ge_s").brIf(done);
      f.block((notable) => {
        load();
        for (const value of finite)
          e.branchUnless(plan.values.binary("less", value, plan.values.constant(Number.POSITIVE_INFINITY)), notable);
        const sums = [...early.sums].map(([sum, next]) => ({ local: e.holdScalar(sum), next }));
        for (const condition of early.conditions.keys()) e.branchIf(condition, notable);
        f.loop((next) => {
          e.scope(() => {
            e.ensureScalars(early.sums.values());
            for (const condition of early.conditions.values()) e.branchIf(condition, notable);
            e.ensureScalars([...hold, ...late].flatMap(operands).flatMap(computed));
            for (const condition of hold) e.branchUnless(condition, notable);
            for (const condition of late) e.branchIf(condition, notable);
            ensureResults(plan, e, unchanged);
            emitCommit(plan, e, { locals, unchanged, keepsFrom: NOWHERE });
            for (const sum of sums) e.scalar(sum.next);
            for (const local of sums.map((sum) => sum.local).reverse()) f.set(local);
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

const NOWHERE: CellLocals = new Map();

/** What is worth a local of what a condition compares: not what an operation makes of memory, nor a magnitude. */
function computed(value: Value): readonly Value[] {
  if (value.op === "load" || value.op === "constant") return [];
  return value.op === "abs" || value.args.every((arg) => arg.op === "load") ? value.args.flatMap(computed) : [value];
}
