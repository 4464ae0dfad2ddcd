import { describe, expect, it } from "vitest";
import { nonNegativeLeastSquares } from "../../src/numeric/non-negative-least-squares.js";
import { threefryUniform } from "../../src/numeric/random.js";

describe("least squares with coefficients ≥ 0", () => {
  it("is the projection on a cone: inside, on a face, at the tip (closed form)", () => {
    const axes = Float64Array.of(1, 0, 0, 1);
    const at = (x: number, y: number) => nonNegativeLeastSquares(axes, 2, Float64Array.of(x, y))!;
    expect([...at(2, 3).residual]).toEqual([0, 0]);
    expect([...at(2, -3).residual]).toEqual([0, -3]);
    expect([...at(-2, -3).residual]).toEqual([-2, -3]);
    expect(at(-2, -3).support).toEqual([]);
  });

  it("satisfies the conditions for a minimum on random problems of any shape (KKT)", () => {
    for (let seed = 0; seed < 100; seed++) {
      const u = (stream: number, i: number): number => threefryUniform(seed, stream, i) - 0.4;
      const dimension = 1 + (seed % 7);
      const count = 1 + ((5 * seed) % 40);
      const vectors = Float64Array.from({ length: count * dimension }, (_, i) => u(0, i));
      const target = Float64Array.from({ length: dimension }, (_, i) => u(1, i));
      const { residual, support, coefficients } = nonNegativeLeastSquares(vectors, dimension, target)!;
      const product = (i: number): number => residual.reduce((sum, r, j) => sum + r * vectors[i * dimension + j]!, 0);
      for (let i = 0; i < count; i++) expect(product(i)).toBeLessThan(1e-10);
      support.forEach((i, k) => {
        expect(coefficients[k]).toBeGreaterThan(0);
        expect(Math.abs(product(i))).toBeLessThan(1e-10);
      });
      const rebuilt = target.map((_, j) =>
        support.reduce((sum, i, k) => sum + coefficients[k]! * vectors[i * dimension + j]!, residual[j]!),
      );
      rebuilt.forEach((value, j) => {
        expect(value).toBeCloseTo(target[j]!, 10);
      });
    }
  });

  it("takes repeated and opposite vectors", () => {
    const { residual } = nonNegativeLeastSquares(Float64Array.of(1, 0, 1, 0, -1, 0, 0, 1), 2, Float64Array.of(-5, -1))!;
    expect([...residual]).toEqual([0, -1]);
  });
});
