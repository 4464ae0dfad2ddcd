import { describe, expect, it } from "vitest";
import { createMomentTable } from "../../src/data/moment-table.js";
import { fit } from "../../src/models/fit.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { distance } from "../models/reference-tables.js";

const rows = 500;
const noise = (stream: number, i: number): number => threefryUniform(8, stream, i) - 0.5;
const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
const a = column((i) => 100 + noise(0, i));
const b = column((i) => 1e-3 * (noise(0, i) + noise(1, i)));
const target = column((i) => 3 * a[i]! + 2000 * b[i]! + noise(2, i));

/** The table in pieces of unequal lengths. */
function inPieces(columns: readonly Float64Array[]): ReturnType<typeof createMomentTable> {
  const table = createMomentTable(columns.length);
  const cuts = [0, 1, 8, 300, 300, 500];
  for (let k = 1; k < cuts.length; k++) table.add(columns.map((values) => values.subarray(cuts[k - 1], cuts[k])));
  return table;
}

describe("a table of moments", () => {
  it.each([
    "linear",
    { kind: "ridge", alpha: 5 },
    { kind: "lasso", alpha: 0.02 },
    { kind: "elastic-net", alpha: 0.1, l1Ratio: 0.3 },
  ] as const)("is fitted like the rows it stands for: %s (two ways)", (model) => {
    const table = inPieces([a, b, target]);
    expect(table.rows).toBe(rows);
    const { columns, weights } = table.rowsAlike();
    const few = fit({ model, features: { a: columns[0]!, b: columns[1]! }, target: columns[2]!, weights });
    const all = fit({ model, features: { a, b }, target });
    expect(distance([few.intercept, ...few.weights], [all.intercept, ...all.weights])).toBeLessThan(1e-11);
    expect(distance(few.weights, all.weights)).toBeLessThan(1e-11);
    expect(Math.abs(few.objective / all.objective - 1)).toBeLessThan(1e-10);
    few.coefficients.forEach(({ standardError }, k) => {
      const expected = all.coefficients[k]!.standardError;
      if (expected === null) expect(standardError).toBeNull();
      else expect(standardError! / expected).toBeCloseTo(1, 10);
    });
  });

  it("keeps constant columns and dependent ones", () => {
    const { columns } = inPieces([a, column(() => 4), column((i) => 2 * a[i]! - 1), target]).rowsAlike();
    expect(new Set(columns[1])).toEqual(new Set([4]));
    columns[0]!.forEach((value, i) => {
      expect(columns[2]![i]).toBeCloseTo(2 * value - 1, 10);
    });
  });

  it("says nothing else about the rows than count, means and covariances (by definition)", () => {
    const { columns, weights } = inPieces([a, b]).rowsAlike();
    const mean = (values: Float64Array, by?: Float64Array): number =>
      values.reduce((sum, value, i) => sum + value * (by?.[i] ?? 1), 0) / rows;
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(rows, 10);
    expect(mean(columns[0]!, weights)).toBeCloseTo(mean(a), 11);
    const product = (x: Float64Array, y: Float64Array, by?: Float64Array): number =>
      mean(
        x.map((value, i) => (value - mean(x, by)) * (y[i]! - mean(y, by))),
        by,
      );
    expect(product(columns[0]!, columns[1]!, weights) / product(a, b)).toBeCloseTo(1, 10);
    expect(product(columns[1]!, columns[1]!, weights) / product(b, b)).toBeCloseTo(1, 10);
  });
});
