/**
 * The compiler: a program in, one WebAssembly module out, with all memory planned and nothing left to allocate or compile.
 *
 * See README.md in this folder for how it works.
 */

import type { Program } from "../graph/program.js";
import { validateProgram } from "../graph/program.js";
import { DEFAULT_TILE_ROWS } from "../numeric/sum.js";
import { assemble } from "./assemble.js";
import type { FunctionBuilder } from "./encode/assembler.js";
import type { WasmExecutable } from "./executable.js";
import { hasRelaxedSimd, requireFeatures } from "./features.js";
import { formats } from "./format.js";
import { SMALL } from "./lower/small.js";
import { MemoryPlan } from "./memory.js";
import { emitCombine } from "./procedure/combine.js";
import { lowered } from "./procedure/lowered-procedure.js";
import { emitProcedure } from "./procedure/procedure.js";
import { ProcedurePlan } from "./procedure/procedure-plan.js";
import { isScalar, ScalarPlan } from "./procedure/scalar-plan.js";
import { emitScalarProcedure } from "./procedure/scalar-procedure.js";

export interface CompileOptions {
  /** "fast" may use the machine's fused multiply-add in matrix products: other bits on other machines. Default "reproducible". */
  readonly precision?: "reproducible" | "fast";
  /** Passes that one run of a recording procedure can hold. Default: 1024, fewer if they would take more than 8 MiB. */
  readonly recordCapacity?: number;
  /** Rows of a tile of the table: a multiple of 16. Part of the order of sums. Default 128. */
  readonly tileRows?: number;
  /** Calls among which the segments of a sweep over the rows are shared, ≥ 1. The result does not depend on it. Default 1. */
  readonly workers?: number;
  /** Simplify graphs first; may change results by rounding. Default true. */
  readonly simplify?: boolean;
  /** Most bytes of memory. Default 4 GiB, what a 32-bit WebAssembly memory can have. */
  readonly memoryLimit?: number;
  /** Make a memory that threads can share. Default false. */
  readonly sharedMemory?: boolean;
}

/** From a program to a program in memory, ready to run. */
export type Compile = (program: Program, options?: CompileOptions) => WasmExecutable;

/**
 * Compiles a program and puts it in memory; all cells hold 0.
 *
 * @throws CompileError FEATURE_MISSING without WebAssembly SIMD, MEMORY_EXCEEDED if the program does not fit the memory limit.
 */
export function compile(program: Program, options: CompileOptions = {}): WasmExecutable {
  requireFeatures();
  validateProgram(program);
  const { simplify = true, recordCapacity, workers = 1, memoryLimit, sharedMemory, precision } = options;
  const format = formats[program.dtype];
  const memory = new MemoryPlan(program, format, options.tileRows ?? DEFAULT_TILE_ROWS);
  const plans = program.procedures.map((procedure) => {
    const low = lowered(procedure, simplify);
    return isScalar(low, SMALL)
      ? new ScalarPlan(low, memory, { recordCapacity, mostElements: SMALL, reorders: simplify })
      : new ProcedurePlan(low, memory, { recordCapacity, workers });
  });
  const fast = precision === "fast" && hasRelaxedSimd();
  let combine: FunctionBuilder | undefined;
  return assemble(
    memory,
    plans.map((plan) => ({
      procedure: plan.procedure,
      record: plan.record,
      emit: (module, math, arena) => {
        if (plan instanceof ScalarPlan) emitScalarProcedure(plan, { module, math });
        else emitProcedure(plan, { module, math, memory, fast }, () => (combine ??= emitCombine(module, format)), arena);
      },
    })),
    { arenaBytes: Math.max(0, ...plans.map((plan) => (plan instanceof ScalarPlan ? 0 : plan.arenaBytes))), memoryLimit, sharedMemory },
  );
}
