/** Oracles: the gradient uphill in closed form on a quadratic; radius 0 is the method itself. */

import { describe, expect, it } from "vitest";
import { createDescent } from "../../src/minimize/minimize.js";
import { averaged } from "../../src/optim/averaged.js";
import { chain } from "../../src/optim/chain.js";
import { adam } from "../../src/optim/methods/adam.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../src/optim/methods/momentum.js";
import { sam } from "../../src/optim/methods/sam.js";
import { partition } from "../../src/optim/partition.js";
import { sharpnessAware } from "../../src/optim/sharpness-aware.js";
import { addDecayedWeights } from "../../src/optim/transforms/add-decayed-weights.js";
import { clipByNorm } from "../../src/optim/transforms/clip-by-norm.js";

const loss = (p: { a: number; b: number }, row: { x: number; y: number }): number => (p.a * row.x + p.b - row.y) ** 2;
const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(3 * i));
const data = { x, y: x.map((xi, i) => 2 * xi - 1 + 0.3 * Math.cos(7 * i)) };

/** Gradient of the mean loss over some rows. */
function gradientOver(rows: readonly number[], [a, b]: readonly [number, number]): [number, number] {
  const errors = rows.map((i) => a * data.x[i]! + b - data.y[i]!);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [2 * mean(errors.map((e, k) => e * data.x[rows[k]!]!)), 2 * mean(errors)];
}

/** Momentum 0.9 with rate 0.05 on the gradient at distance 0.1 uphill, over the rows of each step. */
function samPath(steps: number, rowsOf: (step: number) => readonly number[]): [number, number][] {
  let point: [number, number] = [0, 0];
  let m = [0, 0];
  const path = [point];
  for (let step = 0; step < steps; step++) {
    const g = gradientOver(rowsOf(step), point);
    const size = Math.hypot(...g);
    const uphill = gradientOver(rowsOf(step), [point[0] + (0.1 * g[0]) / size, point[1] + (0.1 * g[1]) / size]);
    m = m.map((mi, i) => 0.9 * mi + uphill[i]!);
    point = [point[0] - 0.05 * m[0]!, point[1] - 0.05 * m[1]!];
    path.push(point);
  }
  return path;
}

const all = Array.from({ length: 40 }, (_, i) => i);
const method = () => sam({ learningRate: 0.05, radius: 0.1 });
const start = { a: 0, b: 0 };

describe("sharpnessAware", () => {
  it("steps along the gradient uphill: compiled, over rows", () => {
    const descent = createDescent(loss, start, { data, method: method() });
    samPath(25, () => all).forEach(([a, b], k) => {
      if (k > 0) descent.step();
      expect(Math.abs(descent.params.a - a)).toBeLessThan(1e-13);
      expect(Math.abs(descent.params.b - b)).toBeLessThan(1e-13);
    });
    expect(descent.evaluations).toEqual({ value: 26, gradient: 52, hessianVector: 0 });
  });

  it("takes both gradients of a step on the same batch", () => {
    const descent = createDescent(loss, start, { data, method: method(), batch: 8, shuffle: false });
    samPath(25, (step) => all.slice((step % 5) * 8, (step % 5) * 8 + 8)).forEach(([a, b], k) => {
      if (k > 0) descent.step();
      expect(Math.abs(descent.params.a - a)).toBeLessThan(1e-13);
      expect(Math.abs(descent.params.b - b)).toBeLessThan(1e-13);
    });
  });

  it("asks an objective that is called from outside twice", () => {
    let calls = 0;
    const outside = (p: { a: number; b: number }): number => {
      calls++;
      return data.x.reduce((sum, xi, i) => sum + (p.a * xi + p.b - data.y[i]!) ** 2 / 40, 0);
    };
    const gradient = ({ a, b }: { a: number; b: number }) => {
      const [ga, gb] = gradientOver(all, [a, b]);
      return { a: ga, b: gb };
    };
    const descent = createDescent(outside, start, { method: method(), gradient: gradient as never });
    expect(descent.gradientSource).toBe("provided");
    const before = calls;
    descent.step(25);
    const [a, b] = samPath(25, () => all)[25]!;
    expect(Math.abs(descent.params.a - a)).toBeLessThan(1e-13);
    expect(Math.abs(descent.params.b - b)).toBeLessThan(1e-13);
    expect(calls - before).toBe(50);
  });

  it("with radius 0 is the method itself to the bit", () => {
    const run = (rule: ReturnType<typeof adam>) => createDescent(loss, start, { data, method: rule, batch: 8, seed: 3 });
    const [plain, aware] = [run(adam({ learningRate: 0.1 })), run(sharpnessAware(adam({ learningRate: 0.1 }), { radius: 0 }))];
    plain.step(60);
    aware.step(60);
    expect(aware.params).toEqual(plain.params);
  });

  it("goes on with the same bits from a checkpoint that went through JSON, moved or not", () => {
    const options = { data, method: method(), batch: 8, seed: 5 };
    const whole = createDescent(loss, start, options);
    whole.step(13);
    whole.params = { a: 1, b: 1 };
    const saved = JSON.parse(JSON.stringify(whole.checkpoint()));
    whole.step(20);
    const rest = createDescent(loss, start, { ...options, checkpoint: saved });
    rest.step(20);
    expect(rest.params).toEqual(whole.params);
  });

  it("acts on each group of a partition by itself", () => {
    const rule = partition(
      { aware: sharpnessAware(gradientDescent({ learningRate: 0.1 }), { radius: 0.5 }), plain: gradientDescent({ learningRate: 0.1 }) },
      ({ path }) => (path === ".u" ? "aware" : "plain"),
    );
    const descent = createDescent("u^2 + 3 v^2", { u: 1, v: 1 }, { method: rule });
    descent.step();
    // u: gradient at 1 + 0.5 is 3; v: 6 at 1.
    expect(descent.params.u).toBeCloseTo(0.7, 15);
    expect(descent.params.v).toBeCloseTo(0.4, 15);
  });

  it("works under wrappers that keep the gradient as it is", () => {
    const rule = averaged(chain(method(), clipByNorm(10)));
    const descent = createDescent(loss, start, { data, method: rule });
    descent.step(25);
    expect(Math.abs(descent.params.a - samPath(25, () => all)[25]![0])).toBeLessThan(1e-13);
  });

  it.each([
    ["a rule before it", () => chain(addDecayedWeights(0.1), method())],
    ["a second one inside", () => sharpnessAware(method())],
    ["two in a chain", () => chain(method(), method())],
  ])("refuses %s", (_, make) =>
    expect(() => createDescent("x^2", { x: 1 }, { method: make() })).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" })),
  );

  it("prefers the flat of two minima of equal value", () => {
    // Two wells of depth 1: a narrow one at −1 and a wide one at 1. From the rim of the narrow one plain momentum stays in it.
    const wells = "-exp(-((x + 1)/0.03)^2) - exp(-((x - 1)/0.8)^2)";
    const end = (method: ReturnType<typeof sam>): number => {
      const descent = createDescent(wells, { x: -1.02 }, { method });
      descent.step(3000);
      return descent.params.x;
    };
    expect(end(momentum({ learningRate: 1e-4, momentum: 0 }))).toBeCloseTo(-1, 2);
    expect(end(sam({ learningRate: 0.01, momentum: 0, radius: 0.2 }))).toBeGreaterThan(0.7);
  });
});
