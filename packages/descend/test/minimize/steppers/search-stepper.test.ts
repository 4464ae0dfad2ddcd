/** Methods of one's own that search, as a user writes them; the oracles are minima in closed form and counts by hand. */

import { describe, expect, it } from "vitest";
import { createDescent, minimize } from "../../../src/minimize/minimize.js";
import { hessianAt, hessianVectorAt, type SearchMethod, type SearchState, valuesAt } from "../../../src/optim/search-method.js";

/** Looks around at the distance of the mesh, moves to the best, halves the mesh if none is better. */
const compass: SearchMethod<{ readonly mesh: number }> = {
  kind: "search",
  name: "compass",
  uses: "values",
  handles: { box: false, integers: false },
  // biome-ignore lint/correctness/useYield: nothing to ask before the first step
  *init() {
    return { mesh: 1 };
  },
  *step(point, { mesh }) {
    const around = [...point.params].flatMap((_, i) => [mesh, -mesh].map((move) => point.params.map((x, k) => (k === i ? x + move : x))));
    const values = yield* valuesAt(around);
    const best = Array.from(values).reduce((least, value, k) => (value < values[least]! ? k : least), 0);
    const better = values[best]! < point.value;
    return {
      point: better ? { params: around[best]!, value: values[best]!, gradient: undefined } : point,
      state: { mesh: better ? mesh : mesh / 2 },
      extent: better ? mesh : mesh / 2,
    };
  },
};

const bowl = ([x, y]: number[]): number => (x! - 3) ** 2 + 2 * (y! + 1) ** 2 + 5;

describe("a search by values alone", () => {
  it("ends by its extent, and converged where the gradient, a second source, agrees", () => {
    const solution = minimize(bowl, [0.3, 0.7], { method: compass });
    expect(solution.verdict).toBe("converged");
    expect(solution.terminationReason).toBe("step-tolerance");
    expect(solution.params[0]).toBeCloseTo(3, 6);
    expect(solution.params[1]).toBeCloseTo(-1, 6);
    const reached = solution.criteria.find(({ name }) => name === "step-tolerance")!;
    expect(reached.reached).toBeLessThanOrEqual(reached.tolerance);
    expect(solution.criteria.some(({ name }) => name === "gradient-tolerance")).toBe(false);
    expect(solution.tests.find(({ name }) => name === "gradient")!.passed).toBe(true);
  });

  it("ends at a kink and is sure of it by gradients from both sides", () => {
    const solution = minimize(([x]: number[]) => Math.max(x! - 0.3, 2 * (0.3 - x!)), [0.7], { method: compass });
    expect(solution.params[0]).toBeCloseTo(0.3, 6);
    expect(solution.terminationReason).toBe("step-tolerance");
    expect(solution.tests.find(({ name }) => name === "kink")!.passed).toBe(true);
    expect(solution.converged).toBe(true);
  });

  it("counts values, and evaluates no gradient before it is asked for one", () => {
    const descent = createDescent(bowl, [0, 0], { method: compass });
    descent.step(3);
    expect(descent.evaluations).toEqual({ value: 1 + 3 * 4, gradient: 0, hessianVector: 0 });
    expect(descent.gradient).toEqual([2 * (descent.params[0]! - 3), 4 * (descent.params[1]! + 1)]);
    expect(descent.evaluations.gradient).toBe(1);
  });

  it("records steps without norms of gradients", () => {
    const { history } = minimize(bowl, [0, 0], { method: compass, maxSteps: 2, history: true });
    expect([...history!.value]).toEqual([16, 11, 8]);
    expect([...history!.gradientNorm]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe("a descent that is moved", () => {
  it.each(["lbfgs", "momentum"])("answers with the best point since then: %s", (method) => {
    const descent = createDescent(bowl, [0, 0], { method });
    descent.step(5);
    descent.params = [10, 10];
    expect(descent.solution().params).toEqual([10, 10]);
    expect(descent.solution().value).toBe(7 ** 2 + 2 * 11 ** 2 + 5);
  });
});

describe("questions about curvature", () => {
  /** Newton's method for diagonal Hessians: asks for products and for the matrix, and compares them. */
  const diagonalNewton: SearchMethod<SearchState> = {
    kind: "search",
    name: "diagonalNewton",
    uses: "curvature",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return {};
    },
    *step({ params, gradient }) {
      const n = params.length;
      const matrix = yield* hessianAt(params);
      const product = yield* hessianVectorAt(params, new Float64Array(n).fill(1));
      const next = params.map((x, i) => x - gradient![i]! / matrix[i * n + i]!);
      const { values, vector } = yield { kind: "gradient", params: next };
      return { point: { params: next, value: values[0]!, gradient: vector! }, state: { product, matrix } };
    },
  };

  it("are answered with the Hessian of a compiled objective, and take n products for the matrix", () => {
    const descent = createDescent(bowl, [0, 0], { method: diagonalNewton });
    descent.step();
    expect(descent.params).toEqual([3, -1]);
    expect([...descent.state.matrix!]).toEqual([2, 0, 0, 4]);
    expect([...descent.state.product!]).toEqual([2, 4]);
    expect(descent.evaluations).toEqual({ value: 2, gradient: 2, hessianVector: 3 });
  });

  it("are answered by differences of gradients for an objective that is called", () => {
    // A function made by bind has no source to read.
    const called = bowl.bind(undefined);
    const descent = createDescent(called, [0, 0], { method: diagonalNewton });
    descent.step();
    expect(descent.gradientSource).toBe("finite-difference");
    expect(descent.params[0]).toBeCloseTo(3, 5);
    expect(descent.params[1]).toBeCloseTo(-1, 5);
    expect(descent.state.matrix![1]).toBe(descent.state.matrix![2]);
  });
});

describe("a search whose step is not finite", () => {
  it("is ended and leaves the last finite point", () => {
    const leap: SearchMethod<SearchState> = {
      kind: "search",
      name: "leap",
      uses: "gradients",
      handles: { box: false, integers: false },
      // biome-ignore lint/correctness/useYield: nothing to ask before the first step
      *init() {
        return {};
      },
      *step({ params }) {
        const next = params.map((x) => x - 1);
        const { values, vector } = yield { kind: "gradient", params: next };
        return { point: { params: next, value: values[0]!, gradient: vector! }, state: {} };
      },
    };
    const solution = minimize(([x]: number[]) => Math.log(x!), [2.5], { method: leap });
    expect(solution.terminationReason).toBe("non-finite-value");
    expect(solution.params).toEqual([0.5]);
    expect(solution.steps).toBe(2);
  });
});
