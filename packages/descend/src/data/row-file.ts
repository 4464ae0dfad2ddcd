/**
 * Rows of numbers kept in a file, for tables larger than memory.
 *
 * They lie in blocks of {@link BLOCK_ROWS} rows, a block column by column: number j of row r is number
 * (⌊r/8⌋·width + j)·8 + r mod 8. That is the order in which compiled programs have a table in memory, so pieces of the file are
 * read into their memory as they are. The last block is filled up with zeros.
 */

import { invariant } from "../errors.js";

/** Bytes at places, such as a file. Both calls are synchronous and complete. */
export interface ByteFile {
  /** Fills `into` with the bytes from `place` on. */
  read(into: Uint8Array, place: number): void;
  write(from: Uint8Array, place: number): void;
}

/** Some rows, column by column: views that the next piece overwrites. */
export interface RowPiece {
  /** Number of the first row. */
  readonly first: number;
  readonly rows: number;
  /** [columns][rows] */
  readonly columns: readonly Float64Array[];
}

/** Rows of a block. */
export const BLOCK_ROWS = 8;
/** Rows of a piece: a multiple of those of a block. */
const PIECE_ROWS = 4096;

export class RowFile {
  /** Numbers of a row. */
  readonly width: number;
  private readonly file: ByteFile;
  private count = 0;
  /** Rows that do not fill a block yet. */
  private readonly pending: Float64Array;

  /** An empty file of rows of `width` numbers; what was in `file` is written over. */
  constructor(file: ByteFile, width: number) {
    invariant(Number.isInteger(width) && width >= 1, `a row has numbers, not ${width}`);
    this.file = file;
    this.width = width;
    this.pending = new Float64Array(BLOCK_ROWS * width);
  }

  get rows(): number {
    return this.count;
  }

  /** Bytes of the file. */
  get bytes(): number {
    return Math.ceil(this.count / BLOCK_ROWS) * this.pending.byteLength;
  }

  /**
   * Appends rows.
   *
   * @param columns - [width][rows]
   */
  append(columns: readonly Float64Array[]): void {
    const { width, pending } = this;
    const rows = columns[0]!.length;
    invariant(columns.length === width && columns.every(({ length }) => length === rows), `a row has ${width} numbers`);
    const held = this.count % BLOCK_ROWS;
    const blocks = new Float64Array(Math.ceil((held + rows) / BLOCK_ROWS) * BLOCK_ROWS * width);
    if (held > 0) blocks.set(pending);
    for (let j = 0; j < width; j++) {
      const column = columns[j]!;
      for (let i = 0; i < rows; i++) blocks[placeOf(held + i, j, width)] = column[i]!;
    }
    this.file.write(bytesOf(blocks), 8 * width * (this.count - held));
    this.count += rows;
    const open = this.count % BLOCK_ROWS;
    pending.fill(0);
    if (open > 0) pending.set(blocks.subarray(blocks.length - pending.length));
  }

  /** All rows from the first to the last, a piece at a time. */
  *pieces(): Generator<RowPiece> {
    const { width } = this;
    const blocks = new Float64Array(PIECE_ROWS * width);
    const all = Array.from({ length: width }, () => new Float64Array(PIECE_ROWS));
    for (let first = 0; first < this.count; first += PIECE_ROWS) {
      const rows = Math.min(PIECE_ROWS, this.count - first);
      const length = Math.ceil(rows / BLOCK_ROWS) * BLOCK_ROWS * width;
      this.file.read(bytesOf(blocks.subarray(0, length)), 8 * width * first);
      for (let j = 0; j < width; j++) {
        const column = all[j]!;
        for (let i = 0; i < rows; i++) column[i] = blocks[placeOf(i, j, width)]!;
      }
      yield { first, rows, columns: all.map((column) => column.subarray(0, rows)) };
    }
  }

  /**
   * Turns the rows into others of at most as many numbers, in place: this file is done with then.
   *
   * @param change - [width][rows] to [new width][rows].
   */
  rewritten(width: number, change: (columns: readonly Float64Array[]) => readonly Float64Array[]): RowFile {
    invariant(width <= this.width, "rows that are written over may not become longer");
    const next = new RowFile(this.file, width);
    // What is written lies before what is still to be read
    for (const { columns } of this.pieces()) next.append(change(columns));
    return next;
  }

  /** Fills `into` with the bytes of the file from `place` on. */
  read(into: Uint8Array, place: number): void {
    this.file.read(into, place);
  }
}

/** Place of a number among those of a file. */
export function placeOf(row: number, column: number, width: number): number {
  return ((row >> 3) * width + column) * BLOCK_ROWS + (row & 7);
}

/** The same memory. */
export function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
