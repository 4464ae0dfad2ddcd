/** Oracle: closed forms of the recurrences. */

import { describe, expect, it } from "vitest";
import { chain } from "../../../src/optim/chain.js";
import { addMomentum } from "../../../src/optim/transforms/add-momentum.js";
import { ema } from "../../../src/optim/transforms/ema.js";
import { runRule } from "../run-rule.js";

const constant = { steps: 60, gradient: () => [0.7, -3.1] };

describe("ema", () => {
  it("of a constant is it at every step once its bias is removed, within 8 ulps in 60 steps", () => {
    for (const decay of [0.9, 0.999, 0.3]) {
      for (const update of runRule(ema({ decay, debias: true }), [0, 0], constant).updates) {
        expect(Math.abs(update[0]! - 0.7)).toBeLessThanOrEqual(8 * 2 ** -53);
        expect(Math.abs(update[1]! + 3.1)).toBeLessThanOrEqual(8 * 2 ** -51);
      }
    }
  });

  it("of a constant is that in float32, too, where 1 − βᵗ would have lost half its digits", () => {
    const { updates } = runRule(ema({ decay: 0.9999, debias: true }), [0, 0], { ...constant, dtype: "float32" });
    for (const update of updates) expect(Math.abs(update[0]! / 0.7 - 1)).toBeLessThan(8 * 2 ** -24 * 2);
  });

  it("of a constant c is c·(1 − βᵗ) with its bias", () => {
    const { updates } = runRule(ema({ decay: 0.5 }), [0, 0], constant);
    expect(updates[0]![0]).toBeCloseTo(0.35, 15);
    expect(updates[2]![0]).toBeCloseTo(0.7 * 0.875, 15);
  });

  it("follows a scheduled β and removes its bias exactly", () => {
    const { updates } = runRule(ema({ decay: (step) => step.div(step.add(1)), debias: true }), [0], {
      steps: 5,
      gradient: (_x, step) => [[1, 5, 0, 2, 7][step]!],
    });
    // β_t = t/(t+1) makes it the plain mean.
    expect(updates.map((update) => Math.round(update[0]! * 1e12) / 1e12)).toEqual([1, 3, 2, 2, 3]);
  });
});

describe("addMomentum", () => {
  it("of a constant c is c·(1 − μᵗ)/(1 − μ): the mean times 1/(1 − μ)", () => {
    const { updates } = runRule(addMomentum({ decay: 0.5 }), [0, 0], constant);
    expect(updates[3]![0]).toBeCloseTo((0.7 * (1 - 0.5 ** 4)) / 0.5, 14);
  });

  it("looks ahead by g + μ·m", () => {
    const { updates } = runRule(addMomentum({ decay: 0.5, nesterov: true }), [0], { steps: 2, gradient: () => [1] });
    expect(updates.map((update) => update[0])).toEqual([1.5, 1.75]);
  });

  it("twice in a chain keeps two states under two names", () => {
    const { states, updates } = runRule(chain(addMomentum({ decay: 0.5 }), addMomentum({ decay: 0.25 })), [0], {
      steps: 2,
      gradient: () => [1],
    });
    expect([...states[0]!.keys()]).toEqual(["addMomentum.m", "addMomentum#2.m"]);
    expect(updates.map((update) => update[0])).toEqual([1, 1.75]);
  });
});
