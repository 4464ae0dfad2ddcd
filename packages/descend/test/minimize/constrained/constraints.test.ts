/**
 * Oracles: published and closed-form solutions and multipliers of Hock and Schittkowski;
 * difference quotients for the first-order conditions.
 */

import { describe, expect, it } from "vitest";
import { finiteDifferenceGradient } from "../../../src/autodiff/finite-differences.js";
import { DescendError } from "../../../src/errors.js";
import { createDescent, maximize, minimize } from "../../../src/minimize/minimize.js";
import { type ConstrainedProblem, hockSchittkowski } from "./hock-schittkowski.js";

function solve({ objective, start, bounds, equal = [], atMost = [] }: ConstrainedProblem, options = {}) {
  return minimize(objective, [...start], { constraints: { equal, atMost }, ...(bounds === undefined ? {} : { bounds }), ...options });
}

const close = (got: number, expected: number, digits: number): void => {
  expect(Math.abs(got - expected)).toBeLessThan(10 ** -digits * Math.max(1, Math.abs(expected)));
};

describe("Hock and Schittkowski", () => {
  it.each(hockSchittkowski.map((problem) => [problem.number, problem] as const))("number %i", (_, problem) => {
    const solution = solve(problem);
    expect(solution.verdict).toBe("converged");
    expect(solution.gradientSource).toBe("compiled");
    close(solution.value, problem.value, 8);
    problem.solution?.forEach((x, i) => {
      // Number 29 has four solutions that differ by signs; which one is found is not part of it.
      close(problem.number === 29 ? Math.abs(solution.x[i]!) : solution.x[i]!, x, 7);
    });
    expect(solution.constraintViolation).toBeLessThan(1e-10);

    // ∇f + Σλ∇c = 0 but for what pushes against bounds, by difference quotients
    const { equal = [], atMost = [] } = problem;
    const { multipliers, x } = solution;
    const weights = [...multipliers!.equal, ...multipliers!.atMost];
    const slopes = [problem.objective, ...equal, ...atMost].map((f) => finiteDifferenceGradient((p) => f([...p]), x).gradient);
    const size = Math.max(1, ...weights.map(Math.abs));
    x.forEach((xi, i) => {
      const rest = slopes.reduce((sum, slope, k) => sum + (k === 0 ? 1 : weights[k - 1]!) * slope[i]!, 0);
      const [lower, upper] = problem.bounds?.[i] ?? [null, null];
      if (xi === lower) expect(rest).toBeGreaterThan(-1e-5 * size);
      else if (xi === upper) expect(rest).toBeLessThan(1e-5 * size);
      else expect(Math.abs(rest)).toBeLessThan(1e-5 * size);
    });
    for (const multiplier of multipliers!.atMost) expect(multiplier).toBeGreaterThanOrEqual(0);
    problem.multipliers?.equal?.forEach((value, k) => {
      close(multipliers!.equal[k]!, value, 6);
    });
    problem.multipliers?.atMost?.forEach((value, k) => {
      close(multipliers!.atMost[k]!, value, 6);
    });
  });

  it.each(hockSchittkowski.filter(({ number }) => [7, 12, 14, 20, 35, 43].includes(number)).map((p) => [p.number, p] as const))(
    "number %i by differences, without a derivative",
    (_, problem) => {
      const solution = solve(problem, { gradient: "central-difference" });
      expect(solution.gradientSource).toBe("finite-difference");
      expect(solution.verdict).toBe("converged");
      close(solution.value, problem.value, 5);
    },
  );

  it("number 13, whose minimizer does not satisfy the conditions, is not called converged", () => {
    const solution = minimize(([x, y]: number[]) => (x! - 2) ** 2 + y! * y!, [-2, -2], {
      bounds: [0, null],
      constraints: { atMost: [([x, y]: number[]) => y! - (1 - x!) ** 3] },
    });
    expect(solution.converged).toBe(false);
  });
});

