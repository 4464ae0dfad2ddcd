/** Descents side by side; oracles: descents alone, and gradient descent on a parabola in closed form. */

import { describe, expect, it } from "vitest";
import type { DescendError } from "../../../src/errors.js";
import { allTools, createDescent } from "../../../src/minimize/minimize.js";
import type { ObjectiveFunction } from "../../../src/minimize/objective/objective.js";
import { setUp } from "../../../src/minimize/set-up.js";
import { lockstep } from "../../../src/minimize/several/lockstep.js";
import { multistart } from "../../../src/minimize/several/multistart.js";
import { startPoints } from "../../../src/minimize/several/start-points.js";
import { chain } from "../../../src/optim/chain.js";
import { methodCatalogue } from "../../../src/optim/methods/catalogue.js";
import { cosineDecay } from "../../../src/optim/schedules/cosine-decay.js";
import type { Transformation } from "../../../src/optim/transformation.js";
import { clipByNorm } from "../../../src/optim/transforms/clip-by-norm.js";
import { scaleByLearningRate } from "../../../src/optim/transforms/scale-by-learning-rate.js";
import { flatten } from "../../../src/tree/tree.js";

/** Two layers of a small network on four points, with all that an elementwise loop does not have: products, sums, places. */
interface Params {
  readonly w: number[][];
  readonly b: number[];
}
const objective = ({ w, b }: Params): number => {
  let total = 0;
  for (let k = 0; k < 4; k++) {
    const hidden = Math.tanh(w[0]![0]! * k + w[0]![1]! * (k % 2) + b[0]!);
    const out = w[1]![0]! * hidden + w[1]![1]! * Math.sin(3 * k + b[1]!);
    total += (out - Math.cos(k)) ** 2;
  }
  return total / 4 + 0.05 * (b[0]! ** 2 + b[1]! ** 2);
};
const center: Params = {
  w: [
    [0.3, -0.2],
    [0.5, 0.1],
  ],
  b: [0.1, -0.4],
};
const points = startPoints({ count: 5, center, scale: 1 }, 11);
const flat = (params: unknown): Float64Array => flatten(params as Params as never).values;

function ends(method: Transformation | string, steps: number): { together: Float64Array[]; alone: Float64Array[] } {
  const options = { method, maxSteps: 10_000 };
  const parts = setUp(objective as ObjectiveFunction, points[0], options, 1, allTools);
  const { params, count } = lockstep(parts)(Float64Array.from(points.flatMap((point) => [...flat(point)])), steps);
  const together = Array.from({ length: count }, (_, i) => params.slice((i * params.length) / count, ((i + 1) * params.length) / count));
  const stopping = { gradientTolerance: 0, relativeGradientTolerance: 0 };
  const descent = createDescent(objective, points[0]!, { ...options, stopping, certify: false });
  const alone = points.map((start) => {
    descent.restart(start).step(steps);
    return flat(descent.params);
  });
  return { together, alone };
}

describe("steps in lockstep", () => {
  const methods = methodCatalogue.map(({ name }) => name).filter((name) => name !== "projectedGradient");
  it.each(methods)("are those of a descent alone up to rounding: %s", (name) => {
    const { together, alone } = ends(name, 12);
    for (const [i, end] of alone.entries()) {
      for (const [j, x] of end.entries()) expect(Math.abs(together[i]![j]! - x)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(x)));
    }
  });

  it("keep to schedules and clip each descent by its own norm", () => {
    const rate = cosineDecay({ initial: 0.3, steps: 50 });
    const { together, alone } = ends(chain(clipByNorm(0.05), scaleByLearningRate(rate)), 40);
    for (const [i, end] of alone.entries()) for (const [j, x] of end.entries()) expect(together[i]![j]).toBeCloseTo(x, 12);
  });

  it("contract a parabola by 1 − 2α a step, in each of more lanes than a block has", () => {
    const parabola = (x: number): number => (x - 3) ** 2;
    const parts = setUp(parabola as ObjectiveFunction, 0, { method: "gradientDescent", learningRate: 0.125 }, 1, allTools);
    const starts = Float64Array.from({ length: 1001 }, (_, i) => i - 500);
    const { count, params, values, startValues } = lockstep(parts)(starts, 3);
    expect([count, params.length]).toEqual([1001, 1001]);
    // All numbers are exact in binary
    for (let i = 0; i < count; i++) {
      const distance = i - 503;
      expect([params[i], values[i], startValues[i]]).toEqual([3 + distance * 0.75 ** 3, (distance * 0.75 ** 3) ** 2, distance ** 2]);
    }
  });

  it("end between blocks when told to", () => {
    const parts = setUp("x^2", { x: 1 }, { method: "gradientDescent", learningRate: 0.1 }, 1, allTools);
    const starts = Float64Array.from({ length: 1000 }, (_, i) => i);
    const walk = lockstep(parts)(starts, 10, () => true);
    expect(walk.count).toBeGreaterThan(0);
    expect(walk.count).toBeLessThan(1000);
    expect([walk.starts, walk.params, walk.values].map(({ length }) => length)).toEqual([walk.count, walk.count, walk.count]);
  });
});

