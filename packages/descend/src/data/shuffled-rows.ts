/**
 * Rows of a file in another order, for tables larger than memory, by two sequential passes in place of a visit to each row.
 *
 * The rows of the new order are cut into stretches that fit memory. One pass deals the rows to stretches, each with its place there; a
 * stretch is put in order when it is read.
 */

import { invariant } from "../errors.js";
import { BLOCK_ROWS, type ByteFile, bytesOf, placeOf, type RowFile } from "./row-file.js";

/** Bytes of a stretch at least, and of what is collected for one before it is written. */
const STRETCH_BYTES = 1 << 23;
const COLLECTED_BYTES = 1 << 15;

/**
 * Deals the rows.
 *
 * @param order - which row comes first, second, …: a permutation. [rows]
 * @param scratch - is written over: (width + 1)·rows numbers.
 * @returns what fills bytes from a place on, of blocks as the file has them; until `scratch` is written anew.
 *
 * Cost: reading the file once, writing and reading `scratch` once where it is then read from the first row to the last. Memory: 4 bytes a row,
 * and some 30 MB; more only beyond 2 GB, with the square root of the size.
 */
export function shuffledRows(rows: RowFile, order: Int32Array, scratch: ByteFile): (into: Uint8Array, place: number) => void {
  const { width, rows: count } = rows;
  invariant(order.length === count, `an order of ${count} rows has as many places, not ${order.length}`);
  const stretchRows = stretchRowsOf(width, count);
  const stretch = new Stretches(scratch, width, stretchRows, count);
  const target = new Int32Array(count);
  for (let place = 0; place < count; place++) target[order[place]!] = place;
  for (const { first, rows: length, columns } of rows.pieces()) {
    for (let i = 0; i < length; i++) stretch.add(target[first + i]!, columns, i);
  }
  stretch.finish();
  return (into, place) => stretch.read(into, place);
}

/** Whole blocks. */
function stretchRowsOf(width: number, rows: number): number {
  const bytes = Math.max(STRETCH_BYTES, Math.sqrt(8 * width * rows * COLLECTED_BYTES));
  return BLOCK_ROWS * Math.ceil(bytes / (8 * BLOCK_ROWS * width));
}

class Stretches {
  private readonly scratch: ByteFile;
  private readonly width: number;
  private readonly stretchRows: number;
  private readonly count: number;
  /** Of each stretch: its place and its numbers, row by row; how many rows of them there are, and how many were written. */
  private readonly collected: Float64Array[];
  private readonly held: Int32Array;
  private readonly written: Int32Array;
  /** The stretch in order, as blocks. */
  private readonly blocks: Float64Array;
  private readonly unsorted: Float64Array;
  private current = -1;

  constructor(scratch: ByteFile, width: number, stretchRows: number, count: number) {
    this.scratch = scratch;
    this.width = width;
    this.stretchRows = stretchRows;
    this.count = count;
    const stretches = Math.ceil(count / stretchRows);
    const collectedRows = Math.max(1, Math.floor(COLLECTED_BYTES / (8 * (width + 1))));
    this.collected = Array.from({ length: stretches }, () => new Float64Array(collectedRows * (width + 1)));
    this.held = new Int32Array(stretches);
    this.written = new Int32Array(stretches);
    const most = Math.min(stretchRows, count);
    this.blocks = new Float64Array(Math.ceil(most / BLOCK_ROWS) * BLOCK_ROWS * width);
    this.unsorted = new Float64Array(most * (width + 1));
  }

  /** @param place - of the row in the new order. */
  add(place: number, columns: readonly Float64Array[], row: number): void {
    const { width, stretchRows } = this;
    const s = Math.floor(place / stretchRows);
    const collected = this.collected[s]!;
    let at = this.held[s]! * (width + 1);
    collected[at++] = place - s * stretchRows;
    for (let j = 0; j < width; j++) collected[at++] = columns[j]![row]!;
    this.held[s]!++;
    if (at === collected.length) this.flush(s);
  }

  finish(): void {
    for (let s = 0; s < this.collected.length; s++) this.flush(s);
    this.collected.length = 0;
  }

  private flush(s: number): void {
    const { width, stretchRows } = this;
    const held = this.held[s]!;
    if (held === 0) return;
    this.scratch.write(bytesOf(this.collected[s]!.subarray(0, held * (width + 1))), 8 * (width + 1) * (s * stretchRows + this.written[s]!));
    this.written[s]! += held;
    this.held[s] = 0;
  }

  read(into: Uint8Array, place: number): void {
    const bytes = 8 * this.width * this.stretchRows;
    for (let done = 0; done < into.length; ) {
      const s = Math.floor((place + done) / bytes);
      const from = place + done - s * bytes;
      this.load(s);
      const part = bytesOf(this.blocks).subarray(from, Math.min(from + into.length - done, this.blocks.byteLength));
      into.set(part, done);
      done += part.length;
    }
  }

  private load(s: number): void {
    if (s === this.current) return;
    const { width, stretchRows, count, blocks } = this;
    const rows = Math.min(stretchRows, count - s * stretchRows);
    const unsorted = this.unsorted.subarray(0, rows * (width + 1));
    this.scratch.read(bytesOf(unsorted), 8 * (width + 1) * s * stretchRows);
    if (rows < stretchRows) blocks.fill(0);
    for (let i = 0, at = 0; i < rows; i++) {
      const row = unsorted[at++]!;
      for (let j = 0; j < width; j++) blocks[placeOf(row, j, width)] = unsorted[at++]!;
    }
    this.current = s;
  }
}
