import { describe, expect, it } from "vitest";
import { columnStatistics } from "../../../src/data/column-statistics.js";
import { scaleColumns } from "../../../src/data/scaling/scale-columns.js";

describe("standardized columns", () => {
  it("have mean 0 and population deviation 1, row-major", () => {
    const { values, centers, scales, constant } = scaleColumns([
      [1, 3],
      [10, 30],
    ]);
    expect([...values]).toEqual([-1, -1, 1, 1]);
    expect([...centers]).toEqual([2, 20]);
    expect([...scales]).toEqual([1, 10]);
    expect(constant).toEqual([]);
  });

  it("are 0 where a column does not vary", () => {
    const { values, constant, scales } = scaleColumns([
      [7, 7],
      [1, 2],
    ]);
    expect([values[0], values[2]]).toEqual([0, 0]);
    expect(constant).toEqual([0]);
    expect(scales[0]).toBe(1);
  });

  it("keep their zero without centering, divided by the root mean square", () => {
    const { values, centers, scales } = scaleColumns([[3, 4, 0, 0]], { shift: false });
    expect(centers[0]).toBe(0);
    expect(scales[0]).toBeCloseTo(2.5, 15);
    expect(values[2]).toBe(0);
  });

  it("are left as they are if asked for", () => {
    expect([...scaleColumns([[1, 5]], { kind: "none" }).values]).toEqual([1, 5]);
  });

  it("count rows by their weights: the same as repeating them", () => {
    const weighted = columnStatistics([1, 4, 9], [2, 0, 3]);
    const repeated = columnStatistics([1, 1, 9, 9, 9]);
    expect(weighted.mean).toBeCloseTo(repeated.mean, 14);
    expect(weighted.deviation).toBeCloseTo(repeated.deviation, 14);
  });

  it("lose no digits to many rows: a tenth, a million times, next to one (closed form)", () => {
    const values = new Float64Array(1_000_001).fill(0.1);
    values[1_000_000] = 1.1;
    const { mean, deviation } = columnStatistics(values);
    const n = 1_000_001;
    expect(Math.abs(mean / (0.1 + 1 / n) - 1)).toBeLessThan(1e-15);
    // 0.1 and 1.1 differ by 1 up to 2⁻⁵³; variance (n − 1)/n²
    expect(Math.abs(deviation / (Math.sqrt(n - 1) / n) - 1)).toBeLessThan(4e-16);
  });
});
