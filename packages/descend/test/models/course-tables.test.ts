/**
 * The two tables of a well-known course, whose rows are not free: least squares sees only their moments, and those follow from the
 * published numbers. A small weighted table with the same moments has the same costs, steps and solutions.
 */

import { describe, expect, it } from "vitest";
import { fit, prepareFit } from "../../src/models/fit.js";
import type { FitOptions } from "../../src/models/fit-options.js";
import { referenceJson } from "../reference-data.js";
import { distance } from "./reference-tables.js";

const course = referenceJson("course-linear-regression.json");

describe.skipIf(course === undefined)("population and profit (reference: published costs and steps; needs ../shared/reference)", () => {
  /** Four rows at x̄ ± s and ± √(RSS/n) around the line, each counting n/4 times. */
  const table = (): Pick<FitOptions, "features" | "target" | "weights"> => {
    const { n, sums, costAtZero, gradientDescent, normalEquation } = course.ex1data1;
    const [intercept, slope] = normalEquation;
    const products = (gradientDescent.steps[1].theta[1] * n) / gradientDescent.learningRate;
    const squares = (products - intercept * sums.x) / slope;
    const mean = sums.x / n;
    const deviation = Math.sqrt(squares / n - mean ** 2);
    const residual = Math.sqrt((2 * n * costAtZero - intercept * sums.y - slope * products) / n);
    const corners = [-1, 1].flatMap((u) => [-1, 1].map((v) => [mean + u * deviation, v * residual] as const));
    return {
      features: { x: corners.map(([x]) => x) },
      target: corners.map(([x, r]) => intercept + slope * x + r),
      weights: corners.map(() => n / 4),
    };
  };

  it("costs 32.0727… at 0 and 54.2424… at (−1, 2) on the table as it is", () => {
    const { descent, finish } = prepareFit({ ...table(), model: "linear", scale: false });
    expect(Math.abs(descent.value / course.ex1data1.costAtZero - 1)).toBeLessThan(1e-13);
    descent.params = { intercept: -1, weights: Float64Array.of(2) };
    expect(Math.abs(descent.value / course.ex1data1.costAtMinus1And2 - 1)).toBeLessThan(1e-12);
    expect(finish().objective).toBe(descent.value);
  });

  it("takes the published steps of gradient descent with rate 0.01", () => {
    for (const { iteration, theta, cost } of course.ex1data1.gradientDescent.steps.slice(1)) {
      const fitted = fit({ ...table(), model: "linear", scale: false, method: "gradientDescent", learningRate: 0.01, maxSteps: iteration });
      expect(distance([fitted.intercept, ...fitted.weights], theta)).toBeLessThan(1e-11);
      expect(Math.abs(fitted.objective / cost - 1)).toBeLessThan(1e-12);
    }
  });

  it("has the published least squares and predictions, and the stable limit 0.0243239", () => {
    const fitted = fit({ ...table(), model: "linear" });
    expect(distance([fitted.intercept, ...fitted.weights], course.ex1data1.normalEquation)).toBeLessThan(1e-12);
    expect(fitted.objective).toBeCloseTo(4.476971375975179, 11);
    expect(prepareFit({ ...table(), model: "linear", scale: false }).curvature.stableLearningRate).toBeCloseTo(0.0243239, 7);
    const stopped = fit({ ...table(), model: "linear", scale: false, method: "gradientDescent", learningRate: 0.01, maxSteps: 1500 });
    expect(stopped.solution.verdict).toBe("budget");
    const [at35, at70] = stopped.predict({ x: [3.5, 7] });
    expect(at35).toBeCloseTo(course.ex1data1.predictionAt3_5, 10);
    expect(at70).toBeCloseTo(course.ex1data1.predictionAt7, 10);
  });

  it("scales costs by the convention, and the steps with them if the rate is scaled back", () => {
    const n = 97;
    const run = (convention: "half-mean" | "mean" | "half-sum" | "sum", factor: number) =>
      fit({
        ...table(),
        model: { kind: "linear", convention },
        scale: false,
        method: "gradientDescent",
        learningRate: 0.01 / factor,
        maxSteps: 100,
      });
    const usual = run("half-mean", 1);
    for (const [convention, factor] of [
      ["mean", 2],
      ["half-sum", n],
      ["sum", 2 * n],
    ] as const) {
      const other = run(convention, factor);
      expect(Math.abs(other.objective / (factor * usual.objective) - 1)).toBeLessThan(1e-12);
      expect(distance([other.intercept, ...other.weights], [usual.intercept, ...usual.weights])).toBeLessThan(1e-13);
    }
  });
});

describe.skipIf(course === undefined)("house prices (reference: published costs and steps; needs ../shared/reference)", () => {
  const table = (): Pick<FitOptions, "features" | "target" | "weights"> => {
    const { n, means, stdsPopulation: stds, normalEquation, gradientDescentPopulationStd } = course.ex1data2;
    const { learningRate, steps } = gradientDescentPopulationStd[0];
    const [meanTarget, c1, c2] = steps[1].theta.map((value: number) => value / learningRate) as [number, number, number];
    const w1 = normalEquation[1] * stds[0];
    const w2 = normalEquation[2] * stds[1];
    const correlation = (c1 - w1) / w2;
    const residual = Math.sqrt(2 * steps[0].cost - meanTarget ** 2 - c1 * w1 - c2 * w2);
    const corners = [-1, 1].flatMap((u) =>
      [-1, 1].flatMap((v) => [-1, 1].map((r) => [u, correlation * u + Math.sqrt(1 - correlation ** 2) * v, r] as const)),
    );
    return {
      features: { area: corners.map(([u]) => means[0] + stds[0] * u), rooms: corners.map(([, v]) => means[1] + stds[1] * v) },
      target: corners.map(([u, v, r]) => meanTarget + w1 * u + w2 * v + r * residual),
      weights: corners.map(() => n / 8),
    };
  };

  it("takes the published steps on features standardized by the population deviation", () => {
    for (const { learningRate, steps } of course.ex1data2.gradientDescentPopulationStd) {
      for (const { iteration, theta, cost } of steps.slice(1)) {
        const fitted = fit({
          ...table(),
          model: "linear",
          scale: { target: false },
          method: "gradientDescent",
          learningRate,
          maxSteps: iteration,
        });
        const { intercept, weights } = fitted.solution.params;
        expect(distance([intercept as number, ...weights], theta)).toBeLessThan(1e-11);
        expect(Math.abs(fitted.objective / cost - 1)).toBeLessThan(1e-11);
      }
    }
  });

  it("has the published least squares and prediction; condition number 3.545 scaled, 9.43·10⁷ as it is", () => {
    const fitted = fit({ ...table(), model: "linear" });
    expect(distance([fitted.intercept, ...fitted.weights], course.ex1data2.normalEquation)).toBeLessThan(1e-10);
    expect(fitted.predict([[1650, 3]])[0]! / course.ex1data2.predictionAt1650SqFt3Bedrooms - 1).toBeCloseTo(0, 10);
    expect(fitted.curvature.conditionNumber).toBeCloseTo(3.545, 3);
    expect(fitted.curvature.stableLearningRate).toBeCloseTo(1.2821, 4);
    const raw = prepareFit({ ...table(), model: "linear", scale: false }).curvature;
    expect(raw.conditionNumber! / 9.43e7).toBeCloseTo(1, 2);
    expect(raw.stableLearningRate / 4.328e-7).toBeCloseTo(1, 3);
  });
});
