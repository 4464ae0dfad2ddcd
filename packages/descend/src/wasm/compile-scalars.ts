/** The compiler of programs without rows and repetition, as scalars however many: without the parts of `compile.ts` that make loops. */

import { invariant } from "../errors.js";
import { type Program, validateProgram } from "../graph/program.js";
import { DEFAULT_TILE_ROWS } from "../numeric/sum.js";
import { assemble, type PlannedProcedure } from "./assemble.js";
import type { CompileOptions } from "./compile.js";
import type { WasmExecutable } from "./executable.js";
import { formats } from "./format.js";
import { MemoryPlan } from "./memory.js";
import { lowered } from "./procedure/lowered-procedure.js";
import { isScalar, planStraight } from "./procedure/straight-procedure.js";

/**
 * As `compile`, with the options `simplify` and `memoryLimit`. Code grows with the number of elements: for graphs whose arrays are little
 * more than lists of scalars, as those of formulas.
 *
 * @throws CompileError as `compile`.
 */
export function compileScalars(program: Program, options: CompileOptions = {}): WasmExecutable {
  validateProgram(program);
  const { simplify = true, memoryLimit } = options;
  const mostElements = Number.POSITIVE_INFINITY;
  const memory = new MemoryPlan(program, formats[program.dtype], DEFAULT_TILE_ROWS, mostElements);
  const procedures = program.procedures.map((procedure): PlannedProcedure => {
    const low = lowered(procedure, simplify);
    invariant(isScalar(low, mostElements) && procedure.repeat === undefined, `"${procedure.name}" is scalars, computed once`);
    return { procedure, record: undefined, emit: planStraight(low, memory, { mostElements }) };
  });
  return assemble(memory, procedures, { memoryLimit })();
}
