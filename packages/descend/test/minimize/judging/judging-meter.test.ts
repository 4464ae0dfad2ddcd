/**
 * What judging costs, by counted evaluations: a value is a third of a gradient, a product with the Hessian two. Oracle: the
 * difference between a descent that is judged and the same one that is not, where they make the same steps, and the promise of
 * 60 gradients or a twentieth of the descent.
 */

import { describe, expect, it } from "vitest";
import { minimize } from "../../../src/minimize/minimize.js";
import type { DescentOptions } from "../../../src/minimize/options.js";
import type { Solution } from "../../../src/minimize/solution.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { classicProblems } from "../../../src/problems/classic.js";
import { moreGarbowHillstromProblems } from "../../../src/problems/more-garbow-hillstrom.js";
import { adversaries } from "../adversaries/index.js";

/** Evaluations in gradients, counted anew from what a solution says. */
function inGradients({ gradientSource, evaluations: { value, gradient, hessianVector } }: Solution<number[]>, n: number): number {
  if (gradientSource === "finite-difference") return value / (2 * n + 1);
  return gradient + (gradientSource === "compiled" ? 2 * hessianVector : 0) + Math.max(0, value - gradient) / 3;
}

/** Judging against what it may cost. */
function share(objective: (x: number[]) => number, start: readonly number[], options: Omit<DescentOptions, "data">): number {
  const solution = minimize(objective, [...start], options);
  const judging = solution.judging!;
  return judging / Math.max(60, 0.05 * (inGradients(solution, start.length) - judging));
}

const problems = [...new Map([...classicProblems, ...moreGarbowHillstromProblems].map((problem) => [problem.name, problem])).values()];

describe("judging", () => {
  it("takes no more than 60 gradients or a twentieth of the descent of any adversary", () => {
    const over = adversaries
      .map(({ name, objective, start, options = {} }) => ({ name, share: share(objective, start, options) }))
      .filter((each) => !(each.share <= 1));
    expect(over).toEqual([]);
  });

  it.each(["lbfgs", "gradientDescent", "adam", "newton", "nelderMead"])(
    "takes no more than that of any classic problem by %s",
    (method) => {
      const over = problems
        .map(({ name, objective, start }) => ({
          name,
          share: share(objective as (x: number[]) => number, start, { method, maxSteps: 1000 }),
        }))
        .filter((each) => !(each.share <= 1));
      expect(over).toEqual([]);
    },
  );

  it("is the difference to a descent that is not judged", () => {
    const bowl = ([x, y]: number[]) => x! ** 2 + 3 * y! ** 2;
    const options = { method: gradientDescent({ learningRate: 0.1 }), maxSteps: 40 };
    const judged = minimize(bowl, [1, 1], options);
    const plain = minimize(bowl, [1, 1], { ...options, certify: false });
    expect(plain.judging).toBe(0);
    expect(judged.judging).toBeGreaterThan(0);
    expect(judged.judging).toBeCloseTo(inGradients(judged, 2) - inGradients(plain, 2), 9);
  });

  it("asks little before a point that is pursued is near: quartics of twelve parameters", () => {
    const quartic = (x: number[]) => x.reduce((sum, value) => sum + value ** 4, 0);
    const solution = minimize(quartic, new Array<number>(12).fill(1));
    expect(solution.converged).toBe(true);
    expect(solution.judging).toBeLessThanOrEqual(60);
  });
});
