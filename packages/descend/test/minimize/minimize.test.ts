import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/graph/tensor.js";
import { createDescent, maximize, minimize } from "../../src/minimize/minimize.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";
import { errorOf } from "../error-of.js";

const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
const cubic = ([x]: number[]): number => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2;

describe("minimize", () => {
  it("finds the minimum of Rosenbrock's function written as a function, a formula, and tensors", () => {
    const written = minimize(rosenbrock, [-1.2, 1]);
    const formula = minimize("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 });
    const tensors = minimize((p: { x: Tensor; y: Tensor }) => p.x.sub(1).square().add(p.y.sub(p.x.square()).square().mul(100)), {
      x: -1.2,
      y: 1,
    });
    for (const [x, y] of [written.x, [formula.x.x, formula.x.y], [tensors.x.x, tensors.x.y]] as [number, number][]) {
      expect(x).toBeCloseTo(1, 7);
      expect(y).toBeCloseTo(1, 7);
    }
    for (const solution of [written, formula, tensors]) {
      expect(solution.verdict).toBe("converged");
      expect(solution.gradientSource).toBe("compiled");
      expect(solution.terminationReason).toBe("gradient-tolerance");
    }
  });

  it("returns parameters in the shape of the start", () => {
    expect(typeof minimize((x: number) => (x - 3) ** 2, 0).x).toBe("number");
    expect(minimize((x: number) => (x - 3) ** 2, 0).x).toBeCloseTo(3, 9);
    expect(minimize((p: { a: Float64Array }) => (p.a[0]! - 2) ** 2 + p.a[1]! ** 2, { a: Float64Array.of(1, 1) }).params.a).toBeInstanceOf(
      Float64Array,
    );
  });

  it("makes the first gradient descent step on x² + y² from (1, 2) with rate 0.1 to (0.8, 1.6), value 5 to 3.2", () => {
    const descent = createDescent(([x, y]: number[]) => x! ** 2 + y! ** 2, [1, 2], { method: gradientDescent({ learningRate: 0.1 }) });
    expect(descent.value).toBe(5);
    expect(descent.gradient).toEqual([2, 4]);
    expect(descent.step()).toBe(1);
    expect(descent.params[0]).toBeCloseTo(0.8, 15);
    expect(descent.params[1]).toBeCloseTo(1.6, 15);
    expect(descent.value).toBeCloseTo(3.2, 14);
  });

  it("decreases monotonically for every rate below 2/L", () => {
    for (const learningRate of [0.05, 0.5, 0.95]) {
      const { history } = minimize(([x, y]: number[]) => x! ** 2 + 0.1 * y! ** 2, [1, 2], {
        method: gradientDescent({ learningRate }),
        maxSteps: 200,
        history: true,
      });
      for (let k = 1; k < history!.length; k++) expect(history!.value[k]!).toBeLessThanOrEqual(history!.value[k - 1]!);
    }
  });

  it("follows (I − αA)ᵏ x₀ on a quadratic", () => {
    const descent = createDescent(([x, y]: number[]) => 0.5 * (3 * x! ** 2 + 0.5 * y! ** 2), [1, -2], {
      method: gradientDescent({ learningRate: 0.1 }),
    });
    descent.step(50);
    expect(descent.params[0]).toBeCloseTo(0.7 ** 50, 14);
    expect(descent.params[1]).toBeCloseTo(-2 * 0.95 ** 50, 13);
  });

  it("needs the steps that theory and reference programs need", () => {
    // Steps to ‖g‖₂ < 1e-3 on Rosenbrock from (−1.2, 1) by reference programs: 14 789 at rate 0.001, 7 354 at 0.002, never at 0.003.
    const stepsTo = (learningRate: number): number | undefined => {
      const { history } = minimize(rosenbrock, [-1.2, 1], {
        method: gradientDescent({ learningRate }),
        maxSteps: 20_000,
        history: { params: false },
        certify: false,
      });
      const k = history!.gradientNorm.findIndex((norm) => norm < 1e-3);
      return k < 0 ? undefined : k;
    };
    expect(stepsTo(0.001)).toBe(14_789);
    expect(stepsTo(0.002)).toBe(7_354);
    expect(stepsTo(0.003)).toBeUndefined();
  });

  it("needs on x² + 2y² + 2xy from (1, 1) the steps of its curvatures 3 ± √5 (oracle: a reference program)", () => {
    const stepsTo = (learningRate: number): number =>
      minimize(([x, y]: number[]) => x! ** 2 + 2 * y! ** 2 + 2 * x! * y!, [1, 1], {
        method: gradientDescent({ learningRate }),
        stopping: { gradientTolerance: 1e-10, relativeGradientTolerance: 0 },
        maxSteps: 5000,
        history: { params: false },
        certify: false,
      }).history!.gradientNorm.findIndex((norm) => norm < 1e-8);
    expect([0.1, 0.2, 1 / 3, 0.38, 0.39].map(stepsTo)).toEqual([215, 103, 70, 1972, -1]);
  });

  it("keeps ‖Δx‖ / ‖g‖ constant for plain gradient descent", () => {
    const { history } = minimize(rosenbrock, [-1.2, 1], { method: gradientDescent({ learningRate: 0.001 }), maxSteps: 100, history: true });
    for (let k = 1; k < history!.length; k++) expect(history!.stepLength[k]! / history!.gradientNorm[k - 1]!).toBeCloseTo(0.001, 14);
  });

  it("falls back to finite differences for a function that cannot be read, and says what stood in the way", () => {
    const outside = { target: 3 };
    const solution = minimize(([x]: number[]) => (x! - outside.target) ** 2, [0]);
    expect(solution.gradientSource).toBe("finite-difference");
    expect(solution.gradientReason).toContain("outside");
    expect(solution.x[0]).toBeCloseTo(3, 6);
    expect(solution.verdict).toBe("converged");
  });

  it("reads names from outside when they are given as constants", () => {
    const outside = { target: 3 };
    const solution = minimize(([x]: number[]) => (x! - outside.target) ** 2, [0], { constants: { outside } });
    expect(solution.gradientSource).toBe("compiled");
    expect(solution.x[0]).toBeCloseTo(3, 9);
  });

  it("does not trust a function that gives another value every time", () => {
    let calls = 0;
    const drifting = ([x]: number[]): number => {
      calls++;
      return x! ** 2 + calls;
    };
    expect(minimize(drifting, [1], { maxSteps: 5 }).gradientSource).toBe("finite-difference");
  });

  it("counts 2n values for each central-difference gradient", () => {
    const descent = createDescent(rosenbrock, [-1.2, 1], {
      gradient: "central-difference",
      method: gradientDescent({ learningRate: 0.001 }),
    });
    const before = descent.evaluations.value;
    descent.step(10);
    expect(descent.evaluations.value - before).toBe(10 * (1 + 2 * 2));
  });

  it("uses a given gradient after checking it, and refuses a wrong one by naming the entry", () => {
    const gradient = ([x, y]: number[]): number[] => [-2 * (1 - x!) - 400 * x! * (y! - x! ** 2), 200 * (y! - x! ** 2)];
    const solution = minimize(rosenbrock, [-1.2, 1], { gradient });
    expect(solution.gradientSource).toBe("provided");
    expect(solution.verdict).toBe("converged");
    const wrong = ([x, y]: number[]): number[] => [gradient([x!, y!])[0]!, 100 * (y! - x! ** 2)];
    const error = errorOf(() => minimize(rosenbrock, [-1.2, 1], { gradient: wrong }));
    expect(error.code).toBe("GRADIENT_MISMATCH");
    expect(error.details).toMatchObject({ path: "gradient[1]" });
  });

  it("minimizes the mean of a loss per row", () => {
    const x = [1, 2, 3, 4, 5];
    const y = x.map((value) => 2 * value - 1);
    const solution = minimize((p, row) => (p.a * row.x + p.b - row.y) ** 2, { a: 0, b: 0 }, { data: { x, y } });
    expect(solution.verdict).toBe("converged");
    expect(solution.params.a).toBeCloseTo(2, 8);
    expect(solution.params.b).toBeCloseTo(-1, 7);
    expect(minimize("(a x + b - y)^2", { a: 0, b: 0 }, { data: { x, y } }).params.a).toBeCloseTo(2, 8);
  });

  it("takes blocks of numbers per row", () => {
    const x = [
      [1, 0],
      [0, 1],
      [1, 1],
      [2, 1],
    ];
    const y = x.map(([a, b]) => 3 * a! - 2 * b!);
    const solution = minimize(
      (p: { w: number[] }, row: { x: number[]; y: number }) => {
        let s = 0;
        for (let j = 0; j < 2; j++) s += p.w[j]! * row.x[j]!;
        return (s - row.y) ** 2;
      },
      { w: [0, 0] },
      { data: { x, y } },
    );
    expect(solution.gradientSource).toBe("compiled");
    expect(solution.params.w[0]).toBeCloseTo(3, 8);
    expect(solution.params.w[1]).toBeCloseTo(-2, 7);
  });
});

describe("maximize", () => {
  it("finds the maximum 7 of x³ − 3x² − 9x + 2 at −1, and its minimum −25 lies at 3", () => {
    const top = maximize(cubic, [-0.5]);
    expect(top.x[0]).toBeCloseTo(-1, 8);
    expect(top.value).toBeCloseTo(7, 12);
    expect(top.verdict).toBe("converged");
    const bottom = minimize(cubic, [1]);
    expect(bottom.x[0]).toBeCloseTo(3, 8);
    expect(bottom.value).toBeCloseTo(-25, 12);
  });

  it("walks the very points of minimizing the negative", () => {
    const method = gradientDescent({ learningRate: 0.01 });
    const up = maximize(cubic, [0.5], { method, maxSteps: 100, history: true });
    const down = minimize(([x]: number[]) => -(x! ** 3 - 3 * x! ** 2 - 9 * x! + 2), [0.5], { method, maxSteps: 100, history: true });
    expect(up.history!.params).toEqual(down.history!.params);
  });
});

describe("verdicts", () => {
  const rate = (learningRate: number) => ({ method: gradientDescent({ learningRate }) });

  it("never calls a saddle or a maximum converged", () => {
    expect(minimize(([x, y]: number[]) => x! ** 2 - y! ** 2, [1, 0], rate(0.1)).verdict).toBe("saddle");
    expect(minimize(cubic, [-1], rate(0.01)).verdict).toBe("maximum");
    expect(minimize((x: number) => -(x ** 2), 0, rate(0.1)).verdict).toBe("maximum");
  });

  it("calls an exact start at a minimum converged, also where curvature vanishes", () => {
    expect(minimize((x: number) => x ** 2, 0).verdict).toBe("converged");
    expect(minimize((x: number) => x ** 4, 0).verdict).toBe("converged");
  });

  it("does not call x⁴ converged a thousand units away from its minimum", () => {
    const solution = minimize((x: number) => x ** 4, 1e6);
    if (solution.converged) expect(Math.abs(solution.x)).toBeLessThan(1e-2);
  });

  it("does not call a point converged where the infimum is never reached", () => {
    expect(minimize((x: number) => Math.exp(-x), 0).converged).toBe(false);
    const faint = minimize((x: number) => -Math.exp(-(x ** 2)), 10);
    if (faint.converged) expect(faint.x).toBeCloseTo(0, 6);
    expect(minimize((x: number) => x ** 3, -2).verdict).toBe("unbounded");
    expect(minimize(([x]: number[]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2, [-1.5], rate(0.01)).verdict).toBe("unbounded");
  });

  it("does not depend on the unit of the objective", () => {
    const tiny = minimize(([x, y]: number[]) => 1e-8 * ((1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2), [-1.2, 1]);
    expect(tiny.verdict).toBe("converged");
    expect(tiny.x[0]).toBeCloseTo(1, 5);
    const offset = minimize(([x, y]: number[]) => 1e8 + (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2, [-1.2, 1]);
    expect(["converged", "precision-floor"]).toContain(offset.verdict);
    expect(offset.x[0]).toBeCloseTo(1, 4);
  });

  it("calls NaN broken input and a budget a budget", () => {
    expect(minimize((x: number) => Math.log(x), -1).verdict).toBe("broken-input");
    const broken = minimize(
      (p: { a: number }, row: { x: number }) => (p.a * row.x - (row as unknown as { y: number }).y) ** 2,
      { a: 0 },
      { data: { x: [1, 2] } },
    );
    expect([broken.verdict, broken.terminationReason]).toEqual(["broken-input", "non-finite-value"]);
    expect(broken.warnings.join(" ")).toContain("columns x");
    const short = minimize(rosenbrock, [-1.2, 1], { ...rate(0.001), maxSteps: 10 });
    expect([short.verdict, short.terminationReason, short.steps]).toEqual(["budget", "max-steps", 10]);
    expect(minimize(rosenbrock, [-1.2, 1], { maxEvaluations: 5 }).terminationReason).toBe("max-evaluations");
  });

  it("ends a diverging descent at its last finite point", () => {
    const solution = minimize((x: number) => x ** 2, 1, rate(1.5));
    expect(solution.converged).toBe(false);
    expect(["diverged", "non-finite-value"]).toContain(solution.terminationReason);
    expect(solution.x).toBe(1);
    expect(solution.value).toBe(1);
  });

  it("reports an orbit as not converged and keeps the best point", () => {
    const solution = minimize((x: number) => (x - 3) ** 2, 0, { ...rate(1), maxSteps: 1000 });
    expect(solution.converged).toBe(false);
  });

  it("stops at a target, by callback, by signal, and by time, and says which", () => {
    expect(minimize((x: number) => x ** 2, 1, { ...rate(0.1), stopping: { targetValue: 0.5 } }).terminationReason).toBe("target-value");
    let seen = 0;
    const called = minimize((x: number) => x ** 2, 1, {
      ...rate(0.1),
      onStep: ({ step }) => {
        seen = step;
        return step === 7 ? "stop" : undefined;
      },
    });
    expect([called.terminationReason, called.verdict, called.steps, seen]).toEqual(["stopped-by-caller", "stopped", 7, 7]);
    const controller = new AbortController();
    controller.abort();
    expect(minimize((x: number) => x ** 2, 1, { ...rate(0.1), signal: controller.signal }).steps).toBe(0);
    let now = 0;
    expect(minimize((x: number) => x ** 2, 1, { ...rate(1e-6), timeLimit: 1, clock: () => (now += 300) }).terminationReason).toBe(
      "time-limit",
    );
  });

  it("lists every criterion with its tolerance and what was reached, and several reasons at once", () => {
    const solution = minimize((x: number) => x ** 2, 1, { ...rate(0.5), stopping: { targetValue: 0 } });
    expect(solution.reasons).toEqual(["target-value", "gradient-tolerance"]);
    expect(solution.criteria.find((criterion) => criterion.name === "gradient-tolerance")!.reached).toBe(0);
    // A point with the value asked for is not pursued, though its gradient, within a wide tolerance, is not that of a minimizer
    const early = minimize((x: number) => x ** 2, 1, {
      ...rate(0.25),
      maxSteps: 50,
      stopping: { targetValue: 0.5, gradientTolerance: 1.1 },
    });
    expect(early).toMatchObject({ steps: 1, value: 0.25, reasons: ["target-value", "gradient-tolerance"], verdict: "stopped" });
  });
});

describe("bad input", () => {
  it("gives typed errors", () => {
    expect(errorOf(() => minimize(rosenbrock, [])).code).toBe("PARAMS_EMPTY");
    expect(errorOf(() => minimize(rosenbrock, [1, Number.NaN])).code).toBe("PARAMS_NOT_FINITE");
    expect(errorOf(() => minimize("(1 - x", { x: 1 })).code).toBe("FORMULA_SYNTAX");
    expect(errorOf(() => minimize("(1 - z)^2", { x: 1 })).code).toBe("NAME_UNKNOWN");
    expect(errorOf(() => minimize(rosenbrock, [1, 1], { maxStep: 3 } as never)).details).toMatchObject({
      option: "maxStep",
      nearest: "maxSteps",
    });
    expect(errorOf(() => minimize(rosenbrock, [1, 1], { maxSteps: -1 })).code).toBe("OPTION_OUT_OF_RANGE");
    expect(errorOf(() => minimize(rosenbrock, [1, 1], { batch: 3 })).code).toBe("OPTIONS_CONFLICT");
    expect(errorOf(() => minimize(rosenbrock, [1, 1], { method: "adamm" })).code).toBe("OPTION_UNKNOWN");
    expect(errorOf(() => minimize((_p: number[], row: { x: number }) => row.x, [1], { data: { x: [1, Number.NaN] } })).code).toBe(
      "DATA_NOT_FINITE",
    );
    expect(errorOf(() => minimize("a x", { a: 1 }, { data: { x: [1, 2], y: [1] } })).code).toBe("DATA_LENGTH_MISMATCH");
    const later = { text: "three" };
    expect(errorOf(() => minimize(() => later.text as never, [1])).code).toBe("OBJECTIVE_NOT_NUMERIC");
  });
});
