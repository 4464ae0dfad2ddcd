import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { normalQuantile } from "../../src/numeric/normal-quantile.js";
import { studentQuantile } from "../../src/numeric/student-quantile.js";

// Oracle: 50-digit arithmetic (oracles/quantiles.py)
const oracle = JSON.parse(readFileSync(new URL("../oracles/quantiles.json", import.meta.url), "utf8")) as {
  normal: [number, string][];
  student: [number, number, string][];
};

const relativeError = (got: number, certified: string): number => {
  const value = Number(certified);
  return got === value ? 0 : Math.abs(got - value) / Math.abs(value);
};

describe("the normal quantile", () => {
  it.each(oracle.normal)("of %g has 15 digits", (p, certified) => {
    expect(relativeError(normalQuantile(p), certified)).toBeLessThan(1e-15);
  });

  it("is infinite at the ends and no number beyond", () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe("Student's quantile", () => {
  // For 0.5 to 10⁸ degrees of freedom and confidences up to 1 − 10⁻⁹
  it("has 13 digits", () => {
    const errors = oracle.student.map(([confidence, degrees, certified]) => relativeError(studentQuantile(confidence, degrees), certified));
    expect(errors.length).toBe(160);
    expect(Math.max(...errors)).toBeLessThan(5e-14);
  });

  it("is the normal one of endless degrees of freedom, and 0 without confidence", () => {
    expect(studentQuantile(0.95, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 14);
    expect(studentQuantile(0, 5)).toBe(0);
  });
});