describe("many starts in lockstep", () => {
  const himmelblau = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2";
  const region = { count: 60, center: { x: 0, y: 0 }, scale: 5 };

  it.each([
    { method: "gradientDescent", learningRate: 0.005 },
    { method: "adam", learningRate: 0.05 },
    { method: "scheduleFree", learningRate: 0.005 },
  ])("end where they end alone, with the same verdicts: $method", (options) => {
    const alone = multistart(himmelblau, region, { ...options, maxSteps: 20_000 });
    const together = multistart(himmelblau, region, { ...options, maxSteps: 20_000, lockstep: 200 });
    // All four minima have the value 0, and which of them is the lowest is rounding
    expect(together.basins.length).toBe(4);
    for (const [i, { end, start, verdict, steps }] of together.runs.entries()) {
      const other = alone.runs[i]!;
      expect([start, verdict]).toEqual([other.start, other.verdict]);
      expect(end.x).toBeCloseTo(other.end.x, 4);
      expect(end.y).toBeCloseTo(other.end.y, 4);
      expect(steps).toBeGreaterThanOrEqual(200);
    }
    expect(together.best.verdict).toBe(alone.best.verdict);
    expect(together.best.value).toBe(together.runs[together.bestRun]!.value);
  });

  it("go on with the state they have: the steps of a descent that was never in lockstep", () => {
    const options = { method: "adam", learningRate: 0.05, maxSteps: 300, certify: false } as const;
    const start = { x: -1, y: 2 };
    const { runs } = multistart(himmelblau, [start], { ...options, lockstep: 120 });
    const descent = createDescent(himmelblau, start, options);
    const { params } = descent.run().solution();
    expect(runs[0]!.steps).toBe(300);
    expect(runs[0]!.end.x).toBeCloseTo(params.x, 11);
    expect(runs[0]!.end.y).toBeCloseTo(params.y, 11);
  });

  it("descend alone where they have no finite place: x³ − 3x² − 9x + 2 falls without end left of its maximum", () => {
    const starts = [-1.5, -1, -0.999, 0, 10].map((x) => ({ x }));
    const options = { method: "gradientDescent", learningRate: 0.01, lockstep: 400 };
    const { runs, basins } = multistart("x^3 - 3x^2 - 9x + 2", starts, options);
    expect(runs.map(({ verdict }) => verdict)).toEqual(["unbounded", "maximum", "converged", "converged", "converged"]);
    expect(basins.map(({ count }) => count)).toEqual([3, 1, 1]);
  });

  it("keep to bounds", () => {
    const bounds = { x: [null, 2] } as const;
    const { runs } = multistart(himmelblau, region, { method: "gradientDescent", learningRate: 0.005, bounds, lockstep: 300 });
    expect(Math.max(...runs.map(({ end }) => end.x))).toBeLessThanOrEqual(2);
    expect(runs.some(({ end }) => end.x === 2)).toBe(true);
  });

  it("find the global minimum of Rastrigin's function among a thousand starts", () => {
    const rastrigin = "20 + x^2 + y^2 - 10 cos(2 pi x) - 10 cos(2 pi y)";
    const options = { method: "gradientDescent", learningRate: 1e-3, lockstep: 500, certify: false };
    const { best, basins } = multistart(rastrigin, { count: 1000, center: { x: 0, y: 0 }, scale: 5.12 }, options);
    expect(best.value).toBe(0);
    // One basin around each pair of whole numbers from −5 to 5
    expect(basins.length).toBe(121);
  });

  it.each([
    ["a method that searches", () => multistart(himmelblau, region, { lockstep: 10 })],
    [
      "an objective that is called",
      () =>
        multistart((p: { x: number; y: number }) => Reflect.apply((a: number) => a * a, undefined, [p.x - p.y]), region, {
          method: "adam",
          lockstep: 10,
        }),
    ],
    [
      "a table",
      () =>
        multistart((p: { x: number; y: number }, row: { t: number }) => (p.x * row.t - p.y) ** 2, region, {
          data: { t: [1, 2] },
          method: "adam",
          lockstep: 10,
        }),
    ],
  ])("refuse %s", (_, run) => {
    expect(run).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" }) as unknown as DescendError);
  });

  it.each([0, 1.5, Number.NaN])("refuse %s steps", (steps) => {
    expect(() => multistart(himmelblau, region, { method: "adam", lockstep: steps })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }) as unknown as DescendError,
    );
  });
});
