/** What theory says of methods that search: steps on quadratics, orders of convergence, ways out of saddles, bounds. */

import { describe, expect, it } from "vitest";
import { createDescent, minimize } from "../../src/minimize/minimize.js";
import { projectedGradient } from "../../src/numeric/box.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { conjugateGradient } from "../../src/optim/conjugate-gradient/conjugate-gradient.js";
import { newton } from "../../src/optim/newton/newton.js";
import { newtonCg } from "../../src/optim/newton/newton-cg.js";
import { trustRegion } from "../../src/optim/newton/trust-region.js";
import { bfgs } from "../../src/optim/quasi-newton/bfgs.js";
import { lbfgs } from "../../src/optim/quasi-newton/lbfgs.js";
import { lbfgsb } from "../../src/optim/quasi-newton/lbfgsb.js";
import { answered, type SearchMethod, type SearchPoint } from "../../src/optim/search-method.js";
import { barzilaiBorwein } from "../../src/optim/spectral/barzilai-borwein.js";
import { answerWith } from "./answer-with.js";

const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
/** ½·Σ (i + 1)·(xᵢ − 1)² with neighbors coupled: positive definite, minimum where the gradient vanishes. */
const quadratic = ([a, b, c, d, e]: number[]): number =>
  0.5 * (a! ** 2 + 2 * b! ** 2 + 3 * c! ** 2 + 4 * d! ** 2 + 5 * e! ** 2) + 0.4 * (a! * b! + b! * c! + c! * d! + d! * e!) - a! - c! - e!;

describe("on a quadratic of five parameters", () => {
  it.each([
    ["cholesky", newton()],
    ["eigenvalues", newton({ modification: "eigenvalues" })],
  ])("newton (%s) takes one step", (_, method) => {
    const descent = createDescent(quadratic, [3, -2, 1, 4, -5], { method });
    descent.step();
    expect(Math.max(...descent.gradient.map(Math.abs))).toBeLessThan(1e-13);
  });

  const formulas = ["fletcher-reeves", "polak-ribiere-plus", "hestenes-stiefel", "dai-yuan", "hager-zhang"] as const;
  it.each(formulas)("conjugate gradients (%s) take at most five with exact line searches", (beta) => {
    const descent = createDescent(quadratic, [3, -2, 1, 4, -5], { method: conjugateGradient({ beta, curvature: 1e-9 }) });
    const before = Math.max(...descent.gradient.map(Math.abs));
    descent.step(5);
    expect(Math.max(...descent.gradient.map(Math.abs)) / before).toBeLessThan(1e-8);
  });

  it.each(["dogleg", "exact"] as const)("a trust region (%s) that holds the minimum takes one step", (subproblem) => {
    const descent = createDescent(quadratic, [3, -2, 1, 4, -5], { method: trustRegion({ subproblem, initialRadius: 100 }) });
    descent.step();
    expect(Math.max(...descent.gradient.map(Math.abs))).toBeLessThan(1e-12);
  });

  it("a trust region (steihaug) that holds the minimum leaves half of the gradient at most, as its tolerance says", () => {
    const method = trustRegion({ subproblem: "steihaug", initialRadius: 100 });
    const descent = createDescent(quadratic, [3, -2, 1, 4, -5], { method });
    const before = Math.hypot(...descent.gradient);
    descent.step();
    expect(Math.hypot(...descent.gradient)).toBeLessThanOrEqual(0.5 * before);
  });
});

describe("orders of convergence", () => {
  /** Smooth, strictly convex, minimum at 0, where its third derivative is not 0. */
  const convex = ([x, y]: number[]): number => Math.exp(x! + 0.5 * y!) - x! - 0.5 * y! + y! ** 2 + 0.2 * y! ** 3;

  /** Distances to the minimum after each step, until rounding. */
  function errors(method: SearchMethod): number[] {
    const descent = createDescent(convex, [0.8, 0.6], { method, stopping: { relativeGradientTolerance: 0 }, certify: false });
    const distances: number[] = [];
    for (let k = 0; k < 40 && descent.step() > 0; k++) {
      const distance = Math.hypot(...descent.params);
      if (distance < 1e-11) break;
      distances.push(distance);
    }
    return distances;
  }

  it.each([
    ["newton", newton()],
    ["trustRegion exact", trustRegion()],
    ["trustRegion dogleg", trustRegion({ subproblem: "dogleg" })],
  ])("%s is of order 2: the slope of log error against the one before", (_, method) => {
    const last = errors(method).filter((error) => error < 0.3);
    const slopes = last.slice(1, -1).map((error, k) => Math.log(last[k + 2]! / error) / Math.log(error / last[k]!));
    expect(slopes.length).toBeGreaterThan(0);
    expect(slopes.at(-1)).toBeGreaterThan(1.8);
  });

  it.each([
    ["bfgs", bfgs()],
    ["lbfgs", lbfgs()],
    ["newtonCg", newtonCg()],
  ])("%s is superlinear: the ratio of errors falls below a fiftieth", (_, method) => {
    const all = errors(method);
    const ratios = all.slice(1).map((error, k) => error / all[k]!);
    expect(Math.min(...ratios)).toBeLessThan(0.02);
  });

  it("barzilaiBorwein is faster than the best constant step of gradient descent", () => {
    // Curvatures 1 to 1000: (κ − 1)/(κ + 1) a step needs ln(1e8)/ln(1001/999) ≈ 9200 steps for 8 digits.
    const valley = ([x, y, z]: number[]): number => 0.5 * (x! ** 2 + 30 * y! ** 2 + 1000 * z! ** 2);
    const solution = minimize(valley, [1, 1, 1], { method: barzilaiBorwein() });
    expect(solution.converged).toBe(true);
    expect(solution.steps).toBeLessThan(200);
  });
});

