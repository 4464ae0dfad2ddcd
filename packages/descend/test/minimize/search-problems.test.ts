/**
 * Oracle: certified minima of the problems of Moré, Garbow and Hillstrom. Solved means a value within 1e-8 of one of them, relative to
 * max(1, |f|), from the standard start with 3000 steps. What a method does not solve is stated, with the reason.
 */

import { beforeAll, describe, expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";
import { conjugateGradient } from "../../src/optim/conjugate-gradient/conjugate-gradient.js";
import { newton } from "../../src/optim/newton/newton.js";
import { newtonCg } from "../../src/optim/newton/newton-cg.js";
import { trustRegion } from "../../src/optim/newton/trust-region.js";
import { bfgs } from "../../src/optim/quasi-newton/bfgs.js";
import { lbfgs } from "../../src/optim/quasi-newton/lbfgs.js";
import { lbfgsb } from "../../src/optim/quasi-newton/lbfgsb.js";
import type { SearchMethod } from "../../src/optim/search-method.js";
import { barzilaiBorwein } from "../../src/optim/spectral/barzilai-borwein.js";
import { moreGarbowHillstromProblems } from "../../src/problems/more-garbow-hillstrom.js";

/** Curvatures 2 and 2e12 at the minimum: values within 1e-8 need 14 digits of x₁, and the gradient says "small" before. */
const SCALES = "BrownBadlyScaled";
/** A curved valley of condition 1e15. */
const VALLEY = "Meyer";

const methods: [string, SearchMethod, readonly string[]][] = [
  ["lbfgs", lbfgs(), []],
  ["lbfgs with hager-zhang", lbfgs({ search: "hager-zhang" }), []],
  ["lbfgsb", lbfgsb(), [SCALES, VALLEY]],
  ["bfgs", bfgs(), [SCALES]],
  ["bfgs with hager-zhang", bfgs({ search: "hager-zhang" }), []],
  ["trustRegion exact", trustRegion(), []],
  ["trustRegion dogleg", trustRegion({ subproblem: "dogleg" }), [VALLEY]],
  ["trustRegion steihaug", trustRegion({ subproblem: "steihaug" }), [VALLEY]],
  ["newton", newton(), [VALLEY]],
  // Inner iterations without a preconditioner lose conjugacy in 1e15, and on Gulf's plateau curvature is rounding.
  ["newtonCg", newtonCg(), [VALLEY, "GulfResearch"]],
  // No curvature is remembered: condition numbers of 1e9 and more take more steps than there are.
  ["conjugateGradient", conjugateGradient(), ["PowellBadlyScaled", VALLEY]],
  ["barzilaiBorwein", barzilaiBorwein(), ["PowellBadlyScaled", SCALES, VALLEY, "GulfResearch"]],
];

interface Outcome {
  readonly name: string;
  readonly gap: number;
  readonly converged: boolean;
}
/** By method. */
const ended = new Map<SearchMethod, Outcome[]>(methods.map(([, method]) => [method, []]));

// Problem by problem: what is compiled of one for a method serves the next
beforeAll(() => {
  for (const { name, objective, start, minima } of moreGarbowHillstromProblems) {
    for (const [method, outcomes] of ended) {
      const { value, converged } = minimize(objective as (x: number[]) => number, [...start], { method, maxSteps: 3000 });
      const gap = Math.min(...minima.map((minimum) => Math.abs(value - minimum.value) / Math.max(1, Math.abs(minimum.value))));
      outcomes.push({ name, gap, converged });
    }
  }
});

describe.each(methods)("%s", (_, method, unsolved) => {
  const outcomes = ended.get(method)!;

  it(`solves all problems but ${unsolved.length}`, () => {
    expect(outcomes.filter(({ gap }) => !(gap < 1e-8)).map(({ name }) => name)).toEqual(unsolved);
  });

  it("never calls a point converged whose value is far from every certified minimum", () => {
    for (const { name, gap, converged } of outcomes) if (converged) expect(gap, name).toBeLessThan(1e-5);
  });
});
