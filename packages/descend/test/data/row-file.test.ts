import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowFile } from "../../src/data/row-file.js";
import { memoryFile } from "./memory-file.js";

describe("rows in a file", () => {
  const pieceLengths = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 });

  it("come back as they were appended, in whatever pieces (oracle: the numbers themselves)", () => {
    fc.assert(
      fc.property(pieceLengths, fc.integer({ min: 1, max: 4 }), (lengths, width) => {
        const file = new RowFile(memoryFile(), width);
        const all = Array.from({ length: width }, (): number[] => []);
        for (const length of lengths) {
          const columns = all.map((column, j) => Float64Array.from({ length }, (_, i) => 1000 * j + column.length + i));
          columns.forEach((column, j) => {
            all[j]!.push(...column);
          });
          file.append(columns);
        }
        const back = all.map((): number[] => []);
        for (const { first, rows, columns } of file.pieces()) {
          expect(first).toBe(back[0]!.length);
          columns.forEach((column, j) => {
            expect(column).toHaveLength(rows);
            back[j]!.push(...column);
          });
        }
        expect(back).toEqual(all);
        expect(file.rows).toBe(all[0]!.length);
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it("lie in blocks of 8 rows, a block column by column, the last filled up with zeros", () => {
    const bytes = memoryFile();
    const file = new RowFile(bytes, 2);
    file.append([Float64Array.from({ length: 9 }, (_, i) => i), Float64Array.from({ length: 9 }, (_, i) => 10 + i)]);
    const numbers = new Float64Array(32);
    file.read(new Uint8Array(numbers.buffer), 0);
    expect(Array.from(numbers)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7],
      ...[10, 11, 12, 13, 14, 15, 16, 17],
      ...[8, 0, 0, 0, 0, 0, 0, 0],
      ...[18, 0, 0, 0, 0, 0, 0, 0],
    ]);
    expect(file.bytes).toBe(256);
  });

  it("can be turned into shorter rows in place, across pieces", () => {
    const file = new RowFile(memoryFile(), 3);
    const rows = 10_001;
    const column = (j: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => 3 * i + j);
    file.append([column(0), column(1), column(2)]);
    const shorter = file.rewritten(2, ([a, , c]) => [c!.map((value) => -value), a!]);
    const back: number[][] = [[], []];
    for (const { columns } of shorter.pieces()) columns.forEach((values, j) => void back[j]!.push(...values));
    expect(back).toEqual([Array.from(column(2), (value) => -value), Array.from(column(0))]);
  });
});
