/** The rows of a table that is streamed, a window at a time: what a sweep calls when it comes to rows that are not in memory. */

import { invariant } from "../errors.js";
import type { ReadRows } from "../graph/program.js";
import { FunctionBuilder, ModuleBuilder } from "./encode/assembler.js";
import type { ByteBuffer } from "./encode/byte-buffer.js";
import type { WasmExecutable } from "./executable.js";
import type { MemoryPlan } from "./memory.js";
import type { WebMemory } from "./web-memory.js";

/** Bytes that are in memory at a time, about: as many as a cache holds beside what is computed. */
const WINDOW_BYTES = 1 << 19;

/** Words of the control block, in bytes: first and end row of those in memory. */
export const windowWords = { first: 20, end: 24 } as const;

/** A module that imports the function row → nothing as "descend" "load"; it comes before all others. */
export class StreamedModuleBuilder extends ModuleBuilder {
  readonly load: FunctionBuilder = new FunctionBuilder(0, ["i32"], []);
  private readonly loadType: number = this.typeIndex(this.load.params, this.load.results);

  protected override get imported(): number {
    return 1;
  }

  protected override importFunctions(section: ByteBuffer): void {
    section.text("descend");
    section.text("load");
    section.byte(0x00);
    section.unsigned(this.loadType);
  }
}

/** What makes an executable read its rows as it passes over them. */
export class RowWindow {
  private readonly plan: MemoryPlan;
  private readonly windowRows: number;
  private memory!: WebMemory;
  private source: { readonly rows: number; readonly read: ReadRows } | undefined;

  constructor(plan: MemoryPlan) {
    this.plan = plan;
    const tileBytes = (plan.tileRows / plan.blockRows) * plan.blockBytes;
    this.windowRows = plan.tileRows * Math.max(1, Math.floor(WINDOW_BYTES / Math.max(1, tileBytes)));
  }

  newModule(...memory: ConstructorParameters<typeof ModuleBuilder>): ModuleBuilder {
    return new StreamedModuleBuilder(...memory);
  }

  /** What the module imports beside its memory. */
  imports(memory: WebMemory): { load: (row: number) => void } {
    this.memory = memory;
    return { load: (row) => this.load(row) };
  }

  attach(executable: WasmExecutable): WasmExecutable {
    executable.streamRows = (rows, read) => {
      executable.allocateRows(Math.min(rows, this.windowRows + this.plan.blockRows));
      this.source = { rows, read };
      this.remember(0, 0);
    };
    return executable;
  }

  /** Brings the rows from one on, the first of a tile, into memory: from the block on that holds it, as tiles of batches begin anywhere. */
  private load(row: number): void {
    const { source, plan, windowRows } = this;
    const { blockRows, blockBytes, tableAddress } = plan;
    invariant(source !== undefined, "rows are streamed from somewhere");
    const first = row - (row % blockRows);
    const count = Math.min(windowRows + (first < row ? blockRows : 0), source.rows - first);
    const bytes = Math.ceil(count / blockRows) * blockBytes;
    source.read(new Uint8Array(this.memory.buffer, tableAddress, bytes), (first / blockRows) * blockBytes);
    this.remember(first, first + count);
  }

  private remember(first: number, end: number): void {
    new Int32Array(this.memory.buffer, this.plan.control.address + windowWords.first, 2).set([first, end]);
  }
}
