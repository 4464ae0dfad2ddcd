/** Oracle: the three digits of each number, and confidences by their definition, by hand. */

import { describe, expect, it } from "vitest";
import { confidenceOf, short } from "../../src/doctor/check.js";

describe("numbers in sentences of the doctor", () => {
  it.each([
    [0, "0"],
    [0.968123, "0.968"],
    [12345.6, "12300"],
    [-0.000123456, "-0.000123"],
    [0.0000127, "1.27e-5"],
    [-3.0249e22, "-3.02e22"],
    [1_189_000_000, "1.19e9"],
    [999_600_000, "1e9"],
    [850_000_000, "850000000"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NaN, "NaN"],
  ])("have three digits, and a power of ten where zeros would have to be counted: %d", (value, expected) => {
    expect(short(value)).toBe(expected);
  });
});

describe("the confidence of a finding", () => {
  it.each([
    [7, 7, 0.5],
    [10, 1, 0.95],
    [Math.sqrt(10), 1, 0.725],
    [1e9, 1, 0.95],
    [2, 20, 0.05],
    [0.2 / Math.sqrt(10), 0.2, 0.275],
    [0, 3, 0.05],
    [Number.POSITIVE_INFINITY, 3, 0.95],
    [Number.NaN, 3, 0.95],
  ])("of %d beside a threshold of %d is %d", (value, threshold, expected) => {
    expect(confidenceOf(value, threshold)).toBeCloseTo(expected, 12);
  });
});
