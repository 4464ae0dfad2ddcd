/**
 * Oracles: closed forms on simplex and ball, and first-order conditions: on a simplex all
 * derivatives of positive entries are equal and least.
 */

import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/graph/tensor.js";
import { maximize, minimize } from "../../../src/minimize/minimize.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { momentum } from "../../../src/optim/methods/momentum.js";
import { projectedGradient } from "../../../src/optim/methods/projected-gradient.js";
import { proximalGradient } from "../../../src/optim/methods/proximal-gradient.js";
import { affineSet } from "../../../src/optim/projections/affine-set.js";
import { simplex } from "../../../src/optim/projections/simplex.js";
import { twoBall } from "../../../src/optim/projections/two-ball.js";
import { elasticNetPenalty, l1Penalty } from "../../../src/optim/proximal/elastic-net-penalty.js";
import { groupPenalty } from "../../../src/optim/proximal/group-penalty.js";
import type { Transformation } from "../../../src/optim/transformation.js";
import { within } from "../../../src/optim/within.js";

describe("projected gradient", () => {
  it("finds the portfolio of least variance: weights in proportion to 1/σ²", () => {
    const variances = [1, 2, 4, 8];
    const total = 1 + 1 / 2 + 1 / 4 + 1 / 8;
    const solution = minimize((w: Tensor) => w.square().mul(variances).sum(), [0.25, 0.25, 0.25, 0.25], {
      method: projectedGradient({ learningRate: 1 / 16, onto: simplex() }),
    });
    expect(solution.verdict).toBe("converged");
    solution.x.forEach((weight, i) => {
      expect(weight).toBeCloseTo(1 / variances[i]! / total, 7);
    });
  });

  it("ends on a face of the simplex, with exact zeros", () => {
    // ½‖x − c‖² on the simplex: the projection of c
    const solution = minimize((x: Tensor) => x.sub([0.9, 0.5, -2, 0]).square().sum().mul(0.5), [1, 0, 0, 0], {
      method: projectedGradient({ learningRate: 0.5, onto: simplex() }),
    });
    expect(solution.x[0]).toBeCloseTo(0.7, 7);
    expect(solution.x[1]).toBeCloseTo(0.3, 7);
    expect(solution.x.slice(2)).toEqual([0, 0]);
    expect(solution.verdict).toBe("converged");
  });

  it("finds the largest eigenvalue on the unit ball", () => {
    const solution = maximize(([x, y]: number[]) => 2 * x! * x! + 2 * x! * y! + 2 * y! * y!, [1, 0.5], {
      method: projectedGradient({ learningRate: 0.1, onto: twoBall() }),
    });
    expect(solution.value).toBeCloseTo(3, 9);
    expect(solution.verdict).toBe("converged");
  });

  it("needs fewer steps with acceleration, on an affine set", () => {
    const scales = [1, 10, 100, 1000];
    const run = (accelerated: boolean) =>
      minimize((x: Tensor) => x.square().mul(scales).sum().mul(0.5), [1, 1, 1, 1], {
        method: projectedGradient({ learningRate: 1e-3, onto: affineSet([[1, 1, 1, 1]], [1]), accelerated }),
      });
    const [plain, fast] = [run(false), run(true)];
    expect(fast.verdict).toBe("converged");
    expect(fast.steps).toBeLessThan(plain.steps / 3);
    // x ∝ 1/scale
    fast.x.forEach((value, i) => {
      expect(value).toBeCloseTo(1 / scales[i]! / 1.111, 6);
    });
  });

  it("moves the start into the set and says so", () => {
    const solution = minimize((x: Tensor) => x.sum(), [5, 5], { method: projectedGradient({ learningRate: 0.1, onto: simplex() }) });
    expect(solution.warnings[0]).toMatch(/^start\[0\] is 5, which is not allowed/);
  });

  it("is one of many rules within a set, and one that scales each parameter is not called converged where it comes to rest", () => {
    const run = (rule: Transformation) =>
      minimize((x: Tensor) => x.sub([0.9, 0.5, -2, 0]).square().sum().mul(0.5), [0.25, 0.25, 0.25, 0.25], {
        method: within(rule, simplex()),
        maxSteps: 2000,
      });
    const solution = run(momentum({ learningRate: 0.02 }));
    expect(solution.verdict).toBe("converged");
    expect(solution.x[0]).toBeCloseTo(0.7, 6);
    // Its steps have equal lengths in both entries, which a projection along (1, 1) undoes.
    const scaled = run(adam({ learningRate: 0.01 }));
    expect(scaled.converged).toBe(Math.abs(scaled.x[0]! - 0.7) < 1e-6);
  });

  it("refuses sets of another size, and sets within sets", () => {
    const method = projectedGradient({ learningRate: 0.1, onto: twoBall({ center: [1, 2, 3] }) });
    expect(() => minimize((x: Tensor) => x.sum(), [5, 5], { method })).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => within(method, simplex())).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }));
    expect(() => minimize((x: Tensor) => x.sum(), [5, 5, 5], { method, bounds: [0, 1] })).toThrow(
      expect.objectContaining({ code: "OPTIONS_CONFLICT" }),
    );
  });
});

