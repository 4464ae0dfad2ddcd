/** Oracle: the documentation of the options. What they cannot be is refused with an error that names the option, never ignored. */

import { describe, expect, it } from "vitest";
import { DescendError } from "../../src/errors.js";
import { leastSquares } from "../../src/minimize/least-squares/least-squares.js";
import { createDescent, minimize } from "../../src/minimize/minimize.js";
import { minimizeFormula } from "../../src/minimize/minimize-formula.js";
import { multistart } from "../../src/minimize/several/multistart.js";
import { race } from "../../src/minimize/several/race.js";
import { sensitivityMap } from "../../src/minimize/several/sensitivity-map.js";
import { adam } from "../../src/optim/methods/adam.js";
import { lbfgs } from "../../src/optim/quasi-newton/lbfgs.js";
import { errorOf } from "../error-of.js";

const bowl = ([x]: number[]): number => (x! - 1) ** 2;
const perRow = (p: { a: number }, row: { x: number }): number => (p.a * row.x - 1) ** 2;
const data = { x: [1, 2, 3] };

function refusal(action: () => unknown): readonly [code: string, subject: string] {
  try {
    action();
  } catch (error) {
    if (error instanceof DescendError) return [error.code, error.message.split(":")[0]!];
    throw error;
  }
  throw new Error("expected an error");
}

describe("options that cannot be", () => {
  it("are missed by name where there must be some", () => {
    const refused = (action: () => unknown): string => refusal(action).join();
    expect(refused(() => race("x^2", { x: 1 }, undefined as never))).toBe("OPTION_OUT_OF_RANGE,options");
    expect(refused(() => sensitivityMap("x^2", { x: 1 }, undefined as never))).toBe("OPTION_OUT_OF_RANGE,options");
    expect(refused(() => multistart("x^2", undefined as never))).toBe("OPTION_OUT_OF_RANGE,starts");
    expect(refused(() => multistart("x^2", 5 as never))).toBe("OPTION_OUT_OF_RANGE,starts");
  });

  it("are refused where a rate is given twice, and taken from either place", () => {
    const twice = { method: "adam", learningRate: 0.1, methodOptions: { learningRate: 0.2 } };
    expect(refusal(() => minimize(bowl, [3], twice))).toEqual(["OPTIONS_CONFLICT", "learningRate"]);
    const [first, second] = [{ learningRate: 0.2 }, { methodOptions: { learningRate: 0.2 } }].map((rate) =>
      createDescent(bowl, [3], { method: "gradientDescent", ...rate }),
    );
    first!.step();
    second!.step();
    expect([first!.params[0], second!.params[0]]).toEqual([3 - 0.2 * 4, 3 - 0.2 * 4]);
  });

  it.each([
    ["method", 5],
    ["method", null],
    ["method", {}],
    ["method", adam],
    ["gradient", null],
    ["gradient", 5],
    ["stopping", null],
    ["stopping", 5],
    ["data", null],
    ["constants", 5],
    ["onStep", 5],
    ["clock", 5],
    ["signal", {}],
  ])("are refused by kind: %s = %s", (option, value) => {
    expect(refusal(() => minimize(bowl, [3], { [option]: value }))).toEqual(["OPTION_OUT_OF_RANGE", option]);
  });

  it("are refused as a whole", () => {
    expect(refusal(() => minimize(bowl, [3], null as never))).toEqual(["OPTION_OUT_OF_RANGE", "options"]);
    expect(refusal(() => minimize(bowl, [3], "adam" as never))).toEqual(["OPTION_OUT_OF_RANGE", "options"]);
  });

  it("are refused together: a rate beside a rule", () => {
    expect(refusal(() => minimize(bowl, [3], { method: adam(), learningRate: 0.1 }))).toEqual(["OPTIONS_CONFLICT", "learningRate"]);
  });

  it("are refused together: batches where only the whole table can be evaluated", () => {
    expect(refusal(() => minimize(perRow, { a: 0 }, { data, batch: 2, method: "lbfgs" }))).toEqual(["OPTIONS_CONFLICT", "batch"]);
    expect(refusal(() => minimize(perRow, { a: 0 }, { data, batch: 2, gradient: "central-difference" }))).toEqual([
      "OPTIONS_CONFLICT",
      "batch",
    ]);
  });

  it("are refused at the value that marks an absent tolerance inside", () => {
    expect(refusal(() => minimize(bowl, [3], { stopping: { valueTolerance: -1 } }))).toEqual([
      "OPTION_OUT_OF_RANGE",
      "stopping.valueTolerance",
    ]);
  });

  it("are refused as a count of steps", () => {
    for (const count of [Number.NaN, -1, 1.5])
      expect(refusal(() => createDescent(bowl, [3]).step(count))).toEqual(["OPTION_OUT_OF_RANGE", "step"]);
  });

  it("are refused as an answer that comes later, by whatever descends without pause", () => {
    const onStep = (async () => "stop") as never;
    const descents = [
      () => minimize(bowl, [3], { onStep }),
      () => minimize(bowl, [3], { onStep, constraints: { atMost: [([x]: number[]) => x! - 2] } }),
      () => createDescent(bowl, [3], { onStep }).step(),
      () => minimizeFormula("(x - 1)^2", { x: 3 }, { onStep }),
      () => leastSquares(([x]: number[]) => [Math.exp(x!) - 1], [3], { onStep }),
    ];
    for (const descend of descents) {
      const error = errorOf(descend);
      expect(error.code).toBe("OPTION_OUT_OF_RANGE");
      expect(error.details).toEqual({ option: "onStep", expected: "an answer at once", got: "a promise" });
      expect(error.message).toContain("minimizeAsync");
    }
  });

  it("are refused as a checkpoint", () => {
    const { cells: _, ...rest } = createDescent(bowl, [3]).checkpoint();
    expect(refusal(() => createDescent(bowl, [3], { checkpoint: rest as never }))).toEqual(["CHECKPOINT_INVALID", "checkpoint"]);
  });
});

it("lbfgs is found by the ways people write it", () => {
  for (const method of ["lbfgs", "L-BFGS", "l_bfgs", "LBFGS"]) expect(minimize(bowl, [3], { method }).method).toBe("lbfgs");
});

it("a rate that lbfgs does not use is said not to be used", () => {
  for (const method of [undefined, "lbfgs", lbfgs()]) {
    expect(minimize(bowl, [3], { method, learningRate: 0.1 }).warnings).toEqual([
      "learningRate is not used: lbfgs finds the length of its steps itself.",
    ]);
  }
});
