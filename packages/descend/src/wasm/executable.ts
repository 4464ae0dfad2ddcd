/** A compiled program in memory: the module's instance, and the way in and out for the values of cells. */

import { invariant, OptionError } from "../errors.js";
import { ROWS } from "../graph/graph.js";
import type { DType, Executable, ReadRows, RunResult } from "../graph/program.js";
import type { RecordPlan } from "./emit/record.js";
import { type CellPlan, checkMemory, control, type MemoryPlan } from "./memory.js";

type Numbers = Float64Array | Float32Array;

const PAGE = 65536;
/** Passes one call can be asked for. */
const MAX_TIMES = 2 ** 31 - 1;

export class WasmExecutable implements Executable {
  readonly dtype: DType;
  /** Of programs whose rows are streamed. */
  declare streamRows?: (rows: number, read: ReadRows) => void;
  /** The instance's memory; it grows only in {@link allocateRows}. */
  readonly memory: WebAssembly.Memory;
  private readonly plan: MemoryPlan;
  private readonly memoryLimit: number;
  private readonly functions: ReadonlyMap<string, (times: number) => number>;
  private readonly records: ReadonlyMap<string, RecordPlan | undefined>;
  private readonly recorded = new Map<string, number>();
  private numbers: Numbers;
  private words: Int32Array;
  private rows = 0;

  constructor(
    plan: MemoryPlan,
    memory: WebAssembly.Memory,
    instance: WebAssembly.Instance,
    records: ReadonlyMap<string, RecordPlan | undefined>,
    memoryLimit: number,
  ) {
    this.dtype = plan.format.dtype;
    this.plan = plan;
    this.memory = memory;
    this.memoryLimit = memoryLimit;
    this.records = records;
    this.functions = new Map([...records.keys()].map((name) => [name, instance.exports[`run_${name}`] as (times: number) => number]));
    this.numbers = this.viewNumbers();
    this.words = new Int32Array(memory.buffer);
    this.initialize();
  }

  private viewNumbers(): Numbers {
    const { buffer } = this.memory;
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
    const plan = this.plan.cell(cell);
    if (plan.cell.shape[0] === ROWS) return this.readRows(plan);
    const start = this.staticPlace(plan);
    return this.numbers.subarray(start, start + plan.elements);
  }

  write(cell: string, values: ArrayLike<number>): void {
    const plan = this.plan.cell(cell);
    invariant(plan.cell.shape[0] !== ROWS, `"${cell}" has rows, which writeRows stores`);
    invariant(values.length === plan.elements, `the cell "${cell}" holds ${plan.elements} values, got ${values.length}`);
    this.numbers.set(values, this.staticPlace(plan));
  }

  allocateRows(rows: number): void {
    invariant(Number.isInteger(rows) && rows >= 0, `the table has a whole number of rows, got ${rows}`);
    const bytes = this.plan.bytesWithRows(rows);
    checkMemory(bytes, this.memoryLimit);
    const missing = Math.ceil(bytes / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch {
        checkMemory(bytes, bytes - 1);
      }
      this.numbers = this.viewNumbers();
      this.words = new Int32Array(this.memory.buffer);
    }
    this.rows = rows;
    this.numbers.fill(0, this.plan.tableAddress / this.plan.format.bytes);
  }

  /** Place of element 0 of a row of a table cell, in numbers. */
  private rowPlace(plan: CellPlan, row: number): number {
    const { blockRows, blockBytes, tableAddress, format } = this.plan;
    const block = Math.floor(row / blockRows);
    return (tableAddress + block * blockBytes + plan.column) / format.bytes + (row - block * blockRows);
  }

  writeRows(cell: string, values: ArrayLike<number>, first = 0): void {
    const plan = this.plan.cell(cell);
    const { blockRows } = this.plan;
    const { elements } = plan;
    const count = elements === 0 ? 0 : values.length / elements;
    invariant(plan.cell.shape[0] === ROWS && Number.isInteger(count), `"${cell}" has rows of ${elements} values`);
    invariant(first >= 0 && first + count <= this.rows, `the rows ${first} + ${count} of "${cell}" exist`);
    const { numbers } = this;
    for (let row = 0; row < count; ) {
      const place = this.rowPlace(plan, first + row);
      const inBlock = Math.min(count - row, blockRows - ((first + row) % blockRows));
      for (let e = 0; e < elements; e++) {
        for (let r = 0, from = row * elements + e, to = place + e * blockRows; r < inBlock; r++, from += elements, to++)
          numbers[to] = values[from]!;
      }
      row += inBlock;
    }
  }

  private readRows(plan: CellPlan): Numbers {
    const out = this.dtype === "float64" ? new Float64Array(this.rows * plan.elements) : new Float32Array(this.rows * plan.elements);
    const { elements } = plan;
    const { blockRows } = this.plan;
    const { numbers } = this;
    for (let first = 0; first < this.rows; first += blockRows) {
      const place = this.rowPlace(plan, first);
      const count = Math.min(blockRows, this.rows - first);
      if (elements === 1) {
        out.set(numbers.subarray(place, place + count), first);
        continue;
      }
      for (let e = 0; e < elements; e++) {
        for (let r = 0, from = place + e * blockRows, to = first * elements + e; r < count; r++, from++, to += elements)
          out[to] = numbers[from]!;
      }
    }
    return out;
  }

  run(procedure: string, times = 1): RunResult {
    const run = this.functions.get(procedure);
    invariant(run !== undefined, `the program has a procedure "${procedure}"`);
    const capacity = Math.min(MAX_TIMES, this.recordCapacity(procedure));
    if (!(times <= capacity)) {
      throw new OptionError("OPTION_OUT_OF_RANGE", `run(${procedure}): expected at most ${capacity} passes, got ${times}.`, {
        option: "times",
        expected: `at most ${capacity}`,
        got: times,
      });
    }
    const passes = run(times);
    this.recorded.set(procedure, passes);
    return { passes, code: this.words[(this.plan.control.address + control.code) / 4]! };
  }

  record(procedure: string): Numbers {
    const plan = this.records.get(procedure);
    if (plan === undefined) return this.numbers.subarray(0, 0);
    const start = plan.region.address / this.plan.format.bytes;
    return this.numbers.subarray(start, start + (this.recorded.get(procedure) ?? 0) * plan.elements);
  }

  recordCapacity(procedure: string): number {
    return this.records.get(procedure)?.capacity ?? Number.POSITIVE_INFINITY;
  }
}
