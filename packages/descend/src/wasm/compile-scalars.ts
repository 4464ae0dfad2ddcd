/** The compiler of programs without rows, as scalars however many: without the parts of `compile.ts` that make loops over arrays. */

import { InternalError } from "../errors.js";
import { type Program, validateProgram } from "../graph/program.js";
import { DEFAULT_TILE_ROWS } from "../numeric/sum.js";
import { assemble } from "./assemble.js";
import type { CompileOptions } from "./compile.js";
import type { WasmExecutable } from "./executable.js";
import { requireFeatures } from "./features.js";
import { formats } from "./format.js";
import { MemoryPlan } from "./memory.js";
import { lowered } from "./procedure/lowered-procedure.js";
import { isScalar, ScalarPlan } from "./procedure/scalar-plan.js";
import { emitScalarProcedure } from "./procedure/scalar-procedure.js";

/**
 * As `compile`. Code grows with the number of elements: for graphs whose arrays are little more than lists of scalars, as those of formulas.
 *
 * @throws CompileError as `compile`.
 */
export function compileScalars(program: Program, options: CompileOptions = {}): WasmExecutable {
  requireFeatures();
  validateProgram(program);
  const { simplify = true, recordCapacity } = options;
  const mostElements = Number.POSITIVE_INFINITY;
  const memory = new MemoryPlan(program, formats[program.dtype], DEFAULT_TILE_ROWS, mostElements);
  const plans = program.procedures.map((procedure) => {
    const low = lowered(procedure, simplify);
    if (!isScalar(low, mostElements)) throw new InternalError(`"${procedure.name}" is a procedure of scalars`);
    return new ScalarPlan(low, memory, { recordCapacity, mostElements, reorders: simplify });
  });
  return assemble(
    memory,
    plans.map((plan) => ({
      procedure: plan.procedure,
      record: plan.record,
      emit: (module, math) => emitScalarProcedure(plan, { module, math }),
    })),
    options,
  );
}
