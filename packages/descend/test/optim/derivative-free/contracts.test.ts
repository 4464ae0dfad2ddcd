/** Contracts that every search without derivatives keeps; the oracles are minima in closed form. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cmaes } from "../../../src/optim/derivative-free/cmaes.js";
import { compassSearch } from "../../../src/optim/derivative-free/compass-search.js";
import { coordinateSearch } from "../../../src/optim/derivative-free/coordinate-search.js";
import { differentialEvolution } from "../../../src/optim/derivative-free/differential-evolution.js";
import { geneticAlgorithm } from "../../../src/optim/derivative-free/genetic-algorithm.js";
import { nelderMead } from "../../../src/optim/derivative-free/nelder-mead.js";
import { powell } from "../../../src/optim/derivative-free/powell.js";
import { simulatedAnnealing } from "../../../src/optim/derivative-free/simulated-annealing.js";
import { CATEGORY, type Question, type SearchMethod, type SearchPoint, WHOLE } from "../../../src/optim/search-method.js";
import { boxOf, runSearch, throughJson } from "./run-search.js";

const methods: SearchMethod[] = [
  nelderMead(),
  powell(),
  coordinateSearch(),
  compassSearch(),
  compassSearch({ poll: "all" }),
  cmaes(),
  cmaes({ restarts: 3 }),
  cmaes({ restarts: 2, regime: "ipop" }),
  differentialEvolution(),
  differentialEvolution({ strategy: "best/1/bin" }),
  simulatedAnnealing({ restarts: 1 }),
  geneticAlgorithm(),
] as SearchMethod[];

const wavy = (x: Float64Array): number => x.reduce((sum, v, i) => sum + (v - 0.3 * i) ** 2 + 0.3 * Math.sin(5 * v), 0) + x[0]! * x[1]!;

function pointsOf(question: Question): readonly Float64Array[] {
  return question.kind === "values" ? question.points : [];
}

describe.each(methods.map((method, k) => [`${method.name} (${k})`, method] as const))("%s", (_, method) => {
  it("solves the parabola and says that nothing is left to search", () => {
    const run = runSearch(method, ([x]) => (x! - 3) ** 2, [1], { maxEvaluations: 100_000 });
    expect(Math.abs(run.last.params[0]! - 3)).toBeLessThan(1e-6);
    expect(run.ended).toBe(true);
    expect(run.last.value).toBe((run.last.params[0]! - 3) ** 2);
  });

  it("finds a minimum on a face of the box", () => {
    const f = ([x, y]: Float64Array): number => (x! - 3) ** 2 + (y! + 1) ** 2 + 0.5 * x! * y!;
    // On y = 0.5 the minimum over x is at 3 − 0.125, which lies beyond 2: the corner (2, 0.5).
    const run = runSearch(method, f, [0, 2], { box: boxOf([-5, 0.5], [2, 4]), maxEvaluations: 100_000 });
    expect(run.last.params[0]).toBeCloseTo(2, 5);
    expect(run.last.params[1]).toBeCloseTo(0.5, 5);
  });

  it("never gets worse, and reports the value of the point it reports", () => {
    const { points } = runSearch(method, wavy, [1, -2, 0.5], { maxEvaluations: 3000 });
    points.forEach((point, k) => {
      expect(point.value).toBe(wavy(point.params));
      if (k > 0) expect(point.value).toBeLessThanOrEqual(points[k - 1]!.value);
    });
  });

  it("leaves its arguments alone", () => {
    const problem = { size: 2, start: Float64Array.of(1, 2), box: boxOf([-5, -5], [5, 5]), integers: undefined, seed: 1 };
    const init = method.init({ params: Float64Array.of(1, 2), value: 3, gradient: undefined }, problem);
    let next = init.next();
    const answer = (points: readonly Float64Array[]): { values: number[] } => ({ values: points.map((p) => p[0]! ** 2 + 3 * p[1]! ** 2) });
    while (!next.done) next = init.next(answer(pointsOf(next.value)));
    let state = next.value;
    let point: SearchPoint = { params: Float64Array.of(1, 2), value: 13, gradient: undefined };
    for (let k = 0; k < 10; k++) {
      const before = JSON.stringify([point, state, problem]);
      const step = method.step(point, state, problem);
      let asked = step.next();
      while (!asked.done) asked = step.next(answer(pointsOf(asked.value)));
      expect(JSON.stringify([point, state, problem])).toBe(before);
      if (asked.value === undefined) break;
      ({ point, state } = asked.value);
    }
  });

  it("goes on with the same bits from a state that went through JSON, at 20 random steps", () => {
    const options = { box: boxOf([-2, -3, -1], [2, 1, Number.POSITIVE_INFINITY]), seed: 5 };
    const whole = runSearch(method, wavy, [1, -2, 0.5], { ...options, maxEvaluations: 4000, maxSteps: 60 });
    fc.assert(
      fc.property(fc.nat(whole.points.length - 2), (k) => {
        const resume = { point: { ...whole.points[k]!, params: whole.points[k]!.params.slice() }, state: throughJson(whole.states[k]!) };
        const rest = runSearch(method, wavy, [1, -2, 0.5], { ...options, resume, maxSteps: Math.min(8, whole.points.length - 1 - k) });
        expect(rest.points).toEqual(whole.points.slice(k, k + rest.points.length));
        expect(rest.states.slice(1)).toEqual(whole.states.slice(k + 1, k + rest.states.length));
      }),
      { numRuns: 20, seed: 11 },
    );
  });

  it("gives the same bits for the same seed", () => {
    const run = (seed: number): SearchPoint[] => runSearch(method, wavy, [1, -2, 0.5], { seed, maxSteps: 12 }).points;
    expect(run(3)).toEqual(run(3));
  });

  it("never asks outside of the box", () => {
    const bounds = fc.tuple(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
    );
    fc.assert(
      fc.property(fc.array(bounds, { minLength: 1, maxLength: 4 }), fc.nat(1000), (pairs, seed) => {
        const [lower, upper] = [pairs.map(([low]) => low), pairs.map(([low, width]) => low + width)];
        const start = lower.map((low, i) => (Number.isFinite(upper[i]!) ? low + 0.3 * (upper[i]! - low) : low + 1));
        const outside: Float64Array[] = [];
        const target = lower.map((low, i) => low + ((seed + i) % 3) * 20 - 10);
        runSearch(method, (x) => x.reduce((sum, v, i) => sum + (v - target[i]!) ** 2, 0), start, {
          box: boxOf(lower, upper),
          seed,
          maxEvaluations: 600,
          onAsk: (x) => {
            if (x.some((v, i) => !(v >= lower[i]! && v <= upper[i]!))) outside.push(x);
          },
        });
        expect(outside).toEqual([]);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it("survives values that are not numbers", () => {
    // A hole around the way, and half of the plane undefined; the minimum (2, 1) lies inside of what is left.
    const f = ([x, y]: Float64Array): number =>
      x! < 0.5 || Math.hypot(x! - 1.2, y! - 2) < 0.3 ? Number.NaN : (x! - 2) ** 2 + 2 * (y! - 1) ** 2;
    const run = runSearch(method, f, [0.9, 3], { maxEvaluations: 100_000, seed: 2 });
    expect(Math.abs(run.last.params[0]! - 2)).toBeLessThan(1e-4);
    expect(Math.abs(run.last.params[1]! - 1)).toBeLessThan(1e-4);
  });

  it("ends on a plateau and where every coordinate is fixed", () => {
    expect(runSearch(method, () => 7, [1, 2], { maxEvaluations: 50_000 }).ended).toBe(true);
    const fixed = runSearch(method, ([x, y]) => x! + y!, [1, 2], { box: boxOf([1, 2], [1, 2]), maxEvaluations: 50_000 });
    expect(fixed.ended).toBe(true);
    expect([...fixed.last.params]).toEqual([1, 2]);
  });

  if (!method.handles.integers) return;

  it("asks for whole numbers only, and solves a mixed problem (oracle: closed form)", () => {
    // At y = 4 the minimum over x is 3.25; |z + 7| is smallest at −7.
    const f = ([x, y, z]: Float64Array): number => (x! - 3.25) ** 2 + (y! - 4) ** 2 + 0.5 * (x! - 3.25) * (y! - 4) + Math.abs(z! + 7);
    const run = runSearch(method, f, [0, 0, 0], {
      integers: Uint8Array.of(0, WHOLE, WHOLE),
      maxEvaluations: 200_000,
      onAsk: (x) => expect(Number.isInteger(x[1]!) && Number.isInteger(x[2]!)).toBe(true),
    });
    expect([...run.last.params.subarray(1)]).toEqual([4, -7]);
    expect(run.last.params[0]).toBeCloseTo(3.25, 5);
    expect(run.ended).toBe(true);
  });

  it("counts ones: the largest sum over {0, …, 6}¹⁰ is 60", () => {
    const run = runSearch(method, (x) => -x.reduce((sum, v) => sum + v, 0), new Array(10).fill(0), {
      box: boxOf(new Array(10).fill(0), new Array(10).fill(6)),
      integers: new Uint8Array(10).fill(WHOLE),
      maxEvaluations: 50_000,
      target: -60,
    });
    expect(run.last.value).toBe(-60);
    expect(run.reachedAfter).toBeLessThan(15_000);
  });

  if (method.handles.categories !== true) return;

  it("finds a category whose neighbors by number are bad", () => {
    const cost = [5, 9, 0, 9, 4, 9, 1];
    const f = ([kind, x]: Float64Array): number => cost[kind!]! + (x! - kind!) ** 2;
    const run = runSearch(method, f, [6, 1], {
      box: boxOf([0, -10], [6, 10]),
      integers: Uint8Array.of(CATEGORY, 0),
      maxEvaluations: 100_000,
    });
    expect(run.last.params[0]).toBe(2);
    expect(run.last.params[1]).toBeCloseTo(2, 5);
  });
});
