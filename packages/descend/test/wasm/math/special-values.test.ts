// Oracle: ISO C Annex F (IEC 60559) for the elementary functions, ECMAScript's `**` for pow, limits for the others.

import { describe, expect, it } from "vitest";
import type { MathOp } from "../../../src/wasm/math/library.js";
import { applyToRows, type Format } from "./apply-function.js";

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const pi = Math.PI;

/** Rows of arguments and the exact result. */
// biome-ignore format: a table
const table: Partial<Record<MathOp, readonly (readonly number[])[]>> = {
  exp: [[0, 1], [-0, 1], [inf, inf], [-inf, 0], [nan, nan], [1e308, inf], [-1e308, 0], [1e-300, 1]],
  expm1: [[0, 0], [-0, -0], [inf, inf], [-inf, -1], [nan, nan], [-1000, -1], [1000, inf]],
  log: [[1, 0], [0, -inf], [-0, -inf], [-1, nan], [-inf, nan], [inf, inf], [nan, nan]],
  log1p: [[0, 0], [-0, -0], [-1, -inf], [-2, nan], [-inf, nan], [inf, inf], [nan, nan]],
  sin: [[0, 0], [-0, -0], [inf, nan], [-inf, nan], [nan, nan]],
  cos: [[0, 1], [-0, 1], [inf, nan], [-inf, nan], [nan, nan]],
  tan: [[0, 0], [-0, -0], [inf, nan], [-inf, nan], [nan, nan]],
  asin: [[0, 0], [-0, -0], [1.5, nan], [-1.5, nan], [inf, nan], [nan, nan]],
  acos: [[1, 0], [1.5, nan], [-1.5, nan], [inf, nan], [nan, nan]],
  atan: [[0, 0], [-0, -0], [inf, pi / 2], [-inf, -pi / 2], [nan, nan]],
  sinh: [[0, 0], [-0, -0], [inf, inf], [-inf, -inf], [1000, inf], [-1000, -inf], [nan, nan]],
  cosh: [[0, 1], [-0, 1], [inf, inf], [-inf, inf], [1000, inf], [nan, nan]],
  tanh: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [1000, 1], [-1000, -1], [nan, nan]],
  sigmoid: [[0, 0.5], [-0, 0.5], [inf, 1], [-inf, 0], [1000, 1], [-1000, 0], [nan, nan]],
  softplus: [[inf, inf], [-inf, 0], [1000, 1000], [-1000, 0], [nan, nan]],
  erf: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [7, 1], [-7, -1], [nan, nan]],
  lgamma: [[1, 0], [2, 0], [0, inf], [-0, inf], [-1, inf], [-20, inf], [inf, inf], [-inf, inf], [nan, nan]],
  digamma: [[0, -inf], [-0, inf], [-1, nan], [-20, nan], [inf, inf], [-inf, nan], [nan, nan]],
  atan2: [
    [0, 1, 0], [-0, 1, -0], [0, 0, 0], [-0, 0, -0], [0, -0, pi], [-0, -0, -pi], [0, -1, pi], [-0, -1, -pi], [1, 0, pi / 2], [1, -0, pi / 2], [-1, 0, -pi / 2],
    [1, inf, 0], [-1, inf, -0], [1, -inf, pi], [-1, -inf, -pi], [inf, 1, pi / 2], [-inf, 1, -pi / 2], [inf, inf, pi / 4], [-inf, inf, -pi / 4],
    [inf, -inf, (3 * pi) / 4], [-inf, -inf, (-3 * pi) / 4], [nan, 1, nan], [1, nan, nan], [nan, inf, nan],
  ],
};

const formats: readonly Format[] = ["float64", "float32"];

describe.each(formats)("special values in %s", (format) => {
  const rounded = (value: number): number => (format === "float64" ? value : Math.fround(value));

  it.each(Object.entries(table))("%s", (name, rows) => {
    const computed = applyToRows(name as MathOp, format, rows);
    expect(computed).toEqual(rows.map((row) => rounded(row.at(-1)!)));
  });

  it("pow follows the cases of the ** operator", () => {
    const bases = [0, -0, 1, -1, 2, -2, 0.5, -0.5, inf, -inf, nan, 3, -3, 1e30, -1e30];
    const powers = [0, -0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, inf, -inf, nan, 1e30, -1e30, 2 ** 20 + 1, 9007199254740991, 9007199254740992];
    // Only cases whose result is 0, ±1, ±∞ or NaN, which are exact in every engine
    const rows = bases
      .flatMap((x) => powers.map((y) => [rounded(x), rounded(y)]))
      .filter(([x, y]) => [0, 1, inf].includes(Math.abs(rounded(x! ** y!))) || Number.isNaN(x! ** y!));
    expect(applyToRows("pow", format, rows)).toEqual(rows.map(([x, y]) => rounded(x! ** y!)));
  });

  it("keeps the smallest numbers where the function is the identity near 0", () => {
    const smallest = format === "float64" ? 2 ** -1074 : 2 ** -149;
    const rows = [smallest, -smallest, 3 * smallest, smallest * 2 ** 20].map((x) => [x]);
    for (const name of ["expm1", "log1p", "sin", "tan", "asin", "atan", "sinh", "tanh"] as const) {
      expect(applyToRows(name, format, rows), name).toEqual(rows.flat());
    }
  });
});

describe("gradual underflow", () => {
  it("exp and pow round to subnormal numbers once", () => {
    // Exact values by mpmath: exp(−745) = 1.00000…·2⁻¹⁰⁷⁴·…, 2⁻¹⁰⁷⁴, 10⁻³²³
    expect(applyToRows("exp", "float64", [[-745], [-745.2]])).toEqual([5e-324, 0]);
    expect(
      applyToRows("pow", "float64", [
        [2, -1074],
        [2, -1075],
        [10, -323],
        [2, -1073],
        [0.5, 1060],
      ]),
    ).toEqual([5e-324, 0, 1e-323, 1e-323, 2 ** -1060]);
  });
});
