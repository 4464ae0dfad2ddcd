import { describe, expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";
import { classicProblems } from "../../src/problems/classic.js";
import { moreGarbowHillstromProblems } from "../../src/problems/more-garbow-hillstrom.js";

/** Oracle: certified minima of the catalogue of problems. */
describe("the default method", () => {
  it.each([...classicProblems, ...moreGarbowHillstromProblems].map((problem) => [problem.name, problem] as const))(
    "compiles %s",
    (_, problem) => {
      const solution = minimize(problem.objective as (x: number[]) => number, [...problem.start], { maxSteps: 0, certify: false });
      expect(solution.gradientSource).toBe("compiled");
    },
  );

  /** Ends that are no minimum, and are named so. */
  const elsewhere: Record<string, string> = { BiggsEXP6: "saddle" };

  it.each(moreGarbowHillstromProblems.map((problem) => [problem.name, problem] as const))("solves %s from its start", (name, problem) => {
    const solution = minimize(problem.objective as (x: number[]) => number, [...problem.start]);
    const gap = Math.min(...problem.minima.map(({ value }) => Math.abs(solution.value - value) / Math.max(1, Math.abs(value))));
    expect(gap).toBeLessThan(1e-8);
    expect(solution.verdict).toBe(elsewhere[name] ?? "converged");
  });
});
