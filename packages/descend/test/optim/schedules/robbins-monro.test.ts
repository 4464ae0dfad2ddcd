/** Oracle: the convergence of Σ t^p·(log t)^q, Σ γᵗ and of periodic rates, from calculus. */

import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/graph/tensor.js";
import { tensor, where } from "../../../src/graph/tensor-functions.js";
import { constantRate } from "../../../src/optim/schedules/constant-rate.js";
import { cosineDecay } from "../../../src/optim/schedules/cosine-decay.js";
import { cosineRestarts } from "../../../src/optim/schedules/cosine-restarts.js";
import { exponentialDecay } from "../../../src/optim/schedules/exponential-decay.js";
import { growthOf } from "../../../src/optim/schedules/growth.js";
import { inverseTimeDecay } from "../../../src/optim/schedules/inverse-time-decay.js";
import { joinSchedules } from "../../../src/optim/schedules/join-schedules.js";
import { linearRamp } from "../../../src/optim/schedules/linear-ramp.js";
import { multiStepDecay } from "../../../src/optim/schedules/multi-step-decay.js";
import { multiplySchedules } from "../../../src/optim/schedules/multiply-schedules.js";
import { oneCycle } from "../../../src/optim/schedules/one-cycle.js";
import { polynomialDecay } from "../../../src/optim/schedules/polynomial-decay.js";
import { robbinsMonro } from "../../../src/optim/schedules/robbins-monro.js";
import type { Hyperparameter } from "../../../src/optim/schedules/schedule.js";
import { stepDecay } from "../../../src/optim/schedules/step-decay.js";
import { triangularCycle } from "../../../src/optim/schedules/triangular-cycle.js";
import { warmUp } from "../../../src/optim/schedules/warm-up.js";

const t = (step: Tensor): Tensor => step.add(1);

/** [rate, Σα = ∞, Σα² < ∞, exponent, basis] */
const cases: Record<string, [Hyperparameter, boolean, boolean, number, "formula" | "values"]> = {
  "c/t": [inverseTimeDecay({ initial: 3 }), true, true, 1, "formula"],
  "c/t^0.6": [inverseTimeDecay({ initial: 3, power: 0.6, decay: 0.01 }), true, true, 0.6, "formula"],
  "c/t^0.5": [inverseTimeDecay({ initial: 3, power: 0.5 }), true, false, 0.5, "formula"],
  "c/t²": [inverseTimeDecay({ initial: 3, power: 2 }), false, true, 2, "formula"],
  "a number": [0.1, true, false, 0, "formula"],
  "a number 0": [0, false, true, Number.POSITIVE_INFINITY, "formula"],
  "a constant": [constantRate(0.1), true, false, 0, "formula"],
  "a geometric decay": [exponentialDecay({ initial: 1, factor: 0.99 }), false, true, Number.POSITIVE_INFINITY, "formula"],
  "geometric growth": [exponentialDecay({ initial: 1, factor: 1.01 }), true, false, Number.NEGATIVE_INFINITY, "formula"],
  "a staircase": [stepDecay({ initial: 1, every: 30 }), false, true, Number.POSITIVE_INFINITY, "formula"],
  "drops at milestones": [multiStepDecay({ initial: 1, milestones: [10, 20] }), true, false, 0, "formula"],
  "a decay to 0": [cosineDecay({ initial: 1, steps: 100 }), false, true, Number.POSITIVE_INFINITY, "formula"],
  "a decay to 0.01": [cosineDecay({ initial: 1, steps: 100, final: 0.01 }), true, false, 0, "formula"],
  "a straight decay": [polynomialDecay({ initial: 1, steps: 100 }), false, true, Number.POSITIVE_INFINITY, "formula"],
  "a ramp": [linearRamp({ from: 0, to: 1, steps: 10 }), true, false, 0, "formula"],
  "one cycle": [oneCycle({ peak: 1, steps: 100 }), true, false, 0, "formula"],
  "a warm-up, then c/t": [warmUp(inverseTimeDecay({ initial: 1 }), { steps: 50 }), true, true, 1, "formula"],
  "a constant, then c/t^0.75": [joinSchedules([1, inverseTimeDecay({ initial: 1, power: 0.75 })], [100]), true, true, 0.75, "formula"],
  "1/√t times 1/√t": [
    multiplySchedules(inverseTimeDecay({ initial: 1, power: 0.5 }), inverseTimeDecay({ initial: 1, power: 0.5 })),
    true,
    true,
    1,
    "formula",
  ],
  "0.1/√(1 + t), written by hand": [(step) => t(step).sqrt().pow(-1).mul(0.1), true, false, 0.5, "formula"],
  "1/(t·log t)": [(step) => tensor(1).div(t(step).mul(step.add(2).log())), true, true, 1, "formula"],
  "1/(t·log² t)": [(step) => tensor(1).div(t(step).mul(step.add(2).log().square())), false, true, 1, "formula"],
  "exp(−t/10)": [(step) => step.div(-10).exp(), false, true, Number.POSITIVE_INFINITY, "formula"],
  "the smaller of 1/t and 1/√t": [(step) => t(step).pow(-1).minimum(t(step).pow(-0.5)), true, true, 1, "formula"],
  "the larger of 1/t and 1/√t": [(step) => t(step).pow(-1).maximum(t(step).pow(-0.5)), true, false, 0.5, "formula"],
  "a cycle for ever": [triangularCycle({ low: 0.1, high: 1, rise: 10 }), true, false, 0, "values"],
  "a cosine for ever": [cosineDecay({ initial: 1, steps: 100, afterwards: "return" }), true, false, 0, "values"],
  "restarts for ever": [cosineRestarts({ initial: 1, period: 7, growth: 1 }), true, false, 0, "values"],
  "a wave over 1/t": [(step) => step.sin().add(2).div(t(step)), true, true, 1, "values"],
  "a wave over t^1.5": [(step) => step.sin().add(2).div(t(step).pow(1.5)), false, true, 1.5, "values"],
  "1/t in every other step": [(step) => where(step.mul(0.5).floor().mul(2).equal(step), t(step).pow(-1), 0), true, true, 1, "values"],
  "stretched exponential": [(step) => step.sqrt().neg().exp(), false, true, Number.POSITIVE_INFINITY, "values"],
};

describe("robbinsMonro", () => {
  it.each(Object.entries(cases))("%s", (_, [rate, sumDiverges, squareSumConverges, exponent, basis]) => {
    const result = robbinsMonro(rate);
    expect(result).toMatchObject({ sumDiverges, squareSumConverges, holds: sumDiverges && squareSumConverges, basis });
    // Estimates come from sums over doubling blocks: a slope with an error of a few per cent.
    if (Number.isFinite(exponent)) expect(Math.abs(result.exponent - exponent)).toBeLessThan(basis === "formula" ? 1e-12 : 0.05);
    else expect(result.exponent).toBe(exponent);
    expect(result.reason).toContain(`Σα ${sumDiverges ? "= ∞" : "< ∞"} and Σα² ${squareSumConverges ? "< ∞" : "= ∞"}`);
  });

  it("knows the constant in front where the formula tells", () => {
    expect(growthOf((step) => step.mul(3).add(7).div(step.square().add(1)))).toMatchObject({ scale: 3, power: -1 });
    expect(growthOf((step) => step.add(5).sub(step))).toBeUndefined();
  });
});
