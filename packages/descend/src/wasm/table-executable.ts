/** A compiled program whose cells with rows have memory of their own, behind everything else. */

import { invariant } from "../errors.js";
import { ROWS } from "../graph/graph.js";
import { type Numbers, WasmExecutable } from "./executable.js";
import { type CellPlan, checkMemory } from "./memory.js";

const PAGE = 65536;

export class TableExecutable extends WasmExecutable {
  private rows = 0;

  override allocateRows(rows: number): void {
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

  override writeRows(cell: string, values: ArrayLike<number>, first = 0, order?: Int32Array): void {
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
      if (order !== undefined) {
        // Rows come from anywhere, so each is read at once; the block is in the cache.
        for (let r = 0; r < inBlock; r++) {
          const from = order[row + r]! * elements;
          for (let e = 0; e < elements; e++) numbers[place + e * blockRows + r] = values[from + e]!;
        }
        row += inBlock;
        continue;
      }
      for (let e = 0; e < elements; e++) {
        for (let r = 0, from = row * elements + e, to = place + e * blockRows; r < inBlock; r++, from += elements, to++)
          numbers[to] = values[from]!;
      }
      row += inBlock;
    }
  }

  protected override readRows(plan: CellPlan): Numbers {
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
}
