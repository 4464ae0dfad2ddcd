import { describe, expect, it } from "vitest";
import { choleskyFactor, solvePositiveDefinite } from "../../src/numeric/cholesky.js";

describe("Cholesky", () => {
  it("factors and solves a matrix with a known factor (closed form)", () => {
    // L = [2 0 0; 1 3 0; −1 2 1]
    const matrix = [4, 2, -2, 2, 10, 5, -2, 5, 6];
    expect([...choleskyFactor(matrix, 3)!]).toEqual([2, 0, 0, 1, 3, 0, -1, 2, 1]);
    // A·(1, −2, 3)
    const x = solvePositiveDefinite(matrix, 3, [4 - 4 - 6, 2 - 20 + 15, -2 - 10 + 18])!;
    [1, -2, 3].forEach((value, i) => {
      expect(x[i]).toBeCloseTo(value, 13);
    });
  });

  it("solves Hilbert's matrix of order 6 to the digits its condition number 1.5·10⁷ leaves", () => {
    const n = 6;
    const hilbert = Array.from({ length: n * n }, (_, at) => 1 / (Math.floor(at / n) + (at % n) + 1));
    const target = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => 1 / (i + j + 1)).reduce((a, b) => a + b));
    for (const value of solvePositiveDefinite(hilbert, n, target)!) expect(Math.abs(value - 1)).toBeLessThan(1.5e7 * 2 ** -50);
  });

  it("refuses matrices that are singular or indefinite", () => {
    expect(solvePositiveDefinite([1, 1, 1, 1], 2, [1, 1])).toBeUndefined();
    expect(choleskyFactor([1, 2, 2, 1], 2)).toBeUndefined();
    expect(choleskyFactor([0], 1)).toBeUndefined();
  });
});
