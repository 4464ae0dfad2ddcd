/**
 * Oracle: minima in closed form of functions as people write them; what cannot be read is called as it is,
 * and what cannot be called is told by name.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import type { Tensor } from "../../../src/graph/tensor.js";
import { leastSquares } from "../../../src/minimize/least-squares/least-squares.js";
import { minimize } from "../../../src/minimize/minimize.js";
import { errorOf } from "../../error-of.js";

afterEach(() => vi.restoreAllMocks());

describe("functions of numbers that look as if they took tensors", () => {
  const vectors = { add: (a: number, b: number) => a + b, sum: (values: number[]) => values.reduce((a, b) => a + b, 0) };

  it("print what they see, which is numbers", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const solution = minimize(
      ([x]: number[]) => {
        console.log(x);
        return (x! - 1) ** 2;
      },
      [9],
    );
    expect(solution.verdict).toBe("converged");
    expect(solution.params[0]).toBeCloseTo(1, 7);
    expect(solution.gradientReason).toContain("the variable console");
    expect(log.mock.calls.every(([x]) => typeof x === "number")).toBe(true);
  });

  it("call helpers whose names tensors have, too", () => {
    const added = minimize(([x, y]: number[]) => vectors.add((x! - 1) ** 2, (y! + 2) ** 2), [5, 5]);
    expect(added.params[0]).toBeCloseTo(1, 6);
    expect(added.params[1]).toBeCloseTo(-2, 6);
    expect(added.gradientSource).toBe("finite-difference");
    const summed = minimize((p: number[]) => vectors.sum(p.map((x, i) => (x - i) ** 2)), [5, 5]);
    expect(summed.params[0]).toBeCloseTo(0, 6);
    expect(summed.params[1]).toBeCloseTo(1, 6);
  });

  it("are fitted as residuals, also with rows", () => {
    const data = { t: [0, 1, 2, 3], y: [1, 3, 5, 7] };
    const fitted = leastSquares((p, row) => vectors.add(p.a * row.t, p.b) - row.y, { a: 0, b: 0 }, { data });
    expect(fitted.params.a).toBeCloseTo(2, 9);
    expect(fitted.params.b).toBeCloseTo(1, 9);
  });

  it("leave functions of tensors what they are, with their errors", () => {
    const shift = { one: (x: Tensor) => x.sub(1) };
    const solution = minimize((p: { x: Tensor }) => shift.one(p.x).square().sum(), { x: [3, 4] });
    expect(solution.gradientSource).toBe("compiled");
    expect(solution.params.x).toEqual([1, 1]);
    const wrong = (p: { x: Tensor }): Tensor => shift.one(p.x).reshape([3]).square().sum();
    expect(errorOf(() => minimize(wrong, { x: [3, 4] })).code).toMatch(/^SHAPE/);
  });
});

describe("what is no number", () => {
  const outside = { value: undefined as unknown };
  it.each([
    ["a promise", Promise.resolve(1), "minimizeAsync"],
    ["undefined", undefined, "return"],
    ["an array", [1, 2], "leastSquares"],
    ["bigint", 2n, "ordinary numbers"],
    ["an object (Generator)", (function* () {})(), ""],
    ["string", "2", ""],
  ])("is told: %s", (got, value, advice) => {
    outside.value = value;
    const error = errorOf(() => minimize((() => outside.value) as never, [1]));
    expect(error.code).toBe("OBJECTIVE_NOT_NUMERIC");
    expect(error.details).toEqual({ got });
    expect(error.message).toContain(advice);
  });
});

describe("a row where there is no table", () => {
  const line = (p: { a: number }, row: { x: number; y: number }): number => p.a * row.x - row.y;

  it("is missed by name", () => {
    for (const action of [
      () => minimize(line as never, { a: 1 }),
      () => leastSquares(line as never, { a: 1 }),
      () => minimize(line as never, { a: 1 }, { constraints: ["a >= 0"] }),
    ]) {
      const error = errorOf(action);
      expect(error.code).toBe("OPTIONS_CONFLICT");
      expect(error.details).toEqual({ options: ["data"] });
      expect(error.cause).toBeInstanceOf(TypeError);
    }
  });

  it("is nothing to a function that does without, and no excuse for one that fails by itself", () => {
    expect(minimize(((x: number, step = 2) => (x - step) ** 2) as never, 0 as number).params).toBeCloseTo(2, 9);
    const own = new RangeError("mine");
    const failing = (_p: number[], _unused: unknown): number => {
      throw own;
    };
    expect(() => minimize(failing as never, [1])).toThrow(own);
  });
});

describe('gradient: "exact"', () => {
  it("is refused where the objective cannot be read, with what keeps it from being read", () => {
    const outside = 3;
    const error = errorOf(() => minimize(([x]: number[]) => (x! - outside) ** 2, [0], { gradient: "exact" }));
    expect(error.code).toBe("OPTIONS_CONFLICT");
    expect(error.details).toEqual({ options: ["gradient", "objective"] });
    expect(error.message).toContain("the variable outside");
    expect(minimize(([x]: number[]) => (x! - 3) ** 2, [0], { gradient: "exact" }).gradientSource).toBe("compiled");
  });
});
