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
