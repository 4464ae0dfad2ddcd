/** A compiled program in memory: the module's instance, and the way in and out for the values of cells. */

import { invariant, OptionError } from "../errors.js";
import { ROWS } from "../graph/graph.js";
import type { DType, Executable, ReadRows, RunResult } from "../graph/program.js";
import type { RecordPlan } from "./emit/record.js";
import { type CellPlan, control, type MemoryPlan } from "./memory.js";
import type { WebInstance, WebMemory } from "./web-memory.js";

export type Numbers = Float64Array | Float32Array;

/** Passes one call can be asked for. */
const MAX_TIMES = 2 ** 31 - 1;

interface CompiledProcedure {
  readonly run: (times: number) => number;
  readonly record: RecordPlan | undefined;
  /** Passes of the last run. */
  recorded: number;
}

export class WasmExecutable implements Executable {
  readonly dtype: DType;
  /** Of programs whose rows are streamed. */
  declare streamRows?: (rows: number, read: ReadRows) => void;
  /** The instance's memory; it grows only for rows. */
  readonly memory: WebMemory;
  protected readonly plan: MemoryPlan;
  protected readonly memoryLimit: number;
  private readonly procedures: ReadonlyMap<string, CompiledProcedure>;
  /** Views of cells that stay where they are, until memory grows: making one takes longer than a small pass. */
  private readonly views = new Map<string, Numbers>();
  protected numbers: Numbers;
  protected words: Int32Array;

  constructor(
    plan: MemoryPlan,
    memory: WebMemory,
    instance: WebInstance,
    records: ReadonlyMap<string, RecordPlan | undefined>,
    memoryLimit: number,
  ) {
    this.dtype = plan.format.dtype;
    this.plan = plan;
    this.memory = memory;
    this.memoryLimit = memoryLimit;
    const run = (name: string) => instance.exports[`run_${name}`] as (times: number) => number;
    this.procedures = new Map([...records].map(([name, record]) => [name, { run: run(name), record, recorded: 0 }]));
    this.numbers = this.viewNumbers();
    this.words = new Int32Array(memory.buffer);
    this.initialize();
  }

  protected viewNumbers(): Numbers {
    const { buffer } = this.memory;
    this.views.clear();
    return this.dtype === "float64" ? new Float64Array(buffer) : new Float32Array(buffer);
  }

  /** Masks, literal arrays, and the addresses of cells that move. */
  private initialize(): void {
    const { plan } = this;
    const { bytes } = plan.format;
    new Uint8Array(this.memory.buffer).fill(255, plan.masks.address, plan.masks.address + plan.masks.bytes / 2);
    for (const { region, values } of plan.constants) this.numbers.set(values, region.address / bytes);
    for (const { moving } of plan.cells.values()) {
      if (moving === undefined) continue;
      moving.buffers.forEach((buffer, i) => {
        this.words[moving.entry.address / 4 + i] = buffer.address;
      });
    }
  }

  private staticPlace(plan: CellPlan): number {
    const address = plan.region?.address ?? this.words[plan.moving!.entry.address / 4]!;
    return address / this.plan.format.bytes;
  }

  read(cell: string): Numbers {
    const known = this.views.get(cell);
    if (known !== undefined) return known;
    const plan = this.plan.cell(cell);
    if (plan.cell.shape[0] === ROWS) return this.readRows(plan);
    const start = this.staticPlace(plan);
    const view = this.numbers.subarray(start, start + plan.elements);
    if (plan.moving === undefined) this.views.set(cell, view);
    return view;
  }

  write(cell: string, values: ArrayLike<number>): void {
    const plan = this.plan.cell(cell);
    invariant(plan.cell.shape[0] !== ROWS, `"${cell}" has rows, which writeRows stores`);
    invariant(values.length === plan.elements, `the cell "${cell}" holds ${plan.elements} values, got ${values.length}`);
    this.numbers.set(values, this.staticPlace(plan));
  }

  /** Programs with rows are {@link TableExecutable}s. */
  allocateRows(rows: number): void {
    noRows(rows === 0);
  }

  writeRows(_cell: string, _values: ArrayLike<number>, _first?: number, _order?: Int32Array): void {
    noRows();
  }

  protected readRows(_plan: CellPlan): Numbers {
    return noRows();
  }

  run(procedure: string, times = 1): RunResult {
    const compiled = this.procedures.get(procedure);
    invariant(compiled !== undefined, `the program has a procedure "${procedure}"`);
    const capacity = Math.min(MAX_TIMES, compiled.record?.capacity ?? MAX_TIMES);
    if (!(times <= capacity)) {
      throw new OptionError("OPTION_OUT_OF_RANGE", `run(${procedure}): expected at most ${capacity} passes, got ${times}.`, {
        option: "times",
        expected: `at most ${capacity}`,
        got: times,
      });
    }
    const passes = compiled.run(times);
    compiled.recorded = passes;
    return { passes, code: this.words[(this.plan.control.address + control.code) / 4]! };
  }

  record(procedure: string): Numbers {
    const { record, recorded } = this.procedures.get(procedure) ?? { record: undefined, recorded: 0 };
    if (record === undefined) return this.numbers.subarray(0, 0);
    const start = record.region.address / this.plan.format.bytes;
    return this.numbers.subarray(start, start + recorded * record.elements);
  }

  recordCapacity(procedure: string): number {
    return this.procedures.get(procedure)?.record?.capacity ?? Number.POSITIVE_INFINITY;
  }
}

function noRows(condition = false): never {
  invariant(condition, "the program has no rows");
  return undefined as never;
}
