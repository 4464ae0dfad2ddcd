/**
 * Oracles: the recurrences of the papers in plain numbers, and what they prove: distance estimates that never exceed the distance on
 * convex objectives, averages that are averages.
 */

import { describe, expect, it } from "vitest";
import { dAdaptation, dAdaptedAdam } from "../../../src/optim/methods/d-adaptation.js";
import { dog } from "../../../src/optim/methods/dog.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { polyakStep } from "../../../src/optim/methods/polyak-step.js";
import { prodigy } from "../../../src/optim/methods/prodigy.js";
import { scheduleFree } from "../../../src/optim/methods/schedule-free.js";
import { scheduleFreeAdamw } from "../../../src/optim/methods/schedule-free-adamw.js";
import type { Schedule } from "../../../src/optim/schedules/schedule.js";
import { runRule } from "../run-rule.js";

type Vector = number[];
const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const norm = (a: Vector): number => Math.sqrt(dot(a, a));
const plus = (a: Vector, b: Vector, scale = 1): Vector => a.map((x, i) => x + scale * b[i]!);
const blend = (a: Vector, b: Vector, keep: number): Vector => a.map((x, i) => keep * x + (1 - keep) * b[i]!);

/** A smooth convex function that is not quadratic, with its minimum at (1, −2, 0.5). */
const minimizer = [1, -2, 0.5];
const stiffness = [1, 4, 12];
const gradient = (x: ArrayLike<number>): Vector => stiffness.map((k, i) => k * Math.sinh(0.5 * (x[i]! - minimizer[i]!)));
const value = (x: ArrayLike<number>): number =>
  stiffness.reduce((sum, k, i) => sum + 2 * k * (Math.cosh(0.5 * (x[i]! - minimizer[i]!)) - 1), 0);
const start = [2.5, 1, -1];
const STEPS = 60;

/** The points of a recurrence written in plain numbers. */
function points(next: (x: Vector, step: number) => Vector): Vector[] {
  const list = [[...start]];
  for (let step = 0; step < STEPS; step++) list.push(next(list[step]!, step));
  return list;
}

function expectSamePath(got: readonly ArrayLike<number>[], expected: readonly Vector[]): void {
  expected.forEach((point, k) => {
    point.forEach((x, i) => {
      // Rounding differs by the order of sums; it is not amplified more than a thousandfold on this path.
      expect(Math.abs(got[k]![i]! - x), `step ${k}`).toBeLessThan(1e-12 * Math.max(1, Math.abs(x)));
    });
  });
}

const run = (rule: Parameters<typeof runRule>[0], steps = STEPS) =>
  runRule(rule, start, { steps, gradient: (x) => gradient(x), value: (x) => value(x) });

describe("dog", () => {
  it("takes the steps of the paper, and averages with weights that rise as t^γ", () => {
    let [distance, sum] = [1e-4 * (1 + norm(start)), 0];
    let average = [...start];
    const averages: Vector[] = [];
    const path = points((x, step) => {
      const g = gradient(x);
      distance = Math.max(distance, norm(plus(x, start, -1)));
      sum += dot(g, g);
      const next = plus(x, g, -distance / Math.sqrt(sum + 1e-8));
      // The average counts updates from 0, so the first two gains are 1.
      average = plus(average, plus(next, average, -1), 9 / (Math.max(1, step) + 8));
      averages.push(average);
      return next;
    });
    const { iterates, states } = run(dog({ initialDistance: 1e-4 }));
    expectSamePath(iterates, path);
    expectSamePath(
      states.slice(1).map((state) => state.get("trackAverage.average")!),
      averages,
    );
  });

  it("comes to the minimum from estimates of the distance four powers of ten apart", () => {
    for (const initialDistance of [1e-8, 1e-6, 1e-4]) {
      const { iterates } = run(dog({ initialDistance }), 4000);
      expect(value(iterates.at(-1)!)).toBeLessThan(1e-4 * value(start));
    }
  });
});

describe("dAdaptation", () => {
  it("takes the steps of algorithm 4", () => {
    const g0 = norm(gradient(start));
    let [d, r, s, z] = [1e-3, 0, [0, 0, 0] as Vector, [...start]];
    const path = points((x) => {
      const g = gradient(x);
      const lambda = d / g0;
      r += lambda * dot(g, s);
      s = plus(s, g, lambda);
      z = plus(z, g, -lambda);
      d = Math.max(d, (2 * r) / norm(s));
      return blend(x, z, 0.9);
    });
    expectSamePath(run(dAdaptation({ initialDistance: 1e-3 })).iterates, path);
  });

  it("never estimates more than the distance on a convex objective, and in the end a good part of it", () => {
    const distance = norm(plus(start, minimizer, -1));
    const { states, iterates } = run(dAdaptation({ momentum: 0 }), 3000);
    const estimates = states.map((state) => state.get("scaleByDAdaptation.distance")![0]!);
    expect(Math.max(...estimates)).toBeLessThanOrEqual(distance);
    expect(estimates.at(-1)!).toBeGreaterThan(distance / 10);
    expect(value(iterates.at(-1)!)).toBeLessThan(0.05 * value(start));
  });

  it("has Adam's form of algorithm 5", () => {
    let [d, r] = [1e-3, 0];
    let [m, v, s] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ] as [Vector, Vector, Vector];
    const keep = Math.sqrt(0.99);
    const path = points((x) => {
      const g = gradient(x);
      m = m.map((mi, i) => 0.9 * mi + 0.1 * d * g[i]!);
      v = v.map((vi, i) => 0.99 * vi + 0.01 * g[i]! ** 2);
      const a = v.map((vi) => Math.sqrt(vi) + 1e-8);
      r =
        keep * r +
        (1 - keep) *
          d *
          dot(
            g,
            s.map((si, i) => si / a[i]!),
          );
      s = s.map((si, i) => keep * si + (1 - keep) * d * g[i]!);
      d = Math.max(d, r / ((1 - keep) * s.reduce((sum, si) => sum + Math.abs(si), 0)));
      return x.map((xi, i) => xi - m[i]! / a[i]!);
    });
    expectSamePath(run(dAdaptedAdam({ beta2: 0.99, initialDistance: 1e-3 })).iterates, path);
  });
});

