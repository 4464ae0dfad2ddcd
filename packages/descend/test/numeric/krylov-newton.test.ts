// Oracle: a quadratic ½ Σ λᵢ(xᵢ − mᵢ)², whose Newton step is x − m and whose gap is its value.

import { describe, expect, it } from "vitest";
import { maxNorm } from "../../src/numeric/blas1.js";
import { krylovNewton } from "../../src/numeric/krylov-newton.js";
import { threefryUniform } from "../../src/numeric/random.js";

function quadratic(n: number, eigenvalue: (i: number) => number) {
  const lambda = Float64Array.from({ length: n }, (_, i) => eigenvalue(i));
  const error = Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(3, 1, i) - 1);
  return {
    lambda,
    error,
    gradient: error.map((e, i) => lambda[i]! * e),
    gap: 0.5 * error.reduce((sum, e, i) => sum + lambda[i]! * e * e, 0),
    multiply: (v: Float64Array) => v.map((x, i) => lambda[i]! * x),
  };
}

describe("krylovNewton", () => {
  it("gives Newton's step and the gap of a quadratic exactly with as many products as parameters", () => {
    const { multiply, gradient, error, gap } = quadratic(12, (i) => 10 ** (i / 4));
    const model = krylovNewton(multiply, gradient, { products: 12 });
    expect(maxNorm(model.step.map((s, i) => s - error[i]!))).toBeLessThan(1e-9);
    expect(model.gap / gap).toBeCloseTo(1, 10);
    expect(model.unresolved).toBe(0);
  });

  it("sees the gap within a twentieth by 20 products among 500 parameters of condition 100", () => {
    const { multiply, gradient, gap } = quadratic(500, (i) => 10 ** ((2 * i) / 499));
    const model = krylovNewton(multiply, gradient);
    expect(model.probe.products).toBe(20);
    expect(model.gap / gap).toBeGreaterThan(0.95);
    expect(model.gap / gap).toBeLessThanOrEqual(1 + 1e-12);
  });

  it("names the curvature that carries the gap", () => {
    const { multiply, lambda, gradient } = quadratic(20, (i) => (i === 0 ? 1e-3 : 1 + i / 20));
    const error = Float64Array.from(gradient, (g, i) => g / lambda[i]!);
    error[0] = 1e3;
    const { slowest, modes } = krylovNewton(
      multiply,
      error.map((e, i) => lambda[i]! * e),
    );
    expect(modes[0]).toEqual(slowest);
    expect(modes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(slowest.curvature).toBeCloseTo(1e-3, 9);
    expect(slowest.share).toBeGreaterThan(0.95);
  });

  it("sets slopes apart whose curvature is rounding or not positive", () => {
    const lambda = [1, 1e-18, -0.5];
    const multiply = (v: Float64Array) => v.map((x, i) => lambda[i]! * x);
    const { step, unresolved } = krylovNewton(multiply, [1, 3e-3, 4e-3], { floor: 1e-15 });
    expect(unresolved).toBeCloseTo(5e-3, 9);
    expect(step[0]!).toBeCloseTo(1, 6);
  });
});
