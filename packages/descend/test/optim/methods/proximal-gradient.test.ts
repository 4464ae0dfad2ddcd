import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/graph/tensor.js";
import { createDescent, minimize } from "../../../src/minimize/minimize.js";
import { proximalGradient } from "../../../src/optim/methods/proximal-gradient.js";

/** Σ (dᵢ/2)(xᵢ − aᵢ)² + λ·Σ|xᵢ|: the minimizer is S(aᵢ, λ/dᵢ), coordinate by coordinate (closed form). */
const curvatures = [1, 4, 0.01, 2];
const centers = [3, -0.2, 200, -1];
const lambda = 1;
const expected = [2, 0, 100, -0.5];
const objective = (x: Tensor): Tensor => x.sub(centers).square().mul(curvatures).sum().mul(0.5).add(x.abs().sum().mul(lambda));

describe("proximal gradient", () => {
  it("ends at the soft-thresholded centers, with exact zeros, converged", () => {
    const descent = createDescent(objective, [0, 0, 0, 0], {
      method: proximalGradient({ learningRate: 1 / 4, l1: lambda }),
      stopping: { relativeGradientTolerance: 1e-12 },
    }).run();
    expect(descent.solution().verdict).toBe("converged");
    // The last point, not the best one seen: values that differ by rounding only hide half the digits
    const x = descent.params;
    expect(x[1]).toBe(0);
    expected.forEach((value, i) => {
      expect(Math.abs(x[i]! - value)).toBeLessThan(1e-8);
    });
  });

  it("needs fewer steps with acceleration, and reaches the same point without", () => {
    const run = (accelerated: boolean) =>
      minimize(objective, [0, 0, 0, 0], {
        method: proximalGradient({ learningRate: 1 / 4, l1: lambda, accelerated }),
        stopping: { relativeGradientTolerance: 1e-10 },
      });
    const plain = run(false);
    const fast = run(true);
    expect(plain.converged).toBe(true);
    expect(fast.steps).toBeLessThan(plain.steps / 5);
    plain.params.forEach((value, i) => {
      expect(Math.abs(value - fast.params[i]!)).toBeLessThan(1e-5);
    });
  });

  it("is gradient descent where there are no kinks: (I − αA)ᵏ (closed form)", () => {
    const quadratic = (x: Tensor): Tensor => x.square().mul([1, 3]).sum().mul(0.5);
    const { params } = minimize(quadratic, [1, 1], {
      method: proximalGradient({ learningRate: 0.1, l1: 0, accelerated: false }),
      maxSteps: 7,
    });
    expect(params[0]).toBeCloseTo(0.9 ** 7, 14);
    expect(params[1]).toBeCloseTo(0.7 ** 7, 14);
  });

  it("calls 0 the minimizer where the penalty holds every coordinate", () => {
    const solution = minimize((x: Tensor) => x.sub([0.5, -0.25]).square().sum().mul(0.5).add(x.abs().sum()), [0, 0], {
      method: proximalGradient({ learningRate: 1, l1: 1 }),
    });
    expect(solution.verdict).toBe("converged");
    expect([...solution.params]).toEqual([0, 0]);
  });

  it("penalizes coordinates one by one", () => {
    const { params } = minimize(
      (x: Tensor) =>
        x
          .sub([5, 5])
          .square()
          .sum()
          .mul(0.5)
          .add(x.abs().mul([0, 2]).sum()),
      [0, 0],
      {
        method: proximalGradient({ learningRate: 1, l1: [0, 2] }),
      },
    );
    expect(params[0]).toBeCloseTo(5, 12);
    expect(params[1]).toBeCloseTo(3, 12);
  });

  it("refuses rates and penalties out of range", () => {
    expect(() => proximalGradient({ learningRate: 0, l1: 1 })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    expect(() => proximalGradient({ learningRate: 1, l1: [1, -1] })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});

describe("a descent on an objective with kinks", () => {
  it("measures the subgradient of smallest norm, also where it is put down by hand", () => {
    const descent = createDescent(objective, [0, 0, 0, 0], { method: proximalGradient({ learningRate: 1 / 4, l1: lambda }) });
    // At 0: the gradient of the smooth part, shortened by λ
    expect(descent.solution().gradientNorm).toBe(2);
    descent.params = expected;
    expect(descent.solution().gradientNorm).toBeLessThan(1e-15);
    expect(descent.run().solution().verdict).toBe("converged");
    expect(descent.steps).toBe(0);
  });
});
