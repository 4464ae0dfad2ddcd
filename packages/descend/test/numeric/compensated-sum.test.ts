import { describe, expect, it } from "vitest";
import { compensatedDot, compensatedDotParts, compensatedSum } from "../../src/numeric/compensated-sum.js";

describe("compensated sums", () => {
  it("survive cancellation that leaves a plain sum nothing (closed form)", () => {
    expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2);
    expect(compensatedDot([1e16, 1, -1e16], [1, 1, 1])).toBe(1);
    expect(compensatedSum([])).toBe(0);
  });

  it("keep the rounding errors of products: (1 + u)² − 1 − 2u = u² (closed form)", () => {
    const u = 2 ** -30;
    expect(compensatedDot([1 + u, -1, -2 * u], [1 + u, 1, 1])).toBe(u * u);
  });

  it("give what the last rounding takes away", () => {
    const [high, low] = compensatedDotParts([1, 2 ** -60], [1, 1]);
    expect(high).toBe(1);
    expect(low).toBe(2 ** -60);
  });
});
