/** Oracle: the definition; norms are computed exactly in integers. */

import { describe, expect, it } from "vitest";
import { chain } from "../../../src/optim/chain.js";
import { normalizeBy } from "../../../src/optim/transforms/normalize-by.js";
import { scaleByLearningRate } from "../../../src/optim/transforms/scale-by-learning-rate.js";
import { applyRule, runRule } from "../run-rule.js";
import { exactTwoNorm, ulpOf } from "./exact-norm.js";

describe("normalizeBy", () => {
  it("makes steps of length 0.5 to 1 ulp down a bowl, until it circles the bottom", () => {
    const method = chain(normalizeBy(0.5), scaleByLearningRate(1));
    const { iterates, updates } = runRule(method, [30, -17], { steps: 100, gradient: ([x, y]) => [2 * x!, 2.2 * y!] });
    for (const update of updates) expect(Math.abs(exactTwoNorm(update) - 0.5)).toBeLessThanOrEqual(ulpOf(0.5));
    expect(exactTwoNorm(iterates[20]!)).toBeLessThan(exactTwoNorm(iterates[0]!) - 9);
    expect(exactTwoNorm(iterates[100]!)).toBeLessThan(0.75);
  });

  it("stretches what is short and gives 0 for 0", () => {
    expect([...applyRule(normalizeBy(10), [3e-7, 4e-7])].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([6, 8]);
    expect([...applyRule(normalizeBy(10), [0, 0])]).toEqual([0, 0]);
    expect(applyRule(normalizeBy(1), [3e-300, 4e-300])[0]).toBeCloseTo(0.6, 14);
  });
});
