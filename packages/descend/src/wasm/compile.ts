/**
 * The compiler: a program in, one WebAssembly module out, with all memory planned and nothing left to allocate or compile.
 *
 * See README.md in this folder for how it works.
 */

import type { Procedure, Program } from "../graph/program.js";
import { validateProgram } from "../graph/program.js";
import { DEFAULT_TILE_ROWS } from "../numeric/sum.js";
import { assemble, type Instantiate, type PlannedProcedure } from "./assemble.js";
import type { FunctionBuilder, ModuleBuilder } from "./encode/assembler.js";
import type { WasmExecutable } from "./executable.js";
import { hasRelaxedSimd } from "./features.js";
import { formats } from "./format.js";
import { SMALL } from "./lower/small.js";
import { spreadFactor } from "./lower/spread-factor.js";
import { ShortMathLibrary } from "./math/short-library.js";
import { MemoryPlan } from "./memory.js";
import { emitCombine } from "./procedure/combine.js";
import { lowered } from "./procedure/lowered-procedure.js";
import { emitProcedure } from "./procedure/procedure.js";
import { ProcedurePlan } from "./procedure/procedure-plan.js";
import { ScalarPlan } from "./procedure/scalar-plan.js";
import { emitScalarProcedure } from "./procedure/scalar-procedure.js";
import { isScalar, planStraight } from "./procedure/straight-procedure.js";
import { programKey, recall } from "./recall.js";
import { RowWindow } from "./row-window.js";
import { TableExecutable } from "./table-executable.js";

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
  /** Write short forms of elementary functions into loops over float64, with a larger error: see math/short-functions.ts. Default false. */
  readonly shortFunctions?: boolean;
  /** Make a memory that threads can share. Default false. */
  readonly sharedMemory?: boolean;
}

/** From a program to a program in memory, ready to run. */
export type Compile = (program: Program, options?: CompileOptions) => WasmExecutable;

/**
 * Compiles a program, or finds it among the last ones, and puts it in memory; all cells hold 0.
 *
 * @throws CompileError FEATURE_MISSING without WebAssembly SIMD, MEMORY_EXCEEDED if the program does not fit the memory limit.
 */
export function compile(program: Program, options: CompileOptions = {}): WasmExecutable {
  return recall(programKey(program, options), () => compileAnew(program, options))();
}

function compileAnew(program: Program, options: CompileOptions): Instantiate {
  validateProgram(program);
  const { simplify = true, recordCapacity, workers = 1, memoryLimit, sharedMemory, precision, shortFunctions } = options;
  const format = formats[program.dtype];
  const memory = new MemoryPlan(program, format, options.tileRows ?? DEFAULT_TILE_ROWS);
  const fast = precision === "fast" && hasRelaxedSimd();
  const scalar = { mostElements: SMALL, ...(simplify ? { sooner: spreadFactor } : {}) };
  let arenaBytes = 0;
  let combine: FunctionBuilder | undefined;
  const newCombine = (module: ModuleBuilder): FunctionBuilder => (combine ??= emitCombine(module, format));
  const plan = (procedure: Procedure): PlannedProcedure => {
    const low = lowered(procedure, simplify);
    const { repeat } = procedure;
    const keepsArrays = repeat?.keeps?.some(({ from }) => !memory.cell(from).small) ?? false;
    if (keepsArrays || !isScalar(low, SMALL)) {
      const plan = new ProcedurePlan(low, memory, { recordCapacity, workers });
      arenaBytes = Math.max(arenaBytes, plan.arenaBytes);
      return {
        procedure,
        record: plan.record,
        emit: (module, math, arena) => emitProcedure(plan, { module, math, memory, fast }, () => newCombine(module), arena),
      };
    }
    if (repeat === undefined) return { procedure, record: undefined, emit: planStraight(low, memory, scalar) };
    const plan = new ScalarPlan(low, memory, repeat, { recordCapacity, ...scalar });
    return { procedure, record: plan.record, emit: (module, math) => emitScalarProcedure(plan, { module, math }) };
  };
  const plans = program.procedures.map(plan);
  return assemble(memory, plans, {
    arenaBytes,
    memoryLimit,
    sharedMemory,
    newMath: shortFunctions === true ? (module) => new ShortMathLibrary(module) : undefined,
    Executable: TableExecutable,
    window: program.streamed === true ? new RowWindow(memory) : undefined,
  });
}
