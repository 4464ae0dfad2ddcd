/** Oracle: calculus. A change of units moves the decimal point of the answer and nothing else. */

import { describe, expect, it } from "vitest";
import { maximize, minimize } from "../../src/minimize/minimize.js";

describe("units", () => {
  it.each([-150, -100, -50, 0, 50, 100, 150])("of the objective do not matter: 1e%i · ((x − 1)² + (x − 1)⁴)", (exponent) => {
    const unit = 10 ** exponent;
    const solution = minimize("u ((x - 1)^2 + (x - 1)^4)", { x: 3 }, { constants: { u: unit } });
    expect(solution.params.x).toBeCloseTo(1, 6);
    expect(solution.verdict).toBe("converged");
  });

  it.each([-300, -200, -154, 154, 160, 200, 290])(
    "whose squares are no numbers neither: 1e%i times Rosenbrock's function takes the steps of the plain one",
    (exponent) => {
      const descend = (unit: number) => minimize("u ((1 - x)^2 + 100 (y - x^2)^2)", { x: -1.2, y: 1 }, { constants: { u: unit } });
      const [scaled, plain] = [descend(10 ** exponent), descend(1)];
      expect(scaled.verdict).toBe("converged");
      expect(scaled.steps).toBe(plain.steps);
      expect(scaled.evaluations.gradient).toBeLessThanOrEqual(plain.evaluations.gradient + 2);
      expect(scaled.params.x).toBeCloseTo(1, 6);
      expect(scaled.params.y).toBeCloseTo(1, 6);
    },
  );

  it.each([1, 1e-3, 1e-6, 1e-9, 1e-12, 1e-30, 1e6, 1e12])("of a slope do not matter: %f·x is unbounded within fifty gradients", (slope) => {
    const { verdict, evaluations } = minimize("s x + 2 s y", { x: 1, y: 1 }, { constants: { s: slope } });
    expect(verdict).toBe("unbounded");
    expect(evaluations.gradient).toBeLessThanOrEqual(50);
  });

  it.each([-100, -50, 50, 100])("of the parameters do not matter: a start of 1e%i", (exponent) => {
    const unit = 10 ** exponent;
    const solution = minimize("(x / u - 1)^2 + (y / u)^2", { x: 3 * unit, y: unit }, { constants: { u: unit } });
    expect(solution.params.x / unit).toBeCloseTo(1, 6);
    expect(solution.params.y / unit).toBeCloseTo(0, 6);
  });
});

describe("the history of a maximum", () => {
  it("holds the values of the objective, not their negatives", () => {
    for (const method of ["lbfgs", "adam"]) {
      const { history } = maximize((x: number) => 5 - (x - 1) ** 2, 3, { method, history: true, maxSteps: 3 });
      expect(history!.value).toEqual(history!.params.map((x) => 5 - (x - 1) ** 2));
    }
  });
});

describe("a value that falls exponentially", () => {
  // The gradient falls by e at each of Newton's steps, which all have the length 1: by three hundred
  // orders of magnitude until the minimum is near
  it.each([100, 300, 700, 709])("is followed to its end: e^x + e^-x from %i", (start) => {
    const { params, value, verdict, steps } = minimize("exp(x) + exp(-x)", { x: start });
    expect(verdict).toBe("converged");
    expect(params.x).toBeCloseTo(0, 6);
    expect(value).toBeCloseTo(2, 12);
    expect(steps).toBeLessThan(2 * start);
  });
});
