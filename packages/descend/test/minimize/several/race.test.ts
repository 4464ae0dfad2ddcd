/** Methods against each other; the oracle is the recurrence of each method on a quadratic, walked here by hand. */

import { describe, expect, it } from "vitest";
import type { DescendError } from "../../../src/errors.js";
import { race } from "../../../src/minimize/several/race.js";

const L = 456;
const bowl = `0.5 x^2 + ${L / 2} y^2`;
const value = (x: number, y: number): number => 0.5 * x * x + (L / 2) * y * y;

/** Steps of m ← μ·m + g, x ← x − α·m from (1, 1) until the value is at most `near`. */
function stepsByHand(rate: number, momentum: number, near: number): number {
  let [x, y, mx, my] = [1, 1, 0, 0];
  let steps = 0;
  while (value(x, y) > near) {
    mx = momentum * mx + x;
    my = momentum * my + L * y;
    x -= rate * mx;
    y -= rate * my;
    steps++;
  }
  return steps;
}

const root = Math.sqrt(L);
const heavyBall = { rate: 4 / (root + 1) ** 2, momentum: ((root - 1) / (root + 1)) ** 2 };
const racers = [
  { name: "plain", method: "gradientDescent", learningRate: 2 / (L + 1) },
  { name: "usual momentum", method: "momentum", learningRate: 0.25 / L, methodOptions: { momentum: 0.9 } },
  { name: "heavy ball", method: "momentum", learningRate: heavyBall.rate, methodOptions: { momentum: heavyBall.momentum } },
];

describe("a race on a quadratic of condition 456", () => {
  const { results, near, startValue } = race(bowl, { x: 1, y: 1 }, { methods: racers });

  it("is won by the best heavy ball, before usual momentum, before gradient descent, with the steps of their recurrences", () => {
    expect(startValue).toBe(value(1, 1));
    expect(results.map(({ name }) => name)).toEqual(["heavy ball", "usual momentum", "plain"]);
    expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(results.map(({ steps }) => steps)).toEqual([
      stepsByHand(heavyBall.rate, heavyBall.momentum, near),
      stepsByHand(0.25 / L, 0.9, near),
      stepsByHand(2 / (L + 1), 0, near),
    ]);
  });

  it("counts the evaluation at the start and one a step", () => {
    for (const { evaluations, steps, evaluationsAt, solution } of results) {
      expect(evaluations).toBe(steps! + 1);
      expect(evaluationsAt.length).toBe(solution.history!.length);
    }
  });

  it("gives all the same budget, and ranks who does not arrive by the value", () => {
    const short = race(bowl, { x: 1, y: 1 }, { methods: [...racers, "lbfgs"], maxEvaluations: 60 });
    expect(short.results[0]!.name).toBe("lbfgs");
    for (const { solution } of short.results) expect(solution.evaluations.gradient).toBeLessThanOrEqual(61);
    const rest = short.results.slice(1);
    expect(rest.every(({ evaluations }) => evaluations === undefined)).toBe(true);
    expect(rest.map(({ solution }) => solution.value)).toEqual(rest.map(({ solution }) => solution.value).sort((a, b) => a - b));
  });
});

describe("what falls without end", () => {
  it("does not win, and is not the best", () => {
    const cubic = "x^3 - 3x^2 - 9x + 2";
    const methods = ["lbfgs", { method: "gradientDescent", learningRate: 5 }];
    const { results, best } = race(cubic, { x: 0 }, { methods });
    expect(best).toBeCloseTo(-25, 8);
    expect(results[0]!.name).toBe("lbfgs");
    expect(results[1]!.evaluations).toBeUndefined();
  });
});

describe("bad input", () => {
  it.each([
    [{ methods: [] }, "OPTION_OUT_OF_RANGE"],
    [{ methods: ["lbfgs"], within: 2 }, "OPTION_OUT_OF_RANGE"],
    [{ methods: ["lbfgz"] }, "OPTION_UNKNOWN"],
  ])("%j gives %s", (options, code) => {
    let caught: unknown;
    try {
      race(bowl, { x: 1, y: 1 }, options);
    } catch (error) {
      caught = error;
    }
    expect((caught as DescendError).code).toBe(code);
  });
});
