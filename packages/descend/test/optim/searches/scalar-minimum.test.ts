/** Oracles: minima in closed form; the golden ratio for the speed of golden sections. */

import { describe, expect, it } from "vitest";
import { brent } from "../../../src/optim/searches/brent.js";
import { goldenSection } from "../../../src/optim/searches/golden-section.js";

const cases: [string, (x: number) => number, [number, number], number][] = [
  ["parabola", (x) => (x - 2) ** 2, [0, 5], 2],
  ["parabola whose minimum is 0", (x) => x * x, [-3, 4], 0],
  ["x − log x", (x) => x - Math.log(x), [0.1, 5], 1],
  ["quartic", (x) => (x - 0.7) ** 4, [-1, 3], 0.7],
  ["cosine", (x) => Math.cos(x), [2, 5], Math.PI],
  ["kink", (x) => Math.abs(x - 1.3), [-10, 10], 1.3],
  ["minimum at the lower end", (x) => x, [1, 2], 1],
  ["undefined beyond a limit", (x) => -Math.sqrt(4 - x) - x, [0, 8], 3.75],
  ["large numbers", (x) => (x - 1e9) ** 2, [0, 3e9], 1e9],
];

describe.each([
  ["brent", brent],
  ["goldenSection", goldenSection],
] as const)("%s", (name, minimize) => {
  it.each(cases)("finds the minimum of the %s", (title, f, interval, minimum) => {
    let calls = 0;
    const found = minimize((x) => {
      calls++;
      return f(x);
    }, interval);
    expect(found.converged).toBe(true);
    expect(found.evaluations).toBe(calls);
    expect(found.value).toBe(f(found.x));
    // Values tell a minimum to the root of the rounding; of a quartic, to its fourth root.
    const tolerance = title === "quartic" ? 1e-4 : 1e-7 * Math.max(1, Math.abs(minimum));
    expect(Math.abs(found.x - minimum)).toBeLessThanOrEqual(tolerance);
    expect(found.interval[0]).toBeLessThanOrEqual(found.x);
    expect(found.interval[1]).toBeGreaterThanOrEqual(found.x);
  });

  it("says so when evaluations end it", () => {
    const found = minimize((x) => Math.cosh(x - 1), [-10, 10], { maxEvaluations: 6 });
    expect(found.converged).toBe(false);
    expect(found.evaluations).toBe(6);
  });

  it("never calls a minimum what is no number, or falls to −∞", () => {
    for (const f of [() => Number.NaN, () => Number.POSITIVE_INFINITY, () => Number.NEGATIVE_INFINITY]) {
      expect(minimize(f, [0, 5]).converged).toBe(false);
    }
    expect(minimize((x) => (x < 2 ? Number.NaN : (x - 3) ** 2), [0, 5])).toMatchObject({ converged: true });
  });

  it("refuses intervals that are none", () => {
    const refused = expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option: "interval" }) });
    expect(() => minimize((x) => x, [1, 1])).toThrow(refused);
    expect(() => minimize((x) => x, [0, Number.POSITIVE_INFINITY])).toThrow(refused);
    expect(() => minimize((x) => x, [0, 1], { tolerance: 0 })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    expect(name).toBeDefined();
  });
});

describe("speed", () => {
  it("golden sections shrink the interval by the golden ratio an evaluation", () => {
    const ratio = (Math.sqrt(5) - 1) / 2;
    for (const evaluations of [10, 20, 30]) {
      const { interval } = goldenSection((x) => (x - 1) ** 2, [0, 3], { maxEvaluations: evaluations, tolerance: 1e-15 });
      expect((interval[1] - interval[0]) / (3 * ratio ** (evaluations - 2))).toBeCloseTo(1, 6);
    }
  });

  it("brent takes a small share of that on a smooth function", () => {
    const f = (x: number): number => Math.exp(x) - 2 * x;
    expect(brent(f, [-2, 4]).evaluations).toBeLessThanOrEqual(goldenSection(f, [-2, 4]).evaluations / 2.5);
    expect(brent(f, [-2, 4]).x).toBeCloseTo(Math.log(2), 7);
  });
});