describe("proximal gradient with a penalty of its own", () => {
  const curvatures = [1, 4, 0.01, 2];
  const centers = [3, -0.2, 200, -1];
  const smooth = (x: Tensor): Tensor => x.sub(centers).square().mul(curvatures).sum().mul(0.5);
  const start = [0, 0, 0, 0];

  it("minimizes the sum, and reports its value: soft-thresholded centers (closed form)", () => {
    const solution = minimize(smooth, start, { method: proximalGradient({ learningRate: 1 / 4, penalty: l1Penalty(1) }) });
    const expected = [2, 0, 100, -0.5];
    expect(solution.verdict).toBe("converged");
    solution.x.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
    expect(solution.x[1]).toBe(0);
    const value = expected.reduce((s, x, i) => s + 0.5 * curvatures[i]! * (x - centers[i]!) ** 2 + Math.abs(x), 0);
    expect(solution.value).toBeCloseTo(value, 10);
  });

  it("does so for an elastic net, and for gradients by differences", () => {
    const penalty = elasticNetPenalty({ l1: 1, l2: 2 });
    for (const gradient of ["exact", "central-difference"] as const) {
      const solution = minimize(smooth, start, { method: proximalGradient({ learningRate: 1 / 4, penalty }), gradient });
      solution.x.forEach((value, i) => {
        const pull = curvatures[i]! * centers[i]!;
        expect(value).toBeCloseTo((Math.sign(pull) * Math.max(Math.abs(pull) - 1, 0)) / (curvatures[i]! + 2), 6);
      });
      expect(solution.verdict).toBe("converged");
    }
  });

  it("sets groups to 0: ½‖x − c‖² + λΣ‖x_G‖ (closed form)", () => {
    const solution = minimize((x: Tensor) => x.sub([3, 4, 0.3, 0.4]).square().sum().mul(0.5), start, {
      method: proximalGradient({ learningRate: 1, penalty: groupPenalty(1, [0, 0, 1, 1]) }),
    });
    expect(solution.x[0]).toBeCloseTo(3 * 0.8, 12);
    expect(solution.x[1]).toBeCloseTo(4 * 0.8, 12);
    expect(solution.x.slice(2)).toEqual([0, 0]);
    expect(solution.value).toBeCloseTo(0.5 + 4 + 0.125, 12);
    expect(solution.verdict).toBe("converged");
  });

  it("keeps within bounds as well: the prox of a separable sum is cut off", () => {
    const solution = minimize(smooth, start, {
      method: proximalGradient({ learningRate: 1 / 4, penalty: l1Penalty(1) }),
      bounds: [
        [0, 1.5],
        [-1, 1],
        [0, 50],
        [-0.25, 0],
      ],
    });
    expect(solution.x).toEqual([1.5, 0, 50, -0.25]);
    expect(solution.verdict).toBe("converged");
  });
});
