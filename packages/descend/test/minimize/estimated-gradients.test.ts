/** Gradients from values alone, under every kind of method; the oracles are closed forms and certified minima. */

import { describe, expect, it } from "vitest";
import { createDescent, minimize, spsa } from "../../src/index.js";
import { classicProblems } from "../../src/problems/index.js";

const bowl = ([x, y]: number[]): number => (x! - 1) ** 2 + 3 * (y! + 2) ** 2 + x! * y!;
/** Where 2(x − 1) + y = 0 and 6(y + 2) + x = 0. */
const lowest = [24 / 11, -26 / 11];

describe.each(["spsa", "gaussian-smoothing"] as const)('gradient: "%s"', (gradient) => {
  it.each(["gradientDescent", "adam"])("carries %s to a minimum that another source confirms", (method) => {
    const solution = minimize(bowl, [3, 3], { gradient, method, learningRate: 0.05, maxSteps: 4000 });
    expect(solution.gradientSource).toBe("estimated");
    expect(solution.verdict).toBe("converged");
    expect(solution.tests.every((test) => test.passed)).toBe(true);
    solution.x.forEach((x, i) => {
      expect(x).toBeCloseTo(lowest[i]!, 6);
    });
  });

  it("never ends by its own estimates, and is not converged where it has not arrived", () => {
    const solution = minimize(bowl, [3, 3], { gradient, maxSteps: 50 });
    expect(solution.method).toBe("adam");
    expect(solution.terminationReason).toBe("max-steps");
    expect(solution.verdict).toBe("budget");
    // The slope across the direction drawn may be 0: that is no minimum.
    const flat = minimize(([x]: number[]) => (x! > 10 ? (x! - 10) ** 2 : 0), [0], { gradient, maxSteps: 20 });
    expect(flat.converged).toBe(false);
  });

  it("draws the same from the same seed, and goes on with the same bits from a checkpoint", () => {
    const options = { gradient, method: "adam", seed: 7 } as const;
    const whole = createDescent(bowl, [3, 3], options);
    whole.step(60);
    const half = createDescent(bowl, [3, 3], options);
    half.step(23);
    const rest = createDescent(bowl, [3, 3], { ...options, checkpoint: JSON.parse(JSON.stringify(half.checkpoint())) });
    rest.step(37);
    expect(rest.params).toEqual(whole.params);
    const other = createDescent(bowl, [3, 3], { ...options, seed: 8 });
    other.step(60);
    expect(other.params).not.toEqual(whole.params);
  });

  it("is refused by methods that compare gradients of different points", () => {
    expect(() => minimize(bowl, [3, 3], { gradient, method: "lbfgs" })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
  });
});

describe("an estimator with options", () => {
  it("averages as many pairs as it is told: 2 values each, and one for the point", () => {
    const descent = createDescent(bowl, [3, 3], { gradient: spsa({ pairs: 5 }), method: "adam" });
    descent.step(9);
    expect(descent.evaluations).toEqual({ value: 110, gradient: 10, hessianVector: 0 });
  });
});

describe("central differences", () => {
  const smooth = classicProblems.filter(({ notes }) => !/kink|singular/i.test(notes ?? ""));
  /** The first twenty that the compiled gradient solves by itself. */
  const solved = smooth.filter(({ objective, start }) => minimize(objective, [...start]).converged).slice(0, 20);

  it("are tried on twenty problems", () => expect(solved).toHaveLength(20));

  it.each(solved.map((problem) => [problem.name, problem] as const))(
    "solve %s as the compiled gradient does, with 2n values a gradient",
    (_, problem) => {
      const exact = minimize(problem.objective, [...problem.start]);
      const options = { gradient: "central-difference" } as const;
      const differenced = minimize(problem.objective, [...problem.start], options);
      differenced.x.forEach((x, i) => {
        expect(Math.abs(x - exact.x[i]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(exact.x[i]!)));
      });
      const { value, gradient } = minimize(problem.objective, [...problem.start], { ...options, certify: false }).evaluations;
      // Each point where a gradient is taken is evaluated itself, too.
      expect(value).toBe((1 + 2 * problem.dimension) * gradient);
    },
  );
});

describe("the compiled gradient", () => {
  it("has the accuracy of a complex step on the function of Squire and Trapp (oracle: 40-digit derivative)", () => {
    const descent = createDescent(([x]: number[]) => Math.exp(x!) / Math.sqrt(Math.sin(x!) ** 3 + Math.cos(x!) ** 3), [1.5]);
    expect(descent.gradientSource).toBe("compiled");
    expect(Math.abs(descent.gradient[0]! / 4.053427893898621 - 1)).toBeLessThanOrEqual(2 * 2.2e-16);
  });
});
