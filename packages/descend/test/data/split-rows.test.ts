import { describe, expect, it } from "vitest";
import { splitRows, splitRule } from "../../src/data/split-rows.js";
import { OptionError } from "../../src/errors.js";

describe("split of rows", () => {
  it("puts every row into exactly one part, the rounded fraction into the test part", () => {
    for (const rows of [1, 2, 3, 5, 10, 313, 1000]) {
      const { train, test } = splitRows(rows, { testFraction: 0.2, seed: 3 });
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
      expect(test.length).toBe(Math.round(rows * 0.2));
    }
  });

  it("gives the same rows for the same seed and others for another", () => {
    expect(splitRows(200, { seed: 5 })).toEqual(splitRows(200, { seed: 5 }));
    expect([...splitRows(200, { seed: 5 }).test]).not.toEqual([...splitRows(200, { seed: 6 }).test]);
  });

  it("chooses each row about equally often over seeds (binomial, five standard deviations)", () => {
    const counts = new Float64Array(20);
    const seeds = 2000;
    for (let seed = 0; seed < seeds; seed++) for (const row of splitRows(20, { seed, testFraction: 0.25 }).test) counts[row]! += 1;
    const spread = 5 * Math.sqrt(seeds * 0.25 * 0.75);
    for (const count of counts) expect(Math.abs(count - seeds * 0.25)).toBeLessThan(spread);
  });

  it("is the same row by row, without a list of them", () => {
    for (const rows of [1, 2, 7, 1000, 30_011]) {
      for (const testFraction of [0, 0.2, 0.9, 0.9999]) {
        const { train, test } = splitRows(rows, { testFraction, seed: 8 });
        const { testRows, isTest } = splitRule(rows, { testFraction, seed: 8 });
        const all = Array.from({ length: rows }, (_, row) => row);
        expect(testRows).toBe(test.length);
        expect(all.filter((row) => isTest(row))).toEqual([...test]);
        expect(all.filter((row) => !isTest(row))).toEqual([...train]);
      }
    }
  });

  it("keeps one row for training and takes none with fraction 0", () => {
    expect(splitRows(1, { testFraction: 0.9 }).train.length).toBe(1);
    expect(splitRows(10, { testFraction: 0 }).test.length).toBe(0);
  });

  it.each([{ testFraction: 1 }, { testFraction: -0.1 }, { testFraction: Number.NaN }, { seed: -1 }, { seed: 1.5 }])(
    "refuses %o",
    (options) => {
      expect(() => splitRows(10, options)).toThrow(OptionError);
    },
  );
});
