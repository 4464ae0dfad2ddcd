import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/graph/tensor.js";
import { leastSquares } from "../../../src/minimize/least-squares/least-squares.js";
import { householderQr, leastSquaresByQr } from "../../../src/numeric/qr.js";
import { moreGarbowHillstromProblems } from "../../../src/problems/more-garbow-hillstrom.js";
import { errorOf } from "../../error-of.js";
import { dataText } from "../../reference-data.js";
import { moreGarbowHillstromResiduals } from "./more-garbow-hillstrom-residuals.js";

interface NistProblem {
  name: string;
  formula: string;
  responseTransform: "log" | null;
  parameters: string[];
  x: number[] | Record<string, number[]>;
  y: number[];
  starts: number[][];
  certified: number[];
  certifiedStdDev: number[];
  residualSumOfSquares: number;
  degreesOfFreedom: number;
}

const nistText = dataText("nist-nonlinear.json");
const nist: NistProblem[] = nistText === undefined ? [] : JSON.parse(nistText).problems;

/** −log₁₀ of the relative error, at most 11, the digits of the certificates. */
function digits(got: number, expected: number): number {
  const error = Math.abs(got - expected) / Math.abs(expected);
  return error === 0 ? 11 : Math.min(11, -Math.log10(error));
}

function fewestDigits(got: Readonly<Record<string, number>>, names: readonly string[], expected: readonly number[]): number {
  return Math.min(...names.map((name, i) => digits(got[name]!, expected[i]!)));
}

function solveNist(problem: NistProblem, start: number) {
  const { formula, parameters, x, y, responseTransform, starts } = problem;
  const data = Array.isArray(x) ? { x, y } : { ...x, y };
  const response = responseTransform === "log" ? "log(y)" : "y";
  const begin = Object.fromEntries(parameters.map((name, i) => [name, starts[start]![i]!]));
  return leastSquares(`${response} - (${formula.split("=")[1]})`, begin, { data });
}

