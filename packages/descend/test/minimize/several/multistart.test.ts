/** Many starts; oracles: minima in closed form, published minima, a descent made anew from each start. */

import { describe, expect, it } from "vitest";
import type { DescendError } from "../../../src/errors.js";
import { createDescent, minimize } from "../../../src/minimize/minimize.js";
import { multistart } from "../../../src/minimize/several/multistart.js";
import { classicProblems } from "../../../src/problems/classic.js";

const HIMMELBLAU = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2";
const problem = (name: string) => classicProblems.find((candidate) => candidate.name === name)!;

describe("a cubic with one minimum and no end below", () => {
  const cubic = "x^3 - 3x^2 - 9x + 2";
  const starts = [-1.5, -1, -0.999, 0, 10].map((x) => ({ x }));
  const options = { method: "gradientDescent", learningRate: 0.01 };

  it("is decided by the start: −1.5 falls without end, −1 stays on the maximum, −0.999, 0 and 10 end at 3", () => {
    const { runs, basins, best, bestRun } = multistart(cubic, starts, options);
    expect(runs.map(({ verdict }) => verdict)).toEqual(["unbounded", "maximum", "converged", "converged", "converged"]);
    expect(runs[1]!.end.x).toBe(-1);
    for (const { end } of runs.slice(2)) expect(end.x).toBeCloseTo(3, 6);
    expect(basins.map(({ count, verdict }) => [count, verdict])).toEqual([
      [3, "converged"],
      [1, "maximum"],
      [1, "unbounded"],
    ]);
    expect(runs.map(({ basin }) => basin)).toEqual([2, 1, 0, 0, 0]);
    expect(best.value).toBeCloseTo(-25, 10);
    expect(runs[bestRun]!.value).toBe(best.value);
  });
});

describe("a restarted descent", () => {
  it.each([
    { method: "lbfgs" },
    { method: "trustRegion" },
    { method: "gradientDescent", learningRate: 0.01 },
    { method: "adam", learningRate: 0.05, maxSteps: 500 },
    { method: "scheduleFreeAdamw", maxSteps: 300 },
    { method: "dog", maxSteps: 300 },
    { method: "lbfgsb", bounds: { x: [-5, 2], y: [-5, 5] } as const },
  ])("is one made there, bit for bit: $method", (options) => {
    const history = { ...options, history: true, clock: () => 0 } as const;
    const descent = createDescent(HIMMELBLAU, { x: 4, y: 4 }, history);
    descent.run().solution();
    const again = descent.restart({ x: -1, y: 0.5 }).run().solution();
    const anew = minimize(HIMMELBLAU, { x: -1, y: 0.5 }, history);
    expect(again).toEqual(anew);
  });

  it("arranges the rows of batches as at the first start", () => {
    const data = { x: [1, 2, 3, 4, 5, 6, 7], y: [2, 1, 4, 3, 7, 5, 8] };
    const loss = (p: { a: number }, row: { x: number; y: number }): number => (p.a * row.x - row.y) ** 2;
    const options = {
      data,
      batch: 2,
      method: "gradientDescent",
      learningRate: 0.002,
      maxSteps: 33,
      history: true,
      certify: false,
    } as const;
    const descent = createDescent(loss, { a: 4 }, options);
    descent.run();
    expect(descent.restart({ a: 0 }).run().solution().history!.value).toEqual(minimize(loss, { a: 0 }, options).history!.value);
  });

  it("forgets what a call from outside ended with, and counts anew", () => {
    const called = (([x]: number[]) => (x! - 1) ** 4).bind(undefined);
    const descent = createDescent(called, [3], { method: "momentum", learningRate: 0.01, maxSteps: 50 });
    descent.run();
    const { evaluations, params } = descent.restart([2]).run().solution();
    const anew = minimize(called, [2], { method: "momentum", learningRate: 0.01, maxSteps: 50 });
    expect(params).toEqual(anew.params);
    expect(evaluations.gradient).toBe(anew.evaluations.gradient);
  });
});

