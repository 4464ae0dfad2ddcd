/**
 * The loop over the passes of a procedure: compute, test, commit. Small cells that are carried live in locals from the first pass to the
 * last.
 */

import type { ScalarWriter } from "../emit/scalar-writer.js";
import { control } from "../memory.js";
import { emitCommit, ensureResults } from "./commit.js";
import { type Frame, TIMES } from "./frame.js";
import type { PassPlan } from "./pass-plan.js";

/** What a pass does beside scalars. */
export interface PassParts {
  /** Computes arrays. */
  readonly compute?: () => void;
  /** Writes columns of the table, once the pass is to be committed. */
  readonly writeColumns?: () => void;
}

/** Writes the body of `times → committed passes`; the code of the last pass is left in the control block. */
export function emitRun(plan: PassPlan, { f, e, passes, locals, load, store }: Frame<ScalarWriter>, parts: PassParts = {}): void {
  const recordAt = f.local("i32");
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
            parts.compute?.();
            plan.tests.ensure(e);
            plan.tests.emit(e, code, () => f.br(done));
            ensureResults(plan, e);
            parts.writeColumns?.();
            emitCommit(plan, e, { locals, recordAt });
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
    .memory("i32.store", plan.memory.control.address + control.code);
  f.get(passes);
}