describe("prodigy", () => {
  it("takes the steps of algorithm 4, with decoupled decay", () => {
    let [d, r] = [1e-3, 0];
    let [m, v, s] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ] as [Vector, Vector, Vector];
    const keep = Math.sqrt(0.99);
    const path = points((x) => {
      const g = gradient(x);
      m = m.map((mi, i) => 0.9 * mi + 0.1 * d * g[i]!);
      v = v.map((vi, i) => 0.99 * vi + 0.01 * (d * g[i]!) ** 2);
      r = keep * r + (1 - keep) * d * d * dot(g, plus(start, x, -1));
      s = s.map((si, i) => keep * si + (1 - keep) * d * d * g[i]!);
      const before = d;
      d = Math.max(d, r / s.reduce((sum, si) => sum + Math.abs(si), 0));
      return x.map((xi, i) => xi - before * 0.02 * xi - (before * m[i]!) / (Math.sqrt(v[i]!) + d * 1e-8));
    });
    expectSamePath(run(prodigy({ beta2: 0.99, initialDistance: 1e-3, weightDecay: 0.02 })).iterates, path);
  });

  it("estimates at most the distance in the maximum norm, and reaches the scale of it", () => {
    const distance = Math.max(...start.map((x, i) => Math.abs(x - minimizer[i]!)));
    const { states } = run(prodigy(), 400);
    const estimates = states.map((state) => state.get("scaleByProdigy.distance")![0]!);
    expect(Math.max(...estimates)).toBeLessThanOrEqual(distance);
    expect(estimates.at(-1)!).toBeGreaterThan(distance / 10);
  });
});

describe("scheduleFree", () => {
  it("without momentum is gradient descent with the plain average of its iterates", () => {
    const { iterates, states } = run(scheduleFree({ learningRate: 0.1, momentum: 0 }));
    const plain = run(gradientDescent({ learningRate: 0.1 })).iterates.map((x) => [...x]);
    expectSamePath(iterates, plain);
    let sum = [0, 0, 0];
    states.slice(1).forEach((state, k) => {
      sum = plus(sum, plain[k + 1]!);
      expectSamePath([state.get("average")!], [sum.map((x) => x / (k + 1))]);
    });
  });

  it("takes the steps of the paper, weighing by the square of the largest rate so far", () => {
    const warm: Schedule = (step) => step.add(1).div(10).minimum(1).mul(0.2);
    let [z, average, weights] = [[...start], [...start], 0];
    const path = points((y, step) => {
      const rate = 0.2 * Math.min(1, (step + 1) / 10);
      const g = plus(gradient(y), y, 0.01);
      z = plus(z, g, -rate);
      weights += rate ** 2;
      average = plus(average, plus(z, average, -1), rate ** 2 / weights);
      return blend(average, z, 0.8);
    });
    expectSamePath(run(scheduleFree({ learningRate: warm, momentum: 0.8, weightDecay: 0.01 })).iterates, path);
  });

  it("has AdamW's form of algorithm 1", () => {
    let [z, average, weights, largest] = [[...start], [...start], 0, 0];
    let v = [0, 0, 0];
    const path = points((y, step) => {
      const g = gradient(y);
      const rate = 0.05 * Math.sqrt(1 - 0.99 ** (step + 1));
      v = v.map((vi, i) => 0.99 * vi + 0.01 * g[i]! ** 2);
      z = z.map((zi, i) => zi - rate * (g[i]! / (Math.sqrt(v[i]!) + 1e-8) + 0.1 * y[i]!));
      largest = Math.max(largest, rate);
      weights += largest ** 2;
      average = plus(average, plus(z, average, -1), largest ** 2 / weights);
      return blend(average, z, 0.9);
    });
    expectSamePath(run(scheduleFreeAdamw({ learningRate: 0.05, beta2: 0.99, weightDecay: 0.1 })).iterates, path);
  });
});

describe("polyakStep", () => {
  it("halves x on x²/2, and on |x| arrives in one step", () => {
    const half = runRule(polyakStep(), [8], { steps: 3, gradient: (x) => x, value: ([x]) => x! ** 2 / 2 });
    expect(half.iterates.map(([x]) => x)).toEqual([8, 4, 2, 1]);
    const kink = runRule(polyakStep(), [3], { steps: 2, gradient: ([x]) => [Math.sign(x!)], value: ([x]) => Math.abs(x!) });
    expect(kink.iterates.map(([x]) => x)).toEqual([3, 0, 0]);
  });

  it("comes nearer to the minimizer at each step of a convex objective", () => {
    const distances = run(polyakStep()).iterates.map((x) => norm(plus([...x], minimizer, -1)));
    distances.slice(1).forEach((distance, k) => {
      expect(distance).toBeLessThan(distances[k]!);
    });
  });

  it("does not step where the value is below the bound, and no further than it may", () => {
    expect(runRule(polyakStep({ lowestValue: 5 }), [1], { steps: 1, gradient: (x) => x, value: () => 4 }).updates[0]![0]).toBe(-0);
    expect(
      runRule(polyakStep({ largestRate: 0.25 }), [8], { steps: 1, gradient: (x) => x, value: ([x]) => x! ** 2 / 2 }).iterates[1]![0],
    ).toBe(6);
  });
});