describe.skipIf(nist.length === 0)("the nonlinear problems of NIST (need ../shared/data)", () => {
  const runs = nist.flatMap((problem) =>
    problem.starts.map((_, start) => ({ problem, start, title: `${problem.name} from start ${start + 1}` })),
  );

  it.each(runs)("$title: certified parameters to 9 digits, converged (NIST's certificates, 11 digits)", ({ problem, start }) => {
    const solution = solveNist(problem, start);
    expect(solution.verdict).toBe("converged");
    expect(solution.gradientSource).toBe("compiled");
    expect(fewestDigits(solution.params, problem.parameters, problem.certified)).toBeGreaterThanOrEqual(9);
    expect(solution.residuals.degreesOfFreedom).toBe(problem.degreesOfFreedom);
  });

  it.each(runs.filter(({ problem }) => problem.name !== "Lanczos1"))(
    "$title: standard deviations and the sum of squares to 9 digits",
    ({ problem, start }) => {
      const { residuals, value } = solveNist(problem, start);
      expect(fewestDigits(residuals.standardDeviations, problem.parameters, problem.certifiedStdDev)).toBeGreaterThanOrEqual(9);
      expect(digits(value, problem.residualSumOfSquares)).toBeGreaterThanOrEqual(9);
    },
  );

  it("Lanczos1: standard deviations to 2 digits, since its residuals of 1e-13 beside data of 2.5 are known to 3 in double precision", () => {
    const problem = nist.find(({ name }) => name === "Lanczos1")!;
    for (const start of [0, 1]) {
      const { residuals } = solveNist(problem, start);
      expect(fewestDigits(residuals.standardDeviations, problem.parameters, problem.certifiedStdDev)).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("the problems of Moré, Garbow and Hillstrom as residuals", () => {
  it.each(moreGarbowHillstromProblems)("$name: the smallest value to 1e-8 (certified minima)", ({ name, objective, start, minima }) => {
    const residual = moreGarbowHillstromResiduals[name]!;
    const sum = residual([...start]).reduce((total, r) => total + r * r, 0);
    expect(Math.abs(sum / objective([...start]) - 1)).toBeLessThan(1e-12);
    const solution = leastSquares(residual, [...start]);
    const nearest = Math.min(...minima.map(({ value }) => Math.abs(solution.value - value) / Math.max(1, value)));
    expect(nearest).toBeLessThan(1e-8);
    // One of them has a line of minimizers
    expect(solution.verdict).toBe(name === "LinearRank1Zero" ? "plateau" : "converged");
  });
});

describe("leastSquares", () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => i / 10);
  const y = x.map((t, i) => 2.5 * Math.exp(-0.8 * t) + 0.4 + 0.01 * Math.sin(7 * i));
  const decay = (p: { a: number; k: number; c: number }, row: { x: number; y: number }): number =>
    p.a * Math.exp(-p.k * row.x) + p.c - row.y;

  it("solves a linear problem as QR does, with its standard errors", () => {
    const columns = Float64Array.of(...x.map(() => 1), ...x, ...x.map((t) => t * t));
    const expected = leastSquaresByQr(columns, x.length, 3, y);
    const solution = leastSquares((p, row) => p[0]! + p[1]! * row.x + p[2]! * row.x ** 2 - row.y, [0, 0, 0], { data: { x, y } });
    expected.solution.forEach((value, j) => {
      expect(digits(solution.x[j]!, value)).toBeGreaterThan(10);
    });
    expect(digits(solution.value, expected.residualSumOfSquares)).toBeGreaterThan(10);
    const { residualStandardDeviation, standardDeviations } = solution.residuals;
    expect(digits(residualStandardDeviation, Math.sqrt(expected.residualSumOfSquares / 37))).toBeGreaterThan(10);
    // (JᵀJ)⁻¹ = F·Fᵀ from the factorization by reflections
    const inverse = householderQr(columns, x.length, 3).inverseFactor();
    for (let j = 0; j < 3; j++) {
      const length = Math.hypot(...inverse.subarray(3 * j, 3 * j + 3));
      expect(digits(standardDeviations[j]!, length * residualStandardDeviation)).toBeGreaterThan(10);
    }
  });

  it("needs one step of Gauss–Newton on a linear problem, wherever it starts", () => {
    const points: number[][] = [];
    leastSquares((p, row) => p[0]! + p[1]! * row.x - row.y, [100, -70], {
      data: { x, y },
      method: "gauss-newton",
      onStep: ({ params }) => points.push(params as number[]),
    });
    const expected = leastSquaresByQr(Float64Array.of(...x.map(() => 1), ...x), x.length, 2, y);
    for (const j of [0, 1]) expect(digits(points[0]![j]!, expected.solution[j]!)).toBeGreaterThan(10);
  });

  it("gives one answer for a function, a formula, tensors, an array of residuals, differences, and either way to factor", () => {
    const start = { a: 1, k: 1, c: 0 };
    const data = { x, y };
    const reference = leastSquares(decay, start, { data });
    expect(reference.verdict).toBe("converged");
    const all = [
      leastSquares("y - (a exp(-k x) + c)", start, { data }),
      leastSquares(
        (p: { a: Tensor; k: Tensor; c: Tensor }, rows: { x: Tensor; y: Tensor }) =>
          rows.x.mul(p.k).neg().exp().mul(p.a).add(p.c).sub(rows.y),
        start,
        { data },
      ),
      leastSquares((p: { a: number; k: number; c: number }) => Array.from(x, (t, i) => p.a * Math.exp(-p.k * t) + p.c - y[i]!), start, {
        constants: { x: [...x], y: [...y] },
      }),
      leastSquares(decay, start, { data, method: "gauss-newton" }),
      leastSquares(decay, start, { data, linearSolver: "qr" }),
      leastSquares(decay, start, { data, linearSolver: "normal-equations" }),
      leastSquares(decay, start, { data, gradient: "central-difference" }),
    ];
    for (const { params, verdict, residuals } of all) {
      expect(verdict).toBe("converged");
      for (const name of ["a", "k", "c"] as const) {
        expect(digits(params[name], reference.params[name])).toBeGreaterThan(8);
        expect(digits(residuals.standardDeviations[name], reference.residuals.standardDeviations[name])).toBeGreaterThan(6);
      }
    }
    expect(all.at(-1)!.gradientSource).toBe("finite-difference");
  });

  it("calls a function that cannot be read, and says why", () => {
    const hidden = { scale: 1 };
    const solution = leastSquares(
      (p: { a: number }, row: { x: number; y: number }) => hidden.scale * p.a * row.x - row.y,
      { a: 0 },
      { data: { x, y: x } },
    );
    expect(solution.verdict).toBe("converged");
    expect(solution.params.a).toBeCloseTo(1, 8);
    expect(solution.gradientSource).toBe("finite-difference");
    expect(solution.gradientReason).toContain("hidden");
    expect(solution.warnings[0]).toContain("finite differences");
  });

  it("repeats itself to the bit for a function fitted before, and fits it to other data and other shapes", () => {
    const start = { a: 1, k: 1, c: 0 };
    const first = leastSquares(decay, start, { data: { x, y } });
    const shorter = leastSquares(decay, start, { data: { x: x.slice(0, 30), y: y.slice(0, 30) } });
    const again = leastSquares(decay, start, { data: { x, y } });
    expect(shorter.residuals.count).toBe(30);
    expect(again.params).toEqual(first.params);
    expect(again.residuals.covariance).toEqual(first.residuals.covariance);
    const nested = leastSquares(decay, start, {
      data: { x, y },
      onStep: () => {
        expect(leastSquares(decay, start, { data: { x: x.slice(0, 30), y: y.slice(0, 30) } }).params).toEqual(shorter.params);
        return "stop";
      },
    });
    expect(nested.verdict).toBe("stopped");
    expect(nested.steps).toBe(1);
  });

  it("converges quadratically where the residuals vanish", () => {
    const errors: number[] = [];
    leastSquares(([a, b]: number[]) => [Math.exp(a!) + b! - 2, a! + b! ** 3 - 1], [0.3, 0.8], {
      onStep: ({ params }) => {
        const [a, b] = params as number[];
        errors.push(Math.hypot(a!, b! - 1));
      },
    });
    const clear = errors.filter((error) => error > 1e-12);
    expect(clear.length).toBeGreaterThanOrEqual(3);
    const slope = Math.log(clear.at(-1)! / clear.at(-2)!) / Math.log(clear.at(-2)! / clear.at(-3)!);
    expect(slope).toBeGreaterThan(1.7);
  });

  it("never calls converged what is none: saddles, parameters without influence, budgets, escapes", () => {
    // (x² − 1) has a local maximum of its square at 0
    expect(leastSquares(([v]: number[]) => [v! ** 2 - 1], [0]).verdict).toBe("maximum");
    expect(leastSquares(([u, v]: number[]) => [u!, v! ** 2 - 1], [1, 0]).verdict).toBe("saddle");
    const sum = leastSquares(
      (p: { a: number; b: number }, row: { x: number; y: number }) => (p.a + p.b) * row.x - row.y,
      { a: 0, b: 0 },
      { data: { x, y } },
    );
    expect(sum.verdict).toBe("plateau");
    expect(sum.warnings.join()).toContain("full rank");
    expect(sum.residuals.conditionNumber).toBeGreaterThan(1e13);
    expect(leastSquares(decay, { a: 1, k: 1, c: 0 }, { data: { x, y }, maxSteps: 1 }).verdict).toBe("budget");
    expect(leastSquares(([v]: number[]) => [Math.exp(-v!)], [0]).converged).toBe(false);
    expect(leastSquares(([v]: number[]) => [Math.log(v!)], [-1]).verdict).toBe("broken-input");
  });

  it("finds minimizers at which the Jacobian vanishes", () => {
    const solution = leastSquares(([v]: number[]) => [1 + (v! - 2) ** 2], [3]);
    expect(solution.verdict).toBe("converged");
    expect(solution.x[0]).toBeCloseTo(2, 5);
  });

  it("records the way, falling from step to step", () => {
    const { history, steps } = leastSquares(decay, { a: 1, k: 1, c: 0 }, { data: { x, y }, history: true });
    expect(history!.length).toBe(steps + 1);
    expect(Array.from(history!.params.slice(0, 3))).toEqual([1, 1, 0]);
    for (let k = 1; k < history!.length; k++) expect(history!.value[k]!).toBeLessThanOrEqual(history!.value[k - 1]! * (1 + 1e-12));
  });

  it("survives regions without values by shrinking its steps", () => {
    const solution = leastSquares(([v]: number[]) => [Math.log(v!) - 1, Math.sqrt(v!) - 1], [0.01]);
    expect(solution.verdict).toBe("converged");
    expect(Number.isFinite(solution.value)).toBe(true);
  });

  it("refuses options, starts, data and results that make no sense", () => {
    const data = { x, y };
    const start = { a: 1, k: 1, c: 0 };
    expect(errorOf(() => leastSquares(decay, start, { data, methd: "x" } as never)).details).toMatchObject({
      option: "methd",
      nearest: "method",
    });
    expect(errorOf(() => leastSquares(decay, start, { data, method: "lm" as never })).code).toBe("OPTION_OUT_OF_RANGE");
    expect(errorOf(() => leastSquares(decay, start, { data, initialRadius: 0 })).details).toMatchObject({
      option: "initialRadius",
      got: 0,
    });
    expect(errorOf(() => leastSquares(decay, start, { data, stopping: { gradientTolerance: 1 } })).code).toBe("OPTION_OUT_OF_RANGE");
    expect(errorOf(() => leastSquares(decay, { a: Number.NaN, k: 1, c: 0 }, { data })).details).toMatchObject({ path: "start.a" });
    expect(errorOf(() => leastSquares(decay, start, { data: { x, y: y.slice(1) } })).code).toBe("DATA_LENGTH_MISMATCH");
    expect(errorOf(() => leastSquares("y - a * (", { a: 1 }, { data })).code).toBe("FORMULA_SYNTAX");
    expect(errorOf(() => leastSquares(([v]: number[]) => ({ v }) as never, [1])).code).toBe("OBJECTIVE_NOT_NUMERIC");
    expect(errorOf(() => leastSquares(7 as never, [1])).code).toBe("NOT_A_TENSOR");
  });
});
