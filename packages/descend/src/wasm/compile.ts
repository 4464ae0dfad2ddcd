/**
 * The compiler: a program in, one WebAssembly module out, with all memory planned and nothing left to allocate or compile.
 *
 * See README.md in this folder for how it works.
 */

import type { Program } from "../graph/program.js";
import { validateProgram } from "../graph/program.js";
import { DEFAULT_TILE_ROWS } from "../numeric/sum.js";
import { type FunctionBuilder, ModuleBuilder } from "./encode/assembler.js";
import { WasmExecutable } from "./executable.js";
import { hasRelaxedSimd, requireFeatures } from "./features.js";
import { formats } from "./format.js";
import { region } from "./lower/view.js";
import { MathLibrary } from "./math/library.js";
import { MemoryPlan } from "./memory.js";
import { emitCombine } from "./procedure/combine.js";
import { emitProcedure } from "./procedure/procedure.js";
import { ProcedurePlan } from "./procedure/procedure-plan.js";

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

const PAGE = 65536;
const MAX_BYTES = 65536 * PAGE;

/**
 * Compiles a program and puts it in memory; all cells hold 0.
 *
 * @throws CompileError FEATURE_MISSING without WebAssembly SIMD, MEMORY_EXCEEDED if the program does not fit the memory limit.
 */
export function compile(program: Program, options: CompileOptions = {}): WasmExecutable {
  requireFeatures();
  validateProgram(program);
  const format = formats[program.dtype];
  const memoryLimit = Math.min(options.memoryLimit ?? MAX_BYTES, MAX_BYTES - PAGE);
  const memory = new MemoryPlan(program, format, options.tileRows ?? DEFAULT_TILE_ROWS);
  const plans = program.procedures.map(
    (procedure) =>
      new ProcedurePlan(procedure, memory, {
        simplify: options.simplify ?? true,
        recordCapacity: options.recordCapacity,
        workers: options.workers ?? 1,
      }),
  );
  const arena = memory.add(region(memory.realignBytes + Math.max(64, ...plans.map((plan) => plan.arenaBytes))));
  const bytes = memory.layout(memoryLimit);

  const initialPages = Math.ceil((bytes + PAGE) / PAGE);
  const maximumPages = Math.max(initialPages, Math.floor(memoryLimit / PAGE));
  const shared = options.sharedMemory ?? false;
  const module = new ModuleBuilder({ initialPages, maximumPages, shared });
  const math = new MathLibrary(module);
  let combine: FunctionBuilder | undefined;
  for (const plan of plans) {
    emitProcedure(
      plan,
      { module, math, memory, fast: options.precision === "fast" && hasRelaxedSimd() },
      () => (combine ??= emitCombine(module, format)),
      arena.address + memory.realignBytes,
    );
  }
  const webMemory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages, shared });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { descend: { memory: webMemory } });
  const records = new Map(plans.map((plan) => [plan.procedure.name, plan.record]));
  return new WasmExecutable(memory, webMemory, instance, records, memoryLimit);
}
