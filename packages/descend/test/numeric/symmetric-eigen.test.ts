import { describe, expect, it } from "vitest";
import { threefryUniform } from "../../src/numeric/random.js";
import { symmetricEigen } from "../../src/numeric/symmetric-eigen.js";

const symmetricEigenvalues = (matrix: ArrayLike<number>, n: number): Float64Array => symmetricEigen(matrix, n).values;

describe("eigenvalues of symmetric matrices", () => {
  it.each([1, 2, 3, 5, 8, 9, 40])("of the second-difference matrix of order %i are 2 − 2cos(kπ/(n+1)) (closed form)", (n) => {
    const matrix = Array.from({ length: n * n }, (_, i) => [2, -1][Math.abs(Math.floor(i / n) - (i % n))] ?? 0);
    const eigenvalues = symmetricEigenvalues(matrix, n);
    for (let k = 1; k <= n; k++) {
      // Roundings of ‖A‖ ≤ 4 in about 8 sweeps
      expect(Math.abs(eigenvalues[k - 1]! - (2 - 2 * Math.cos((k * Math.PI) / (n + 1))))).toBeLessThan(4 * 8 * n * 2 ** -52);
    }
  });

  it("of I + (κ−1)·vvᵀ are 1 and κ (closed form)", () => {
    const n = 7;
    const raw = Array.from({ length: n }, (_, i) => threefryUniform(3, 0, i) - 0.5);
    const v = raw.map((value) => value / Math.hypot(...raw));
    const kappa = 1e9;
    const matrix = Array.from(
      { length: n * n },
      (_, i) => (Math.floor(i / n) === i % n ? 1 : 0) + (kappa - 1) * v[Math.floor(i / n)]! * v[i % n]!,
    );
    const eigenvalues = symmetricEigenvalues(matrix, n);
    expect(Math.abs(eigenvalues[n - 1]! / kappa - 1)).toBeLessThan(1e-14);
    for (let k = 0; k < n - 1; k++) expect(Math.abs(eigenvalues[k]! - 1)).toBeLessThan(kappa * n * 2 ** -52);
  });

  it("of a zero matrix are zeros", () => {
    expect([...symmetricEigenvalues([0, 0, 0, 0], 2)]).toEqual([0, 0]);
  });

  it("leaves its argument alone", () => {
    const matrix = [2, 1, 1, 3];
    symmetricEigenvalues(matrix, 2);
    expect(matrix).toEqual([2, 1, 1, 3]);
  });
});
