/**
 * Oracle: how many steps methods need on the regression of a well-known course (97 rows), and the points they pass (reference/
 * course-linear-regression.json). The rows are not there, but least squares depends on them only through means of products, which the
 * points of gradient descent give exactly: they are recovered from its first two steps and compared with the normal equations.
 */

import { describe, expect, it } from "vitest";
import { createDescent, minimize } from "../../../src/minimize/minimize.js";
import { adagrad } from "../../../src/optim/methods/adagrad.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../../src/optim/methods/momentum.js";
import { nesterov } from "../../../src/optim/methods/nesterov.js";
import { rmsprop } from "../../../src/optim/methods/rmsprop.js";
import type { Transformation } from "../../../src/optim/transformation.js";
import { referenceJson } from "../../reference-data.js";

interface Reference {
  ex1data1: {
    n: number;
    sums: { x: number; y: number };
    costAtZero: number;
    costAtMinus1And2: number;
    gradientDescent: { learningRate: number; steps: { iteration: number; theta: [number, number]; cost: number }[] };
    normalEquation: [number, number];
  };
}

const reference = referenceJson<Reference>("course-linear-regression.json")?.ex1data1;

/** J(a, b) = ½·mean((a + b·x − y)²) by means of products. */
function cost(): { formula: string; lowest: number; means: Record<"x" | "y" | "xy" | "xx" | "yy", number> } {
  const { n, sums, costAtZero, gradientDescent: run, normalEquation } = reference!;
  const [x, y, yy] = [sums.x / n, sums.y / n, 2 * costAtZero];
  const [first, second] = [run.steps[1]!.theta, run.steps[2]!.theta];
  const xy = first[1] / run.learningRate;
  const xx = ((first[1] - second[1]) / run.learningRate + xy - x * first[0]) / first[1];
  const [a, b] = normalEquation;
  return {
    formula: `0.5*(a*a + 2*${x}*a*b + ${xx}*b*b - 2*${y}*a - 2*${xy}*b + ${yy})`,
    lowest: 0.5 * (yy - y * a - xy * b),
    means: { x, y, xy, xx, yy },
  };
}

/** Steps until the cost is within 1e-10 of the lowest, relative. */
function stepsToLowest(method: Transformation, most = 10_000): number {
  const { formula, lowest } = cost();
  const descent = createDescent(formula, { a: 0, b: 0 }, { method, history: { params: false } });
  descent.step(most);
  const { value } = descent.history!;
  return value.findIndex((v) => v - lowest <= 1e-10 * lowest);
}

describe.skipIf(reference === undefined)("the regression of the course (needs ../shared/reference)", () => {
  it("is recovered: normal equations, curvatures and costs agree", () => {
    const { means, formula } = cost();
    const slope = (means.xy - means.x * means.y) / (means.xx - means.x ** 2);
    expect(slope / reference!.normalEquation[1]).toBeCloseTo(1, 13);
    const [trace, determinant] = [1 + means.xx, means.xx - means.x ** 2];
    const largest = (trace + Math.sqrt(trace ** 2 - 4 * determinant)) / 2;
    expect(largest).toBeCloseTo(82.22368, 5);
    expect(determinant / largest).toBeCloseTo(0.18026, 5);
    const at = (a: number, b: number): number => createDescent(formula, { a, b }).value;
    expect(at(-1, 2)).toBeCloseTo(reference!.costAtMinus1And2, 11);
  });

  it("is descended through the points of the course", () => {
    const { formula } = cost();
    for (const { iteration, theta, cost: expected } of reference!.gradientDescent.steps) {
      const descent = createDescent(formula, { a: 0, b: 0 }, { method: gradientDescent({ learningRate: 0.01 }) });
      descent.step(iteration);
      expect(Math.abs(descent.params.a - theta[0])).toBeLessThan(1e-11);
      expect(Math.abs(descent.params.b - theta[1])).toBeLessThan(1e-12);
      expect(Math.abs(descent.value - expected)).toBeLessThan(1e-12);
    }
    const far = createDescent(formula, { a: 0, b: 0 }, { method: gradientDescent({ learningRate: 0.01 }) });
    far.step(10_000);
    expect(far.value).toBeCloseTo(4.476971376, 9);
  });

  it.each<[string, number, () => Transformation]>([
    ["gradient descent, α = 0.01", 6067, () => gradientDescent({ learningRate: 0.01 })],
    ["gradient descent, α = 0.024, just below 2/L", 2525, () => gradientDescent({ learningRate: 0.024 })],
    ["momentum 0.9", 488, () => momentum({ learningRate: 0.01, momentum: 0.9 })],
    ["momentum 0.9 as a mean", 5976, () => momentum({ learningRate: 0.01, momentum: 0.9, form: "ema" })],
    ["the best heavy ball", 196, () => momentum({ learningRate: 0.0443933, momentum: 0.829091 })],
    ["Nesterov", 501, () => nesterov({ learningRate: 0.01, momentum: 0.9 })],
    ["Adagrad, α = 1", 497, () => adagrad({ learningRate: 1 })],
    ["Adam, α = 0.1", 449, () => adam({ learningRate: 0.1 })],
    ["Adam, α = 0.5", 222, () => adam({ learningRate: 0.5 })],
  ])("%s needs %d steps", (_, steps, method) => expect(stepsToLowest(method())).toBe(steps));

  it("diverges slowly just above 2/L, and fast beyond", () => {
    const { formula } = cost();
    const run = (learningRate: number) =>
      minimize(formula, { a: 0, b: 0 }, { method: gradientDescent({ learningRate }), stopping: { divergenceFactor: Number.MAX_VALUE } });
    const slow = run(0.0245);
    expect(slow.converged).toBe(false);
    // The component of largest curvature grows by |1 − α·L| a step, the cost by its square, until it is no number any more.
    const growth = (learningRate: number): number => 2 * Math.log(learningRate * 82.22368 - 1);
    const overflow = Math.log(Number.MAX_VALUE);
    expect(Math.abs(slow.steps / (overflow / growth(0.0245)) - 1)).toBeLessThan(0.01);
    expect(Math.abs(run(0.025).steps / (overflow / growth(0.025)) - 1)).toBeLessThan(0.01);
  });

  it.each([
    [0.01, 1.2e-3],
    [0.001, 1.2e-5],
  ])("with RMSProp at α = %d never settles: after 50 000 steps the cost is about %d too high", (learningRate, gap) => {
    const { formula, lowest } = cost();
    const descent = createDescent(formula, { a: 0, b: 0 }, { method: rmsprop({ learningRate, decay: 0.9 }) });
    descent.step(50_000);
    expect((descent.value - lowest) / gap).toBeGreaterThan(0.5);
    expect((descent.value - lowest) / gap).toBeLessThan(2);
  });
});
