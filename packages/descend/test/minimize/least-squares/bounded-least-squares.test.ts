/** Oracles: SciPy's `least_squares` run to its last digits (test/oracles/least-squares.py), closed forms, and first-order conditions. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { leastSquares } from "../../../src/minimize/least-squares/least-squares.js";
import type { LeastSquaresOptions } from "../../../src/minimize/least-squares/least-squares-options.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { robustLosses } from "../../../src/optim/least-squares/robust-loss.js";

interface Case {
  readonly model: "decay" | "peak";
  readonly start: readonly number[];
  readonly loss: NonNullable<LeastSquaresOptions["loss"]>;
  readonly scale: number;
  readonly bounds: readonly (readonly [number | null, number | null])[] | null;
  readonly value: number;
  readonly params: readonly number[];
}
const oracle = JSON.parse(readFileSync(new URL("../../oracles/least-squares.json", import.meta.url), "utf8")) as {
  readonly data: Record<string, { readonly x: number[]; readonly y: number[] }>;
  readonly cases: readonly Case[];
};
type Row = { x: number; y: number };
const models = {
  decay: (p: number[], row: Row): number => p[0]! * Math.exp(-p[1]! * row.x) + p[2]! - row.y,
  peak: (p: number[], row: Row): number => p[0]! * Math.exp(-(((row.x - p[1]!) / p[2]!) ** 2)) + p[3]! * row.x + p[4]! - row.y,
};

describe("SciPy's results", () => {
  it.each(
    oracle.cases.map(
      (one) => [`${one.model}, ${one.loss} ${one.scale}, ${one.bounds === null ? "free" : JSON.stringify(one.bounds)}`, one] as const,
    ),
  )("%s", (_, { model, start, loss, scale, bounds, value, params }) => {
    const { x, y } = oracle.data[model]!;
    const solution = leastSquares(models[model], [...start], {
      data: { x, y },
      loss,
      ...(loss === "linear" ? {} : { lossScale: scale }),
      ...(bounds === null ? {} : { bounds }),
    });
    expect(solution.verdict).toBe("converged");
    // Where SciPy stops its points are still off their bounds by about 10⁻⁸, which costs it value.
    expect(solution.value - value).toBeLessThan(1e-10 * value);
    expect(value - solution.value).toBeLessThan(1e-6 * value);
    params.forEach((expected, j) => {
      expect(Math.abs(solution.x[j]! - expected)).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected)));
    });
  });
});

describe("bounds of least squares", () => {
  const rosenbrock = ([x, y]: number[]): number[] => [10 * (y! - x! * x!), 1 - x!];

  it("are met exactly, and what is held has no spread", () => {
    const solution = leastSquares(rosenbrock, [2, 2], { bounds: [null, [1.5, null]] });
    expect(solution.x[1]).toBe(1.5);
    expect(solution.x[0]).toBeCloseTo(1.2243707487363527, 12);
    expect(solution.method).toBe("trust-region-reflective");
    expect(solution.residuals.standardDeviations[1]).toBe(0);
    expect(solution.residuals.covariance).toHaveLength(4);
    expect(solution.tests.map(({ name }) => name)).toContain("complementarity");
  });

  it("may hold every parameter: a corner", () => {
    const solution = leastSquares(([a, b]: number[]) => [a! - 3, b! + 2], [0.5, 0.5], { bounds: [0, 1] });
    expect(solution).toMatchObject({ x: [1, 0], value: expect.closeTo(8, 12), verdict: "converged" });
  });

  it("that are wide change nothing", () => {
    const free = leastSquares(rosenbrock, [-1.2, 1]);
    const wide = leastSquares(rosenbrock, [-1.2, 1], { bounds: [-100, 100] });
    expect(wide.verdict).toBe("converged");
    wide.x.forEach((x, j) => {
      expect(Math.abs(x - free.x[j]!)).toBeLessThan(1e-9);
    });
  });

  it("hold parameters fixed where they are equal", () => {
    const solution = leastSquares(rosenbrock, [-1, 1], { bounds: [[2, 2], null] });
    expect(solution.x[0]).toBe(2);
    expect(solution.x[1]).toBeCloseTo(4, 12);
    expect(() => leastSquares(rosenbrock, [2, 3], { bounds: [2, 2] })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
  });

  it("are never left, and the result satisfies the first-order conditions: 200 random linear problems", () => {
    for (let seed = 0; seed < 200; seed++) {
      const n = 1 + (seed % 6);
      const m = n + 3;
      const random = (stream: number, i: number): number => 2 * threefryUniform(seed, stream, i) - 1;
      const matrix = Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => random(1, i * n + j)));
      const target = Array.from({ length: m }, (_, i) => 3 * random(2, i));
      const lower = Array.from({ length: n }, (_, j) => random(3, j) - 0.5);
      const upper = lower.map((low, j) => low + 0.1 + threefryUniform(seed, 4, j));
      const residuals = new Proxy((p: number[]) => matrix.map((row, i) => row.reduce((s, a, j) => s + a * p[j]!, -target[i]!)), {
        apply(call, _, [p]: [number[]]) {
          p.forEach((value, j) => {
            if (!(value >= lower[j]! && value <= upper[j]!)) throw new Error(`called at ${p}`);
          });
          return call(p);
        },
      });
      const solution = leastSquares(residuals, new Array<number>(n).fill(0), { bounds: lower.map((low, j) => [low, upper[j]!] as const) });
      expect(solution.verdict).toBe("converged");
      const r = residuals(solution.x);
      const size = Math.hypot(...r);
      solution.x.forEach((x, j) => {
        const g = matrix.reduce((s, row, i) => s + row[j]! * r[i]!, 0);
        if (x === lower[j]) expect(g).toBeGreaterThan(-1e-6 * size);
        else if (x === upper[j]) expect(g).toBeLessThan(1e-6 * size);
        else expect(Math.abs(g)).toBeLessThan(1e-6 * size);
      });
    }
  });

  it("keep to budgets, callbacks and records", () => {
    const seen: number[] = [];
    const solution = leastSquares(rosenbrock, [-2, 2], {
      bounds: [null, [1.5, null]],
      maxSteps: 2,
      history: true,
      onStep: ({ params }) => seen.push((params as number[]).length),
    });
    expect(solution).toMatchObject({ verdict: "budget", steps: 2 });
    expect(solution.history!.params).toHaveLength(2 * solution.history!.length);
    expect(seen).toEqual([2, 2]);
  });
});

describe("losses", () => {
  it.each(Object.entries(robustLosses))(
    "%s has the slope and curvature it says (difference quotients), and is z for small z",
    (_, loss) => {
      for (const z of [1e-3, 0.3, 0.9, 1.7, 30]) {
        const h = 1e-5 * z;
        const [, slope, curvature] = loss(z);
        expect(Math.abs((loss(z + h)[0] - loss(z - h)[0]) / (2 * h) - slope)).toBeLessThan(1e-9);
        expect(Math.abs((loss(z + h)[1] - loss(z - h)[1]) / (2 * h) - curvature)).toBeLessThan(1e-8);
      }
      expect(loss(1e-9)[0]).toBeCloseTo(1e-9, 17);
    },
  );

  it("hardly see an outlier: the mean of equal numbers and one far away", () => {
    const y = [1, 1.01, 0.99, 1.02, 0.98, 100];
    const mean = (p: { m: number }, row: { y: number }): number => p.m - row.y;
    expect(leastSquares(mean, { m: 0 }, { data: { y } }).x.m).toBeCloseTo(17.5, 10);
    for (const loss of ["cauchy", "arctan"] as const) {
      expect(Math.abs(leastSquares(mean, { m: 0.5 }, { data: { y }, loss, lossScale: 0.1 }).x.m - 1)).toBeLessThan(0.01);
    }
    // Huber's is the mean of what is within C plus C by outlier: Σ(m − yᵢ) = C
    expect(leastSquares(mean, { m: 0.5 }, { data: { y }, loss: "huber", lossScale: 0.1 }).x.m).toBeCloseTo(1 + 0.1 / 5, 8);
  });

  it.each<[Omit<LeastSquaresOptions, "data">, string]>([
    [{ loss: "square" as never }, "OPTION_OUT_OF_RANGE"],
    [{ lossScale: 2 }, "OPTIONS_CONFLICT"],
    [{ loss: "huber", lossScale: 0 }, "OPTION_OUT_OF_RANGE"],
    [{ loss: "huber", linearSolver: "normal-equations" }, "OPTIONS_CONFLICT"],
    [{ method: "trust-region-reflective" }, "OPTIONS_CONFLICT"],
    [{ method: "gauss-newton", bounds: [0, 1] }, "OPTIONS_CONFLICT"],
    [{ bounds: [1, 0] }, "OPTION_OUT_OF_RANGE"],
  ])("%j is refused", (options, code) => {
    expect(() => leastSquares(([a]: number[]) => [a!], [0.5], options)).toThrow(expect.objectContaining({ code }));
  });
});
