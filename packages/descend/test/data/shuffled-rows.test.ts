import { describe, expect, it } from "vitest";
import { RowFile } from "../../src/data/row-file.js";
import { shuffledRows } from "../../src/data/shuffled-rows.js";
import { InternalError } from "../../src/errors.js";
import { shuffledOrder } from "../../src/minimize/objective/rows.js";
import { memoryFile } from "./memory-file.js";

/** Numbers that tell row and column. */
function fileOf(rows: number, width: number): RowFile {
  const file = new RowFile(memoryFile(), width);
  file.append(Array.from({ length: width }, (_, j) => Float64Array.from({ length: rows }, (_, i) => i + j / 1000)));
  return file;
}

/** Row-major, from bytes of blocks of eight rows. */
function rowsIn(bytes: Uint8Array, width: number, rows: number): number[] {
  const blocks = new Float64Array(bytes.buffer);
  return Array.from({ length: rows * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return blocks[(Math.floor(row / 8) * width + column) * 8 + (row % 8)]!;
  });
}

describe("rows in another order", () => {
  it.each([
    [1, 1],
    [7, 3],
    [8, 2],
    [4100, 5],
    // Several stretches, the last of them short
    [30_003, 40],
  ])("are those of the file, %i of %i numbers, read whole or in parts, forward or back (by definition)", (rows, width) => {
    const file = fileOf(rows, width);
    const scratch = memoryFile();
    const bytes = 64 * width * Math.ceil(rows / 8);
    for (const epoch of [1, 2]) {
      const order = shuffledOrder(rows, 3, epoch);
      const read = shuffledRows(file, order, scratch);
      const whole = new Uint8Array(bytes);
      read(whole, 0);
      const wrong = rowsIn(whole, width, rows).findIndex((value, at) => value !== order[Math.floor(at / width)]! + (at % width) / 1000);
      expect(wrong).toBe(-1);
      const parts = new Uint8Array(bytes);
      const part = 64 * width * 501;
      for (let place = Math.floor((bytes - 1) / part) * part; place >= 0; place -= part) {
        read(parts.subarray(place, Math.min(bytes, place + part)), place);
      }
      expect(Buffer.compare(parts, whole)).toBe(0);
    }
  });

  it("take an order of all rows", () => {
    expect(() => shuffledRows(fileOf(9, 2), new Int32Array(8), memoryFile())).toThrow(InternalError);
  });
});
