/** Oracle: the documentation of start and data. What they cannot be is refused by an error that names the place. */

import { describe, expect, it } from "vitest";
import { DescendError } from "../../src/errors.js";
import { minimize } from "../../src/minimize/minimize.js";

function message(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DescendError) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error("expected an error");
}

const circle: Record<string, unknown> = { x: 1 };
circle.self = circle;

describe("a start that cannot be", () => {
  it.each<[string, unknown, string]>([
    ["with a hole", Object.assign(new Array(3), { 0: 1, 2: 2 }), "start[1]: expected a number or an array of numbers, got undefined."],
    ["that holds itself", circle, "start.self: expected a number or an array of numbers, got one of the objects that hold it."],
    ["of whole numbers in a typed array", Int32Array.of(1, 2), "start: expected a number or an array of numbers, got Int32Array."],
    ["of another class", new Map([["a", 1]]), "start: expected a number or an array of numbers, got Map."],
  ])("is refused: one %s", (_, start, expected) => {
    expect(message(() => minimize((x: never) => x as number, start as never))).toBe(`PARAMS_NOT_NUMERIC ${expected}`);
  });
});

describe("data that cannot be", () => {
  it.each<[string, unknown, string]>([
    ["a number for a column", { x: 5 }, "COLUMN_NOT_NUMERIC data.x: expected an array of numbers, got a number."],
    ["null for a column", { x: null }, "COLUMN_NOT_NUMERIC data.x: expected an array of numbers, got null."],
    ["text for a column", { x: "123" }, "COLUMN_NOT_NUMERIC data.x: expected an array of numbers, got a string."],
    ["a row that is missing", { x: [[1], null] }, "COLUMN_NOT_NUMERIC data.x[1]: expected an array of numbers, got null."],
    [
      "a list of rows",
      [{ x: 1 }, { x: 2 }],
      "COLUMN_NOT_NUMERIC data: expected one array per column, such as { x: [1, 2], y: [3, 4] }, got a list of rows.",
    ],
    [
      "arrays within blocks",
      { x: [[[1]], [[2]]] },
      "DATA_NOT_FINITE data.x: expected finite numbers, got an object in row 0. Drop or fill the row first.",
    ],
    ["text in a column", { x: [1, "2"] }, 'DATA_NOT_FINITE data.x: expected finite numbers, got "2" in row 1. Drop or fill the row first.'],
  ])("is refused: %s", (_, data, expected) => {
    expect(message(() => minimize((p: number) => p ** 2, 1, { data: data as never }))).toBe(expected);
  });

  it("is refused where a formula could not tell a column from a variable", () => {
    expect(message(() => minimize("(x - 1)^2", { x: 3 }, { data: { x: [1, 2] } }))).toMatch(
      /^OPTIONS_CONFLICT data\.x: the start has a variable of this name/,
    );
  });
});

it("a Float32Array as start is compiled like any other", () => {
  const solution = minimize(([x, y]: Float32Array) => (x! - 0.1) ** 2 + (y! + 2) ** 2, Float32Array.of(3, 3));
  expect([solution.gradientSource, solution.verdict]).toEqual(["compiled", "converged"]);
  expect(solution.params[0]).toBe(Math.fround(0.1));
});