describe("saddles", () => {
  /** Falls without end along y; a saddle at 0. */
  const saddle = ([x, y]: number[]): number => x! ** 2 - y! ** 2;
  /** The same, held by a quartic: minima at y = ±1/√2, value −1/4. */
  const held = ([x, y]: number[]): number => x! ** 2 - y! ** 2 + y! ** 4;

  it.each([
    ["trustRegion exact", trustRegion(), [1, 0]],
    ["trustRegion dogleg", trustRegion({ subproblem: "dogleg" }), [1, 1e-3]],
    ["trustRegion steihaug", trustRegion({ subproblem: "steihaug" }), [1, 1e-3]],
    ["newtonCg", newtonCg(), [1, 1e-3]],
    ["newton", newton(), [1, 1e-3]],
    ["newton by eigenvalues", newton({ modification: "eigenvalues" }), [1, 1e-3]],
  ] as const)("%s leaves x² − y²", (_, method, start) => {
    const unbounded = minimize(saddle, [...start], { method });
    expect(unbounded.value).toBeLessThan(-1e6);
    expect(unbounded.verdict).toBe("unbounded");
    const solution = minimize(held, [...start], { method });
    expect(solution.verdict).toBe("converged");
    expect(solution.value).toBeCloseTo(-0.25, 12);
  });

  it.each([
    ["trustRegion exact", trustRegion()],
    ["newtonCg", newtonCg()],
    ["newton", newton()],
  ])("%s leaves the saddle itself, where the gradient is 0", (_, method) => {
    expect(minimize(held, [0, 0], { method }).value).toBeCloseTo(-0.25, 12);
  });

  it("a method of gradients that starts there says where it is", () => {
    expect(minimize(held, [0, 0]).verdict).toBe("saddle");
  });
});

describe("regions where the objective is not a number", () => {
  /** Defined inside the unit disc only; by symmetry its minimum lies on x = y. */
  const disc = ([x, y]: number[]): number => -Math.log(1 - x! ** 2 - y! ** 2) - 3 * (x! + y!);
  /** x = y = t: 2t/(1 − 2t²) = 3. */
  const t = (-2 + Math.sqrt(4 + 72)) / 12;

  it.each([
    ["lbfgs", lbfgs()],
    ["lbfgs with hager-zhang", lbfgs({ search: "hager-zhang" })],
    ["lbfgs with backtracking", lbfgs({ search: "backtracking" })],
    ["lbfgsb", lbfgsb()],
    ["bfgs", bfgs()],
    ["bfgs damped", bfgs({ update: "damped", search: "backtracking" })],
    ["conjugateGradient", conjugateGradient()],
    ["barzilaiBorwein", barzilaiBorwein()],
    ["newton", newton()],
    ["newtonCg", newtonCg()],
    ["trustRegion", trustRegion()],
    ["trustRegion steihaug", trustRegion({ subproblem: "steihaug" })],
  ])("%s stays inside and finds the minimum", (_, method) => {
    const solution = minimize(disc, [-0.9, 0.1], { method });
    expect(solution.verdict).toBe("converged");
    expect(solution.params[0]).toBeCloseTo(t, 7);
    expect(solution.params[1]).toBeCloseTo(t, 7);
  });
});

describe("iterations on Rosenbrock's function from (−1.2, 1)", () => {
  /** Oracle: SciPy's iterations and evaluations of value with gradient. */
  const references: [string, SearchMethod, number, number][] = [
    ["bfgs", bfgs(), 32, 39],
    ["lbfgs", lbfgs(), 36, 44],
    ["lbfgsb", lbfgsb(), 36, 44],
    ["conjugateGradient", conjugateGradient(), 36, 78],
    ["newtonCg", newtonCg(), 83, 105],
    ["trustRegion", trustRegion(), 25, 26],
  ];
  it.each(references)("%s: at most half as many again as SciPy (%#)", (_, method, iterations, evaluations) => {
    const solution = minimize(rosenbrock, [-1.2, 1], { method, certify: false });
    expect(solution.terminationReason).toBe("gradient-tolerance");
    expect(solution.steps).toBeLessThanOrEqual(1.5 * iterations);
    expect(solution.evaluations.gradient).toBeLessThanOrEqual(1.5 * evaluations);
  });
});

