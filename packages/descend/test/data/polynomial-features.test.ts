import { describe, expect, it } from "vitest";
import { readFeatures } from "../../src/data/feature-table.js";
import { polynomialFeatures } from "../../src/data/polynomial-features.js";

describe("polynomial features", () => {
  it("are all products of powers up to the degree, named as one writes them", () => {
    const table = polynomialFeatures(readFeatures({ x: [2, -1], y: [3, 5] }), 3);
    expect(table.names).toEqual(["x", "y", "x²", "x·y", "y²", "x³", "x²·y", "x·y²", "y³"]);
    expect(table.columns.map((column) => Array.from(column))).toEqual([
      [2, -1],
      [3, 5],
      [4, 1],
      [6, -5],
      [9, 25],
      [8, -1],
      [12, 5],
      [18, -25],
      [27, 125],
    ]);
    expect(polynomialFeatures(readFeatures({ x: [2] }), 12).names.at(-1)).toBe("x¹²");
  });

  it("number (n + d choose d) − 1", () => {
    const four = readFeatures([[1, 2, 3, 4]]);
    expect([1, 2, 3].map((degree) => polynomialFeatures(four, degree).names.length)).toEqual([4, 14, 34]);
  });

  it("are refused for degrees that are none, and for more columns than anyone means", () => {
    const error = expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" });
    expect(() => polynomialFeatures(readFeatures([[1]]), 1.5)).toThrow(error);
    expect(() => polynomialFeatures(readFeatures([Array(60).fill(1)]), 5)).toThrow(error);
  });
});
