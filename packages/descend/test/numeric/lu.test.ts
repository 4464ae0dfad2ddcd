import { describe, expect, it } from "vitest";
import { luFactor } from "../../src/numeric/lu.js";
import { threefryUniform } from "../../src/numeric/random.js";

describe("luFactor", () => {
  it("solves random systems to rounding times the condition, whatever the order of pivots", () => {
    for (const n of [1, 2, 3, 5, 8, 20]) {
      const matrix = Float64Array.from({ length: n * n }, (_, i) => 2 * threefryUniform(5, n, i) - 1);
      const solution = Float64Array.from({ length: n }, (_, i) => i - 2.5);
      const target = solution.map((_, i) => solution.reduce((sum, x, j) => sum + matrix[i * n + j]! * x, 0));
      const before = matrix.slice();
      const got = luFactor(matrix, n)!.solve(target);
      expect(matrix).toEqual(before);
      got.forEach((x, i) => {
        expect(Math.abs(x - solution[i]!)).toBeLessThan(1e-10);
      });
    }
  });

  it("needs a pivot where the first entry is 0", () => {
    expect([...luFactor(Float64Array.of(0, 1, 2, 0), 2)!.solve([3, 4])]).toEqual([2, 3]);
  });

  it("refuses singular matrices and those that are not finite", () => {
    expect(luFactor(Float64Array.of(1, 2, 2, 4), 2)).toBeUndefined();
    expect(luFactor(Float64Array.of(1, Number.NaN, 2, 4), 2)).toBeUndefined();
  });
});
