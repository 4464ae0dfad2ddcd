/** Oracle: the conditions that characterize the minimum of a quadratic in a ball (Moré and Sorensen 1983, lemmas 2.1 and 2.3). */

import { describe, expect, it } from "vitest";
import { twoNorm } from "../../../src/numeric/blas1.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { symmetricEigen } from "../../../src/numeric/symmetric-eigen.js";
import { doglegStep } from "../../../src/optim/newton/dogleg-step.js";
import { exactStep } from "../../../src/optim/newton/exact-step.js";

function multiply(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, xj, j) => sum + matrix[i * x.length + j]! * xj, 0));
}

/** ‖(H + λI)p + g‖/‖g‖ for the best λ, and that λ. */
function residual(hessian: Float64Array, gradient: Float64Array, step: Float64Array): { readonly lambda: number; readonly rest: number } {
  const image = multiply(hessian, step).map((value, i) => value + gradient[i]!);
  const lambda = -image.reduce((sum, value, i) => sum + value * step[i]!, 0) / step.reduce((sum, p) => sum + p * p, 0);
  return { lambda, rest: twoNorm(image.map((value, i) => value + lambda * step[i]!)) };
}

describe("exactStep", () => {
  it("satisfies the conditions on random symmetric matrices of every signature", () => {
    for (let k = 0; k < 500; k++) {
      const random = (i: number): number => 2 * threefryUniform(3, k, i) - 1;
      const n = 1 + (k % 7);
      const hessian = new Float64Array(n * n);
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) hessian[i * n + j] = hessian[j * n + i] = random(i * n + j);
      for (let i = 0; i < n; i++) hessian[i * n + i]! += 3 * random(500);
      const gradient = Float64Array.from({ length: n }, (_, i) => random(200 + i));
      const radius = 10 ** (2 * random(600));
      const step = exactStep(hessian, gradient)(radius);
      const { lambda, rest } = residual(hessian, gradient, step);
      const lowest = symmetricEigen(hessian, n).values[0]!;
      expect(rest).toBeLessThan(1e-8 * (twoNorm(gradient) + Math.abs(lambda) * radius));
      expect(lambda).toBeGreaterThanOrEqual(Math.max(0, -lowest) - 1e-8 * (1 + Math.abs(lowest)));
      expect(twoNorm(step)).toBeLessThanOrEqual(radius * (1 + 1e-9));
      if (lambda > 1e-7) expect(twoNorm(step) / radius).toBeCloseTo(1, 8);
    }
  });

  it("adds the lowest eigenvector in the hard case", () => {
    // g is orthogonal to the eigenvector of −2, and at λ = 2 the rest of the step is short.
    const step = exactStep(Float64Array.of(-2, 0, 0, 1), Float64Array.of(0, 1))(2);
    expect(step[1]).toBeCloseTo(-1 / 3, 12);
    expect(Math.abs(step[0]!)).toBeCloseTo(Math.sqrt(4 - 1 / 9), 12);
  });

  it("leaves a saddle whose gradient is 0", () => {
    expect(twoNorm(exactStep(Float64Array.of(-1, 0, 0, 1), new Float64Array(2))(0.5))).toBeCloseTo(0.5, 12);
  });
});

describe("doglegStep", () => {
  const hessian = Float64Array.of(2, 0, 0, 20);
  const gradient = Float64Array.of(4, 4);

  it("is the Newton step inside the ball", () => {
    const step = doglegStep(hessian, gradient)(10);
    expect(step[0]).toBeCloseTo(-2, 14);
    expect(step[1]).toBeCloseTo(-0.2, 14);
  });

  it("is the steepest descent to the border of a small ball", () => {
    const step = doglegStep(hessian, gradient)(0.1);
    expect(step[0]).toBeCloseTo(-0.1 / Math.SQRT2, 14);
    expect(step[1]).toBeCloseTo(-0.1 / Math.SQRT2, 14);
  });

  it("reaches the border on the second leg between", () => {
    const step = doglegStep(hessian, gradient)(1);
    expect(twoNorm(step)).toBeCloseTo(1, 14);
    // On the line from the minimum along the gradient, −gᵀg/gᵀHg·g = −(4/11, 4/11), to the Newton point
    const share = (step[0]! + 4 / 11) / (-2 + 4 / 11);
    expect(step[1]).toBeCloseTo(-4 / 11 + share * (-0.2 + 4 / 11), 12);
  });
});
