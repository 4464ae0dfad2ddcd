import { DataError } from "descend";
import { describe, expect, it } from "vitest";
import { foldRule, foldsOf } from "../../src/prepare/folds.js";
import { dealRows } from "../../src/stream/row-dealing.js";

describe("folds", () => {
  it("are the same dealt row by row as from a list of rows (two ways)", () => {
    for (const [rows, k, seed] of [
      [100, 5, 1],
      [101, 7, 2],
      [2, 2, 0],
      [9, 9, 3],
    ] as const) {
      const listed = foldsOf(
        Int32Array.from({ length: rows }, (_, i) => 10 * i),
        k,
        seed,
      );
      const rule = foldRule(rows, k, seed);
      expect(rule.sizes).toEqual(listed.map(({ test }) => test.length));
      for (let pass = 0; pass < 2; pass++) {
        const next = rule.start();
        const folds = Array.from({ length: rows }, next);
        listed.forEach(({ test }, fold) => {
          expect([...test].sort((a, b) => a - b)).toEqual(folds.flatMap((of, i) => (of === fold ? [10 * i] : [])));
        });
      }
    }
    expect(() => foldRule(3, 4, 1)).toThrow(DataError);
  });

  it("are dealt alike whatever the pieces, and among the rows to learn from alone (by definition)", () => {
    const dealing = dealRows(1000, { testFraction: 0.3, seed: 4, cv: 3 });
    const dealt = [[1000], [1, 7, 0, 492, 500]].map((lengths) => {
      const deal = dealing.start();
      const parts = dealing.counts.map(() => ({ train: [] as number[], test: [] as number[] }));
      let first = 0;
      for (const length of lengths) {
        for (const [k, { train, test }] of deal(Int32Array.from({ length }, (_, i) => first + i)).entries()) {
          parts[k]!.train.push(...train);
          parts[k]!.test.push(...test);
        }
        first += length;
      }
      return parts;
    });
    expect(dealt[1]).toEqual(dealt[0]);
    const [whole, ...folds] = dealt[0]!;
    dealt[0]!.forEach(({ train, test }, k) => {
      expect({ train: train.length, test: test.length }).toEqual(dealing.counts[k]);
    });
    expect(folds.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual(whole!.train);
    for (const { train, test } of folds) expect([...train, ...test].sort((a, b) => a - b)).toEqual(whole!.train);
  });
});
