/** Oracle: each schedule's formula worked by hand at its ends and corners. */

import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors.js";
import { tensor } from "../../../src/graph/tensor-functions.js";
import { constantRate } from "../../../src/optim/schedules/constant-rate.js";
import { cosineDecay } from "../../../src/optim/schedules/cosine-decay.js";
import { cosineRestarts } from "../../../src/optim/schedules/cosine-restarts.js";
import { exponentialDecay } from "../../../src/optim/schedules/exponential-decay.js";
import { inverseTimeDecay } from "../../../src/optim/schedules/inverse-time-decay.js";
import { joinSchedules } from "../../../src/optim/schedules/join-schedules.js";
import { linearRamp } from "../../../src/optim/schedules/linear-ramp.js";
import { multiStepDecay } from "../../../src/optim/schedules/multi-step-decay.js";
import { multiplySchedules } from "../../../src/optim/schedules/multiply-schedules.js";
import { oneCycle } from "../../../src/optim/schedules/one-cycle.js";
import { polynomialDecay } from "../../../src/optim/schedules/polynomial-decay.js";
import { type Schedule, valueAt } from "../../../src/optim/schedules/schedule.js";
import { stepDecay } from "../../../src/optim/schedules/step-decay.js";
import { triangularCycle } from "../../../src/optim/schedules/triangular-cycle.js";
import { warmUp } from "../../../src/optim/schedules/warm-up.js";
import { scheduleValues } from "../run-rule.js";

const at = (schedule: Schedule, ...steps: number[]): number[] => {
  const values = scheduleValues(schedule, Math.max(...steps) + 1);
  return steps.map((step) => values[step]!);
};

