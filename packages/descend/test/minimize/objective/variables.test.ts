/** Whole numbers and categories; the oracles are minima that can be counted out. */

import { describe, expect, it } from "vitest";
import { minimize, type Solution } from "../../../src/index.js";

const METHODS = ["compassSearch", "cmaes", "differentialEvolution", "simulatedAnnealing", "geneticAlgorithm"];

describe("whole numbers", () => {
  it.each([undefined, ...METHODS])("are counted up to six each by %s: sums over {0, …, 6}¹⁰ reach 60", (method) => {
    let between = 0;
    const sum = (x: number[]): number => {
      if (!x.every(Number.isInteger)) between++;
      return -x.reduce((total, v) => total + v, 0);
    };
    const solution = minimize(sum, new Array(10).fill(0), { method, bounds: [0, 6], variables: "integer" });
    expect(solution.value).toBe(-60);
    expect(solution.verdict).toBe("converged");
    expect(solution.tests.map((test) => test.name)).toContain("whole-neighbors");
    expect(solution.method).toBe(method ?? "geneticAlgorithm");
    expect(between).toBe(0);
  });

  it("mix with real numbers in a tree, and the derivative is taken along these only", () => {
    const f = (p: { n: number; x: number[] }): number => (p.x[0]! - p.n / 3) ** 2 + (p.n - 4.4) ** 2 + (p.x[1]! - 1) ** 2;
    for (const method of METHODS) {
      const { params, verdict } = minimize(
        f,
        { n: 0, x: [0, 0] },
        { method, variables: { n: "integer" }, bounds: { n: [-10, 10] } },
      ) as Solution<{ n: number; x: number[] }>;
      expect(params.n).toBe(4);
      expect(params.x[0]).toBeCloseTo(4 / 3, 6);
      expect(params.x[1]).toBeCloseTo(1, 6);
      expect(verdict).toBe("converged");
    }
  });

  it("are called converged where no neighbor is lower, and only there", () => {
    // One step of each pair alone is worse; both together are better: compassSearch ends at a point that its own neighbors confirm.
    const pairs = ([a, b]: number[]): number => (a === b ? -a! : 5);
    const stuck = minimize(pairs, [0, 0], { method: "compassSearch", variables: "integer", bounds: [0, 3] });
    expect([...stuck.x]).toEqual([0, 0]);
    expect(stuck.verdict).toBe("converged");
    // Ended early, at a point with a lower neighbor.
    const early = minimize(([n]: number[]) => -n!, [0], {
      method: "compassSearch",
      variables: "integer",
      bounds: [0, 100],
      maxEvaluations: 3,
    });
    expect(early.converged).toBe(false);
    expect(early.tests.find((test) => test.name === "whole-neighbors")?.passed).toBe(false);
  });

  it.each([
    [{ gradient: "central-difference" }, "central-difference"],
    [{ gradient: "spsa" }, "spsa"],
    [{ gradient: "central-difference", method: "adam" }, "central-difference"],
    [{ method: "adam" }, "adam"],
    [{ method: "lbfgs" }, "lbfgs"],
    [{ method: "nelderMead" }, "nelderMead"],
  ] as const)("are refused with a reason where there is no derivative: %o", (options, by) => {
    expect(() =>
      minimize((p: { x: number; n: number }) => p.x ** 2 + p.n ** 2, { x: 1, n: 2 }, { ...options, variables: { n: "integer" } }),
    ).toThrow(expect.objectContaining({ name: "OptionError", code: "INTEGERS_UNSUPPORTED", details: { path: ".n", kind: "integer", by } }));
  });
});

describe("categories", () => {
  const cost = [5, 9, 0, 9, 4, 9, 1];
  const f = (p: { kind: number; x: number }): number => cost[p.kind]! + (p.x - p.kind) ** 2;

  it.each(METHODS.filter((name) => name !== "cmaes"))("are found by %s whatever stands beside them", (method) => {
    const solution = minimize(f, { kind: 6, x: 1 }, { method, bounds: { kind: [0, 6] }, variables: { kind: "category" } });
    expect(solution.params.kind).toBe(2);
    expect(solution.params.x).toBeCloseTo(2, 6);
    expect(solution.verdict).toBe("converged");
  });

  it("are refused by methods that would measure distances between them, and without their first and last number", () => {
    const options = { variables: { kind: "category" } } as const;
    expect(() => minimize(f, { kind: 6, x: 1 }, { ...options, method: "cmaes", bounds: { kind: [0, 6] } })).toThrow(
      expect.objectContaining({ code: "INTEGERS_UNSUPPORTED", details: { path: ".kind", kind: "category", by: "cmaes" } }),
    );
    expect(() => minimize(f, { kind: 6, x: 1 }, options)).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option: "bounds.kind" }) }),
    );
  });
});

describe("the option variables", () => {
  it.each([
    ["whole", "variables"],
    [{ z: "integer" }, "variables.z"],
    [{ x: 3 }, "variables.x"],
    [["integer"], "variables"],
  ])("refuses %o", (variables, option) => {
    expect(() => minimize((p: { x: number }) => p.x ** 2, { x: 1 }, { variables: variables as never })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option }) }),
    );
  });

  it("refuses a start that is not whole, and bounds with nothing whole between them", () => {
    expect(() => minimize(([x]: number[]) => x! ** 2, [1.5], { variables: "integer" })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option: "start[0]", got: 1.5 }) }),
    );
    expect(() => minimize(([x]: number[]) => x! ** 2, [1], { variables: "integer", bounds: [0.2, 0.8] })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE", details: expect.objectContaining({ option: "bounds[0]" }) }),
    );
  });

  it("changes nothing where it says that all are real", () => {
    const f = ([x, y]: number[]): number => (x! - 1) ** 2 + (y! - x!) ** 2;
    expect(minimize(f, [0, 0], { variables: "real", method: "powell" }).x).toEqual(minimize(f, [0, 0], { method: "powell" }).x);
  });
});