describe("Himmelblau's function", () => {
  it.each(["uniform", "latin-hypercube", "sobol"] as const)("shows its four minima with their frequencies: %s", (distribution) => {
    const starts = { count: 48, distribution, center: { x: 0, y: 0 }, scale: 6 };
    const { basins, runs, chanceOfBest } = multistart(HIMMELBLAU, starts, { seed: 3 });
    const minima = basins.filter(({ verdict }) => verdict === "converged" || verdict === "precision-floor");
    expect(minima).toHaveLength(4);
    for (const { x } of problem("Himmelblau").minima) {
      expect(minima.filter(({ params }) => Math.hypot(params.x - x[0]!, params.y - x[1]!) < 1e-6)).toHaveLength(1);
    }
    expect(basins.reduce((sum, { frequency }) => sum + frequency, 0)).toBeCloseTo(1, 12);
    for (const { frequency, interval, count } of basins) {
      expect(runs.filter(({ basin }) => basins[basin]!.count === count).length).toBeGreaterThanOrEqual(count);
      expect(interval[0]).toBeLessThan(frequency);
      expect(interval[1]).toBeGreaterThan(frequency);
    }
    // All four are equally low
    expect(chanceOfBest(1).probability).toBeCloseTo(
      minima.reduce((sum, { frequency }) => sum + frequency, 0),
      12,
    );
  });
});

describe("Rastrigin's function of two variables", () => {
  const rastrigin = "20 + x^2 + y^2 - 10 cos(2 pi x) - 10 cos(2 pi y)";
  const starts = { count: 100, distribution: "sobol", center: { x: 0, y: 0 }, bounds: { x: [-5.12, 5.12], y: [-5.12, 5.12] } } as const;

  it("has many basins, and the lowest start of many finds the global minimum 0", () => {
    const { best, basins, chanceOfBest } = multistart(rastrigin, starts);
    const p = basins[0]!.frequency;
    expect(p).toBeLessThan(0.5);
    expect(chanceOfBest(1).probability).toBeCloseTo(p, 12);
    expect(chanceOfBest(5).probability).toBeCloseTo(1 - (1 - p) ** 5, 12);
    expect(chanceOfBest(5).interval[0]).toBeCloseTo(1 - (1 - basins[0]!.interval[0]) ** 5, 12);
    expect(best.value).toBeLessThan(1e-12);
    expect(Math.hypot(best.params.x, best.params.y)).toBeLessThan(1e-7);
    expect(basins.length).toBeGreaterThan(20);
    // Values of the minima rise from the lowest on
    expect(basins.map(({ value }) => value)).toEqual(basins.map(({ value }) => value).sort((a, b) => a - b));
  });

  it("gives the same table for the same seed, another one for another", () => {
    const few = { ...starts, count: 8 };
    const table = (seed: number, distribution: "uniform" | "sobol" | "latin-hypercube" | "normal") =>
      multistart(rastrigin, distribution === "normal" ? { count: 8, distribution, center: { x: 0, y: 0 } } : { ...few, distribution }, {
        seed,
      }).runs;
    for (const distribution of ["uniform", "sobol", "latin-hypercube", "normal"] as const) {
      expect(table(1, distribution)).toEqual(table(1, distribution));
      expect(table(2, distribution).map(({ start }) => start)).not.toEqual(table(1, distribution).map(({ start }) => start));
    }
  });
});

describe("bad input", () => {
  const code = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return (error as DescendError).code;
    }
    return "none";
  };

  it("gives typed errors", () => {
    const center = { x: 0, y: 0 };
    expect(code(() => multistart(HIMMELBLAU, [] as { x: number; y: number }[]))).toBe("PARAMS_EMPTY");
    expect(code(() => multistart(HIMMELBLAU, { count: 0, center }))).toBe("OPTION_OUT_OF_RANGE");
    expect(code(() => multistart(HIMMELBLAU, { count: 2, center, distribution: "halton" as "sobol" }))).toBe("OPTION_OUT_OF_RANGE");
    expect(code(() => multistart(HIMMELBLAU, { count: 2, center, bounds: { x: [0, null] } }))).toBe("OPTION_OUT_OF_RANGE");
    expect(code(() => multistart(HIMMELBLAU, { count: 2, center, scale: -1 }))).toBe("OPTION_OUT_OF_RANGE");
    expect(code(() => multistart(HIMMELBLAU, { count: 2, center, distribution: "normal", bounds: [0, 1] }))).toBe("OPTIONS_CONFLICT");
    expect(code(() => multistart(HIMMELBLAU, { count: 2, center, spread: 1 } as never))).toBe("OPTION_UNKNOWN");
    const many = new Array<number>(22).fill(0);
    expect(code(() => multistart((x: number[]) => x[0]! ** 2, { count: 2, center: many, distribution: "sobol" }))).toBe(
      "OPTION_OUT_OF_RANGE",
    );
  });
});
