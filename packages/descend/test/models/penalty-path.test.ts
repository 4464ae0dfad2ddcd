import { describe, expect, it } from "vitest";
import { penaltyPath } from "../../src/models/penalty-path.js";
import { coefficientPath } from "../../src/plot/coefficient-path.js";

/** Orthogonal columns of mean 0 and deviation 1: every path is a closed form. */
const a = [1, 1, 1, 1, -1, -1, -1, -1];
const b = [1, 1, -1, -1, 1, 1, -1, -1];
const c = [1, -1, 1, -1, 1, -1, 1, -1];
const target = a.map((value, i) => 10 + 5 * value - 2 * b[i]! + 0.5 * c[i]!);

describe("the path of coefficients over the penalty", () => {
  // Closed form: of orthonormal columns the lasso shrinks each least-squares weight by α
  it("of the lasso ends each line where α is its weight", () => {
    const alphas = [6, 5, 3, 1, 0.25];
    const { weights, terms, intercepts, converged } = penaltyPath({ model: "lasso", features: { a, b, c }, target, alphas });
    expect(terms).toEqual(["a", "b", "c"]);
    expect(converged).toEqual([true, true, true, true, true]);
    alphas.forEach((alpha, i) => {
      [5, -2, 0.5].forEach((w, k) => {
        expect(weights[i]![k]).toBeCloseTo(Math.sign(w) * Math.max(0, Math.abs(w) - alpha), 10);
      });
      expect(intercepts[i]).toBeCloseTo(10, 10);
    });
  });

  it("begins by itself where all weights are 0, and ends near least squares", () => {
    const { alphas, weights } = penaltyPath({ model: "lasso", features: { a, b, c }, target, count: 5 });
    expect(alphas[0]).toBeCloseTo(5, 10);
    expect(Math.max(...weights[0]!.map(Math.abs))).toBeLessThan(1e-9);
    expect(weights[4]![0]).toBeCloseTo(5 * (1 - 1e-4), 9);
  });

  // Closed form: Σr² + α‖w‖² with ‖column‖² = 8 gives w·8/(8 + α)
  it("of ridge shrinks all alike", () => {
    const { weights } = penaltyPath({ model: "ridge", features: { a, b, c }, target, alphas: [8, 2] });
    [5, -2, 0.5].forEach((w, k) => {
      expect(weights[0]![k]! / (w / 2)).toBeCloseTo(1, 10);
      expect(weights[1]![k]! / (w * 0.8)).toBeCloseTo(1, 10);
    });
  });

  it("is drawn with a line a coefficient, the largest first", () => {
    const { alphas, scaledWeights, terms } = penaltyPath({ model: "lasso", features: { a, b, c }, target, count: 8 });
    const coefficients = terms.map((name, k) => ({ name, values: scaledWeights.map((row) => row[k]!) }));
    const svg = coefficientPath({ title: "Path", xLabel: "α", yLabel: "weight", penalties: alphas, coefficients, most: 2 });
    expect(svg.match(/df-series-\d/g)!.length).toBeGreaterThanOrEqual(2);
    expect(svg).toContain(">a<");
    expect(svg).not.toContain(">c<");
  });

  it("refuses a count that is none", () => {
    expect(() => penaltyPath({ model: "lasso", features: { a }, target, count: 1 })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }),
    );
  });
});