describe("schedules", () => {
  it("a constant rate is the same at every step", () => expect(at(constantRate(0.3), 0, 7)).toEqual([0.3, 0.3]));

  it("exponential decay has the ratio γ over k steps", () => {
    const [first, , later] = at(exponentialDecay({ initial: 2, factor: 0.25, every: 4 }), 0, 1, 4);
    expect(first).toBe(2);
    expect(later).toBe(0.5);
    expect(at(exponentialDecay({ initial: 2, factor: 0.25, every: 4 }), 2)[0]).toBeCloseTo(1, 15);
  });

  it("step decay drops at multiples of k", () =>
    expect(at(stepDecay({ initial: 8, every: 3, factor: 0.5 }), 0, 2, 3, 5, 6)).toEqual([8, 8, 4, 4, 2]));

  it("multi-step decay drops at its milestones, twice at one given twice", () =>
    expect(at(multiStepDecay({ initial: 8, milestones: [5, 2, 5], factor: 0.5 }), 0, 1, 2, 4, 5)).toEqual([8, 8, 4, 4, 1]));

  it("inverse time decay halves after 1/κ steps", () => {
    expect(at(inverseTimeDecay({ initial: 1, decay: 0.5 }), 0, 2, 6)).toEqual([1, 0.5, 0.25]);
    expect(at(inverseTimeDecay({ initial: 1, power: 0.5 }), 0, 3)[1]).toBeCloseTo(0.5, 15);
  });

  it("polynomial decay reaches its end and stays", () => {
    expect(at(polynomialDecay({ initial: 4, final: 1, steps: 4 }), 0, 2, 4, 9)).toEqual([4, 2.5, 1, 1]);
    expect(at(polynomialDecay({ initial: 4, steps: 4, power: 2 }), 2)).toEqual([1]);
  });

  it("a ramp is straight and then level, up or down", () => {
    expect(at(linearRamp({ from: 0, to: 1, steps: 4 }), 0, 1, 4, 6)).toEqual([0, 0.25, 1, 1]);
    expect(at(linearRamp({ from: 1, to: 0.5, steps: 2 }), 0, 1, 2)).toEqual([1, 0.75, 0.5]);
  });

  it("cosine decay is at the middle half way, and holds its end exactly", () => {
    const [start, middle, end, after] = at(cosineDecay({ initial: 1, final: 0, steps: 10 }), 0, 5, 10, 13);
    expect([start, end, after]).toEqual([1, 0, 0]);
    expect(middle).toBeCloseTo(0.5, 15);
  });

  it("cosine restarts grow by m: with T₀ = 2 and m = 3 they begin at 0, 2, 8, 26", () => {
    const values = scheduleValues(cosineRestarts({ initial: 1, final: 0.25, period: 2, growth: 3 }), 30);
    expect([0, 2, 8, 26].map((k) => values[k])).toEqual([1, 1, 1, 1]);
    expect(values.filter((value) => value === 1)).toHaveLength(4);
    expect(values[5]).toBeCloseTo(0.625, 15);
    expect(Math.min(...values)).toBeGreaterThan(0.25);
  });

  it("one cycle meets its three values at 0, rT − 1 and T − 1", () => {
    const [first, top, last, after] = at(oneCycle({ initial: 0.5, peak: 2, final: 0.25, steps: 20, rise: 0.3 }), 0, 5, 19, 25);
    expect(first).toBeCloseTo(0.5, 15);
    expect(top).toBe(2);
    expect([last, after]).toEqual([0.25, 0.25]);
  });

  it("a triangular cycle fades by d per cycle and e per step", () => {
    const even = triangularCycle({ low: 1, high: 3, rise: 2, fall: 4 });
    expect(at(even, 0, 1, 2, 3, 4, 6, 8)).toEqual([1, 2, 3, 2.5, 2, 1, 3]);
    expect(at(triangularCycle({ low: 1, high: 3, rise: 2, fall: 4, decayPerCycle: 0.5 }), 2, 8, 14)).toEqual([3, 2, 1.5]);
    expect(at(triangularCycle({ low: 0, high: 1, rise: 1, decayPerStep: 0.5 }), 1, 3)).toEqual([0.5, 0.125]);
  });

  it("joined schedules count from their own starts", () => {
    const joined = joinSchedules([7, linearRamp({ from: 0, to: 2, steps: 2 }), 9], [2, 5]);
    expect(at(joined, 0, 1, 2, 3, 4, 5)).toEqual([7, 7, 0, 1, 2, 9]);
  });

  it("a product is taken step by step", () =>
    expect(at(multiplySchedules(2, stepDecay({ initial: 3, every: 1, factor: 0.5 })), 0, 1)).toEqual([6, 3]));

  it("a warm-up climbs to the first value of what follows", () =>
    expect(at(warmUp(stepDecay({ initial: 8, every: 1, factor: 0.5 }), { steps: 4 }), 0, 1, 3, 4, 5)).toEqual([0, 2, 6, 8, 4]));

  it("a plain function of the step is a schedule", () => {
    const own: Schedule = (step) => step.add(1).sqrt().pow(-1);
    expect(at(own, 0, 3)).toEqual([1, 0.5]);
    expect(valueAt(own, tensor(3)).shape).toEqual([]);
  });

  it.each([
    ["cosineDecay", "steps", () => cosineDecay({ initial: 1, steps: 0 })],
    ["stepDecay", "every", () => stepDecay({ initial: 1, every: 1.5 })],
    ["linearRamp", "from", () => linearRamp({ from: -1, to: 1, steps: 2 })],
    ["multiStepDecay", "milestones", () => multiStepDecay({ initial: 1, milestones: [3, 0] })],
    ["oneCycle", "rise", () => oneCycle({ peak: 1, steps: 4, rise: 0.2 })],
    ["joinSchedules", "boundaries", () => joinSchedules([1, 2, 3], [4, 4])],
    ["warmUp", "steps", () => warmUp(1, { steps: Number.NaN })],
  ])("%s refuses a bad %s", (_, option, make) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option }) }));
  });

  it("refuses boundaries that do not fit the parts", () =>
    expect(() => joinSchedules([1, 2], [])).toThrow(expect.objectContaining({ code: "OPTIONS_CONFLICT" })));
});
