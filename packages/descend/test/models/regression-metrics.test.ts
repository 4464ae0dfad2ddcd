import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/errors.js";
import { regressionMetrics } from "../../src/models/regression-metrics.js";

describe("regression metrics", () => {
  it("are the hand-computed ones of errors 1, −1, 2, 0", () => {
    // Σe² = 6, Σ|e| = 4, Σ(y − 5)² = 20
    expect(regressionMetrics([2, 4, 6, 8], [1, 5, 4, 8])).toEqual({ rows: 4, rmse: Math.sqrt(1.5), mae: 1, r2: 0.7 });
  });

  it("give R² 0 for predicting the mean and 1 for the truth", () => {
    expect(regressionMetrics([1, 2, 3], [2, 2, 2]).r2).toBe(0);
    expect(regressionMetrics([1, 2, 3], [1, 2, 3]).r2).toBe(1);
  });

  it("have no R² where the target does not vary", () => {
    expect(regressionMetrics([3, 3], [3, 4]).r2).toBeNull();
  });

  it("refuse unequal lengths", () => {
    expect(() => regressionMetrics([1], [1, 2])).toThrow(ShapeError);
  });
});
