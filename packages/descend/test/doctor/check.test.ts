/** Oracle: the three digits of each number, by hand. */

import { describe, expect, it } from "vitest";
import { short } from "../../src/doctor/check.js";

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
