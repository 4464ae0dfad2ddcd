import { describe, expect, it } from "vitest";
import { columnStatistics } from "../../src/data/column-statistics.js";

describe("column statistics", () => {
  it("of 1 … n are (n+1)/2 and √((n²−1)/12) (closed form)", () => {
    for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 1000]) {
      const { mean, deviation } = columnStatistics(Array.from({ length: n }, (_, i) => i + 1));
      expect(mean).toBeCloseTo((n + 1) / 2, 12);
      expect(deviation).toBeCloseTo(Math.sqrt((n * n - 1) / 12), 10);
    }
  });

  it("of a constant column are the constant and exactly 0, whatever its size", () => {
    for (const value of [0, 0.1, -7, 1e300, 5e-324]) expect(columnStatistics([value, value, value])).toEqual({ mean: value, deviation: 0 });
  });

  it("follow the unit to the bit, where squares would overflow or vanish, too", () => {
    const values = [1.1, -2.3, 7, 0.4, 3.25];
    const weights = [1, 2, 0.5, 1, 3];
    for (const given of [undefined, weights]) {
      const { mean, deviation } = columnStatistics(values, given);
      for (const exponent of [-1000, -700, -520, -470, 0, 470, 520, 700, 1000]) {
        const unit = 2 ** exponent;
        const scaled = columnStatistics(
          values.map((x) => x * unit),
          given,
        );
        expect(scaled).toEqual({ mean: mean * unit, deviation: deviation * unit });
      }
    }
  });

  it("keep the spread under a common offset of 10⁹", () => {
    const { deviation } = columnStatistics([1, 2, 3, 4].map((x) => x + 1e9));
    expect(Math.abs(deviation / Math.sqrt(1.25) - 1)).toBeLessThan(1e-14);
  });
});