describe("bounds", () => {
  /** A random strictly convex problem in a random box; every third quartic. */
  function randomProblem(k: number) {
    const random = (i: number): number => threefryUniform(11, k, i);
    const n = 1 + Math.floor(6 * random(0));
    const matrix = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => 2 * random(100 + i * n + j) - 1));
    const target = Array.from({ length: n }, (_, i) => 6 * random(10 + i) - 3);
    const quartic = k % 3 === 0 ? 0.3 : 0;
    const residuals = (x: number[]): number[] => matrix.map((row) => row.reduce((sum, a, j) => sum + a * (x[j]! - target[j]!), 0));
    const objective = (x: number[]): number =>
      residuals(x).reduce((sum, r) => sum + r * r, 0) + x.reduce((sum, xi, i) => sum + 0.1 * (xi - target[i]!) ** 2 + quartic * xi ** 4, 0);
    const gradient = (x: number[]): number[] => {
      const r = residuals(x);
      return x.map((xi, j) => r.reduce((sum, ri, i) => sum + 2 * ri * matrix[i]![j]!, 0) + 0.2 * (xi - target[j]!) + 4 * quartic * xi ** 3);
    };
    const lower = Float64Array.from({ length: n }, (_, i) => (random(30 + i) < 0.2 ? Number.NEGATIVE_INFINITY : 4 * random(40 + i) - 3));
    const upper = lower.map((low, i) => {
      const side = random(50 + i);
      if (side < 0.2) return Number.POSITIVE_INFINITY;
      return side < 0.25 ? low : (Number.isFinite(low) ? low : -1) + 2 * random(60 + i);
    });
    upper.forEach((high, i) => {
      if (high === Number.NEGATIVE_INFINITY) upper[i] = 0;
    });
    const start = Float64Array.from(lower, (low, i) => Math.min(Math.max(6 * random(70 + i) - 3, low), upper[i]!));
    return { n, objective, gradient, box: { lower, upper }, start };
  }

  const within: [string, SearchMethod][] = [
    ["lbfgsb", lbfgsb()],
    ["barzilaiBorwein", barzilaiBorwein()],
  ];
  it.each(within)("%s never asks outside of 10 000 random boxes, and ends where the first-order conditions hold", (_, method) => {
    let steps = 0;
    for (let k = 0; k < 10_000; k++) {
      const { n, objective, gradient, box, start } = randomProblem(k);
      const plain = answerWith(objective, { gradient });
      const answer: typeof plain = (question) => {
        const points = question.kind === "values" ? question.points : [question.params];
        for (const point of points) {
          if (point.some((x, i) => !(x >= box.lower[i]! && x <= box.upper[i]!))) throw new Error(`problem ${k}: asked outside of the box`);
        }
        return plain(question);
      };
      const problem = { size: n, start, box, integers: undefined, seed: 0 };
      const { values, vector } = answer({ kind: "gradient", params: start });
      let point: SearchPoint = { params: start, value: values[0]!, gradient: vector! };
      let state = answered(method.init(point, problem), answer);
      const scale = Math.max(...vector!.map(Math.abs), 1);
      const residual = (): number => Math.max(...projectedGradient(box, point.params, point.gradient!).map(Math.abs));
      for (let step = 0; step < 400 && residual() > 1e-7 * scale; step++, steps++) {
        const found = answered(method.step(point, state, problem), answer);
        if (found === undefined) break;
        ({ point, state } = found);
      }
      if (!(residual() <= 1e-6 * scale)) throw new Error(`problem ${k}: residual ${residual()} of ${scale}`);
    }
    // A handful of steps each
    expect(steps / 10_000).toBeLessThan(25);
  });

  it("lbfgsb is the default for many parameters, and its minimum at bounds converges", () => {
    const n = 300;
    const chained = (x: number[]): number => {
      let total = 0;
      for (let i = 0; i + 1 < 300; i++) total += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
      return total;
    };
    const start = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const solution = minimize(chained, start, { bounds: [-2, 0.5] });
    expect(solution.method).toBe("lbfgsb");
    expect(solution.verdict).toBe("converged");
    // At the minimum the first parameters are at their bound, and each of the others is near the square of the one before.
    expect(solution.params.every((x) => x <= 0.5)).toBe(true);
    expect(solution.params[0]).toBe(0.5);
  });

  it("lbfgsb finds a minimum at a bound to the last digits", () => {
    const solution = minimize(rosenbrock, [-1.2, 1], {
      bounds: [
        [-2, 0.5],
        [-2, 2],
      ] as [number, number][],
      method: "lbfgsb",
    });
    expect(solution.verdict).toBe("converged");
    expect(solution.params[0]).toBe(0.5);
    expect(solution.params[1]).toBeCloseTo(0.25, 8);
  });
});
