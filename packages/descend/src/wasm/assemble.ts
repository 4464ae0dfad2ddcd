/** What all ways to compile a program have in common: its memory laid out, its module made, and both brought together. */

import type { Procedure } from "../graph/program.js";
import type { RecordPlan } from "./emit/record.js";
import { ModuleBuilder } from "./encode/assembler.js";
import { WasmExecutable } from "./executable.js";
import { engineModule } from "./features.js";
import { region } from "./lower/view.js";
import { MathLibrary } from "./math/library.js";
import type { MemoryPlan } from "./memory.js";
import type { RowWindow } from "./row-window.js";

/** A procedure with its memory planned. */
export interface PlannedProcedure {
  readonly procedure: Procedure;
  readonly record: RecordPlan | undefined;
  /** Adds its functions to the module, once the memory has its layout; `arena` is an address. */
  readonly emit: (module: ModuleBuilder, math: MathLibrary, arena: number) => void;
}

export interface AssembleOptions {
  /** Of the arrays that sweeps over the rows work on. Default 0. */
  readonly arenaBytes?: number;
  /** Default 4 GiB. */
  readonly memoryLimit?: number | undefined;
  /** Default false. */
  readonly sharedMemory?: boolean | undefined;
  /** What programs with rows become. Default: {@link WasmExecutable}. */
  readonly Executable?: typeof WasmExecutable;
  /** Where rows are streamed: what loads them. */
  readonly window?: RowWindow | undefined;
  /** What adds elementary functions to the module. Default: a {@link MathLibrary}. */
  readonly newMath?: ((module: ModuleBuilder) => MathLibrary) | undefined;
}

const PAGE = 65536;
const MAX_BYTES = 65536 * PAGE;

/** Puts a compiled program in memory, where all cells hold 0. */
export type Instantiate = () => WasmExecutable;

/** @throws CompileError FEATURE_MISSING without WebAssembly SIMD, MEMORY_EXCEEDED if the program does not fit the memory limit. */
export function assemble(
  memory: MemoryPlan,
  procedures: readonly PlannedProcedure[],
  { arenaBytes = 0, memoryLimit = MAX_BYTES, sharedMemory: shared = false, Executable = WasmExecutable, window, newMath }: AssembleOptions,
): Instantiate {
  const limit = Math.min(memoryLimit, MAX_BYTES - PAGE);
  const arena = memory.add(region(memory.realignBytes + Math.max(64, arenaBytes)));
  const bytes = memory.layout(limit);
  const initialPages = Math.ceil((bytes + PAGE) / PAGE);
  const maximumPages = Math.max(initialPages, Math.floor(limit / PAGE));
  const pages = { initialPages, maximumPages, shared };
  const module = window?.newModule(pages) ?? new ModuleBuilder(pages);
  const math = newMath?.(module) ?? new MathLibrary(module);
  for (const { emit } of procedures) emit(module, math, arena.address + memory.realignBytes);
  const compiled = engineModule(module.build());
  const records = new Map(procedures.map(({ procedure, record }) => [procedure.name, record]));
  return () => {
    const webMemory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages, shared });
    const instance = new WebAssembly.Instance(compiled, { descend: { memory: webMemory, ...window?.imports(webMemory) } });
    const executable = new Executable(memory, webMemory, instance, records, limit);
    return window?.attach(executable) ?? executable;
  };
}
