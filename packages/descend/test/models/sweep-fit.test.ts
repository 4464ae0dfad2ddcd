// Oracle: one feature and a target on a line are, standardized, the parabola ½·(1 − b)² and ½·a²: gradient descent from 0 is (1 − η)ᵏ short of 1.

import { describe, expect, it } from "vitest";
import type { FitOptions } from "../../src/models/fit-options.js";
import { sweepFit } from "../../src/models/sweep-fit.js";

const x = [1, 2, 3, 4, 5];
const line: FitOptions = { features: { x }, target: x.map((value) => 3 * value + 1) };
/** As few steps as a sweep may have. */
const range = { from: 0.01, to: 1, count: 3, maxSteps: 100 };

describe("a sweep on the problem of a fit", () => {
  it("descends the standardized problem, and says what its values are in the units of the table", () => {
    const { swept, valueUnit } = sweepFit(line, range);
    // The variance of 3x is 9·2.
    expect(valueUnit).toBeCloseTo(18, 12);
    expect(swept.length).toBeGreaterThan(0);
    for (const { learningRate, values } of swept) {
      for (const k of [0, 1, 5, 20]) {
        if (values[k] !== undefined) expect(values[k]).toBeCloseTo(0.5 * (1 - learningRate) ** (2 * k), 9);
      }
    }
  });

  it("has a range by itself, and takes the method that the fit names", () => {
    expect(sweepFit(line).best).toBeGreaterThan(0);
    const { swept } = sweepFit({ ...line, method: "momentum" }, range);
    const { learningRate, values } = swept.find((each) => each.learningRate < 0.5)!;
    // Heavy ball with μ = 0.9: the second step goes on with 0.9 of the first.
    const first = 1 - learningRate;
    const second = first - learningRate * (0.9 + first);
    expect(values[1]).toBeCloseTo(0.5 * first ** 2, 9);
    expect(values[2]).toBeCloseTo(0.5 * second ** 2, 9);
  });
});
