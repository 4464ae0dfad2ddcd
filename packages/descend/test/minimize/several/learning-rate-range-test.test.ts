/** Oracles: the edge 2/L of gradient descent on a quadratic, and the recurrence of the descent in plain numbers. */

import { describe, expect, it } from "vitest";
import { learningRateRangeTest } from "../../../src/minimize/several/learning-rate-range-test.js";
import { adam } from "../../../src/optim/methods/adam.js";

const bowl = "0.5*(x^2 + 10 y^2 + 40 z^2)";
const start = { x: 3, y: -2, z: 1 };
const curvatures = [1, 10, 40];

describe("learningRateRangeTest", () => {
  it("has the rates and values of a descent whose rate grows geometrically", () => {
    const { learningRates, values, startValue } = learningRateRangeTest(bowl, start, { from: 1e-4, to: 1e-2, steps: 21 });
    let point = [3, -2, 1];
    const f = (p: readonly number[]): number => 0.5 * curvatures.reduce((sum, c, i) => sum + c * p[i]! ** 2, 0);
    expect(startValue).toBe(f(point));
    expect(learningRates).toHaveLength(21);
    learningRates.forEach((alpha, k) => {
      expect(alpha / (1e-4 * 10 ** (k / 10))).toBeCloseTo(1, 13);
      point = point.map((p, i) => p * (1 - alpha * curvatures[i]!));
      expect(values[k]! / f(point)).toBeCloseTo(1, 12);
    });
  });

  it("turns up beyond 2/L and no further than the growth of what had shrunk takes, and ends there", () => {
    const { suggestions, diverged, end, learningRates, values } = learningRateRangeTest(bowl, start, { from: 1e-5, to: 100, steps: 200 });
    const edge = 2 / 40;
    expect(end).toBe("diverged");
    expect(suggestions!.lowest).toBeGreaterThan(edge);
    // Between 1/L and 2/L the component of largest curvature shrinks by Π|1 − αL| over some 9 steps; it grows back within as many
    // factors |1 − αL| > 1, which are reached by 6 times the edge.
    expect(suggestions!.lowest).toBeLessThan(6 * edge);
    expect(diverged!).toBeGreaterThan(suggestions!.lowest);
    expect(learningRates.length).toBeLessThan(200);
    expect(learningRates.at(-1)).toBe(diverged);
    expect(values.at(-1)!).toBeGreaterThan(values[0]!);
    expect(suggestions!.steepest).toBeLessThan(edge);
    expect(suggestions!.tenthOfLowest).toBeCloseTo(suggestions!.lowest / 10, 15);
    expect(suggestions!.cycle.low).toBeLessThan(suggestions!.cycle.high);
    expect(suggestions!.cycle.high).toBeLessThan(suggestions!.lowest);
  });

  it("ends at a value that is not finite without keeping it", () => {
    const { end, diverged, values } = learningRateRangeTest("exp(exp(x)) - x", { x: 2 }, { from: 1e-3, to: 1e4, steps: 20 });
    expect(["not-finite", "diverged"]).toContain(end);
    expect(diverged).toBeGreaterThan(0);
    expect([...values].every(Number.isFinite)).toBe(true);
  });

  it("suggests nothing where the value never falls", () => {
    const { suggestions, end } = learningRateRangeTest("x^2", { x: 0 }, { steps: 20 });
    expect(suggestions).toBeUndefined();
    expect(end).toBe("last-rate");
  });

  it("reads noisy batches through averages, from the same seed alike", () => {
    const n = 512;
    const x = Float64Array.from({ length: n }, (_, i) => Math.sin(17.3 * i) * 1.5);
    const y = Float64Array.from({ length: n }, (_, i) => 2 * x[i]! - 1 + Math.cos(91.7 * i));
    const run = () =>
      learningRateRangeTest(
        (p: { a: number; b: number }, row: { x: number; y: number }) => (p.a * row.x + p.b - row.y) ** 2,
        { a: 0, b: 0 },
        { data: { x, y }, batch: 16, steps: 150, from: 1e-5, to: 10 },
      );
    const { suggestions, end, values, smoothed } = run();
    expect(end).toBe("diverged");
    // Curvatures are 2·mean(x²) ≈ 2.2 and 2: the edge of the full batch is near 0.9.
    expect(suggestions!.steepest).toBeGreaterThan(0.01);
    expect(suggestions!.steepest).toBeLessThan(0.9);
    const jumps = (v: Float64Array): number => v.reduce((sum, value, k) => (k === 0 ? 0 : sum + Math.abs(value - v[k - 1]!)), 0);
    expect(jumps(smoothed.slice(0, 60))).toBeLessThan(0.3 * jumps(values.slice(0, 60)));
    expect(run().values).toEqual(values);
  });

  it("runs any method, by name or as a rule, from the same rates", () => {
    const byName = learningRateRangeTest(bowl, start, { method: "adam", from: 1e-3, to: 1, steps: 30 });
    const byRule = learningRateRangeTest(bowl, start, { method: (learningRate) => adam({ learningRate }), from: 1e-3, to: 1, steps: 30 });
    expect(byName).toEqual(byRule);
  });

  it("stops when asked to", () => {
    const { end, values } = learningRateRangeTest(bowl, start, { signal: AbortSignal.abort() });
    expect([end, values.length]).toEqual(["stopped-by-caller", 0]);
  });

  it.each([
    ["from", { from: 0 }],
    ["to", { from: 1, to: 1 }],
    ["steps", { steps: 5 }],
    ["divergence", { divergence: -1 }],
    ["method", { method: 3 as never }],
  ])("refuses a bad %s", (option, options) => {
    expect(() => learningRateRangeTest(bowl, start, options)).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option }) }),
    );
  });

  it("refuses an option it has not", () =>
    expect(() => learningRateRangeTest(bowl, start, { maxSteps: 3 } as never)).toThrow(
      expect.objectContaining({ code: "OPTION_UNKNOWN", details: expect.objectContaining({ option: "maxSteps" }) }),
    ));
});