describe("constraints", () => {
  const distance = ([x, y]: number[]): number => x! * x! + y! * y!;

  it("may be formulas compared as text, with one multiplier for each", () => {
    const solution = minimize("x^2 + y^2", { x: 3, y: 1 }, { constraints: ["x + y >= 1", "-5 <= x - y <= 5", "x = 2y"] });
    expect(solution.verdict).toBe("converged");
    close(solution.x.x, 2 / 3, 8);
    close(solution.x.y, 1 / 3, 8);
    // 2x + λ − μ = 0, 2y − 2λ − μ = 0
    close(solution.multipliers!.atMost[0]!, 10 / 9, 8);
    close(solution.multipliers!.equal[0]!, -2 / 9, 8);
    expect(solution.multipliers!.atMost.slice(1)).toEqual([0, 0]);
  });

  it("bind what is maximized; the multiplier is the gain by unit of the bound", () => {
    const constraint = (limit: number) => ({ atMost: [({ w, h }: { w: number; h: number }) => 2 * (w + h) - limit], tolerance: 1e-12 });
    const area = ({ w, h }: { w: number; h: number }): number => w * h;
    const solution = maximize(
      area,
      { w: 1, h: 2 },
      { constraints: { atMost: [({ w, h }: { w: number; h: number }) => 2 * (w + h) - 12] } },
    );
    expect(solution.verdict).toBe("converged");
    close(solution.value, 9, 8);
    // (limit/4)² changes by limit/8
    close(solution.multipliers!.atMost[0]!, 1.5, 8);
    expect(constraint(12).tolerance).toBe(1e-12);
  });

  it("hold for the mean over rows", () => {
    const x = Float64Array.from({ length: 50 }, (_, i) => i / 10);
    const y = x.map((value, i) => 2 * value + 1 + Math.sin(i));
    const solution = minimize(
      (p: { a: number; b: number }, row: { x: number; y: number }) => (p.a * row.x + p.b - row.y) ** 2,
      { a: 0, b: 0 },
      {
        data: { x, y },
        constraints: { equal: [(p: { a: number; b: number }) => p.a + p.b - 1] },
      },
    );
    expect(solution.verdict).toBe("converged");
    // With b = 1 − a: Σ (a(x − 1) − (y − 1))², a = Σ(x−1)(y−1)/Σ(x−1)²
    const top = x.reduce((s, v, i) => s + (v - 1) * (y[i]! - 1), 0);
    const bottom = x.reduce((s, v) => s + (v - 1) ** 2, 0);
    close(solution.x.a, top / bottom, 8);
  });

  it("that no point satisfies are found out", () => {
    const none = minimize(distance, [3, 1], { constraints: { equal: [([x, y]: number[]) => x! * x! + y! * y! + 1] } });
    expect(none).toMatchObject({ verdict: "infeasible", terminationReason: "infeasible", converged: false });
    expect(none.constraintViolation).toBeCloseTo(1, 6);
    const apart = minimize("x + y", { x: 0, y: 0 }, { constraints: ["x + y >= 3", "x + y <= 1", "x - y = 0"] });
    expect(apart.verdict).toBe("infeasible");
    const outside = minimize("x^2", { x: 0 }, { bounds: { x: [0, 1] }, constraints: ["x >= 2"] });
    expect(outside.verdict).toBe("infeasible");
    expect(outside.x.x).toBe(1);
  });

  it("do not hide that a function falls without end", () => {
    expect(minimize("x - y", { x: 0, y: 0 }, { constraints: ["x <= 1"] }).verdict).toBe("unbounded");
  });

  it("tell a saddle from a minimizer", () => {
    // On the circle x² + y² = 1, x has its largest value at (1, 0): stationary, but no minimizer
    const solution = minimize(([x]: number[]) => x!, [1, 0], { constraints: { equal: [([x, y]: number[]) => x! * x! + y! * y! - 1] } });
    expect(solution.converged && Math.abs(solution.x[0]! + 1) > 1e-6).toBe(false);
  });

  it("keep to budgets, callbacks and records", () => {
    const constraints = { equal: [([x, y]: number[]) => 10 * (y! - x! * x!)] };
    const f = ([x]: number[]): number => (1 - x!) ** 2;
    const short = minimize(f, [-1.2, 1], { constraints, maxSteps: 3, history: true });
    expect(short).toMatchObject({ verdict: "budget", terminationReason: "max-steps", steps: 3 });
    expect(short.history!.length).toBe(4);
    const seen: number[] = [];
    const stopped = minimize(f, [-1.2, 1], {
      constraints,
      onStep: ({ step }) => {
        seen.push(step);
        return step === 2 ? "stop" : undefined;
      },
    });
    expect(stopped.verdict).toBe("stopped");
    expect(seen).toEqual([1, 2]);
  });

  it("are evaluated within the bounds only, also by functions that cannot be read", () => {
    const watched = (f: (x: number[]) => number) =>
      new Proxy(f, {
        apply(target, _, [x]: [number[]]) {
          if (x.some((v) => !(v >= 0 && v <= 2))) throw new Error(`called at ${x}`);
          return target(x);
        },
      });
    const solution = minimize(
      watched(([x, y]) => (x! - 3) ** 2 + (y! - 1) ** 2),
      [0, 0],
      {
        bounds: [0, 2],
        constraints: { atMost: [watched(([x, y]) => x! * x! + y! * y! - 4)] },
      },
    );
    expect(solution.verdict).toBe("converged");
    // The nearest point of the disk of radius 2 to (3, 1)
    close(solution.x[0]!, 6 / Math.sqrt(10), 5);
    close(solution.x[1]!, 2 / Math.sqrt(10), 5);
  });

  it.each<[unknown, string, string]>([
    [5, "OPTION_OUT_OF_RANGE", "constraints"],
    [{ atleast: [] }, "OPTION_UNKNOWN", "constraints"],
    [{ equal: 5 }, "OPTION_OUT_OF_RANGE", "constraints.equal"],
    [{ equal: [5] }, "OPTION_OUT_OF_RANGE", "constraints.equal[0]"],
    [{ atMost: ["x +"] }, "FORMULA_SYNTAX", "constraints.atMost[0]"],
    [{ tolerance: 0, atMost: ["x"] }, "OPTION_OUT_OF_RANGE", "constraints.tolerance"],
    [["x + y"], "FORMULA_SYNTAX", 'constraint "x + y"'],
    [["x < 1"], "FORMULA_SYNTAX", 'constraint "x < 1"'],
    [["x <= "], "FORMULA_SYNTAX", 'constraint "x <= "'],
    [["z <= 1"], "NAME_UNKNOWN", 'constraints "(z) - (1)"'],
    [["1 <= x <= 2 <= 3"], "FORMULA_SYNTAX", 'constraint "1 <= x <= 2 <= 3"'],
  ])("that cannot be are refused: %j", (constraints, code, where) => {
    let error: unknown;
    try {
      minimize("x^2 + y^2", { x: 1, y: 1 }, { constraints: constraints as never });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(DescendError);
    expect((error as DescendError).code).toBe(code);
    expect((error as DescendError).message.startsWith(`${where}:`)).toBe(true);
  });

  it("are refused beside what has no meaning with them", () => {
    const refused = expect.objectContaining({ code: "OPTIONS_CONFLICT" });
    const constraints = ["x <= 1"];
    expect(() => minimize("x^2", { x: 1 }, { constraints, method: "adam" })).toThrow(refused);
    expect(() => minimize("x^2", { x: 1 }, { constraints, precision: "float32" })).toThrow(refused);
    expect(() => createDescent("x^2", { x: 1 }, { constraints })).toThrow(refused);
  });
});
