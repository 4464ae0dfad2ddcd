/**
 * Functions whose ends look like minimizers by all their derivatives and close by. Oracle: calculus; each case says what it would still fall
 * by, and nothing that is more than a millionth of what was gained may be left where "converged" or "precision-floor" is said.
 */

import { describe, expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";
import type { DescentOptions } from "../../src/minimize/options.js";

interface Case {
  readonly name: string;
  readonly f: (p: number[]) => number;
  readonly start: number[];
  readonly options?: Omit<DescentOptions, "data">;
  /** f less its infimum, without rounding; Infinity where there is none. */
  readonly gap: (p: readonly number[]) => number;
}

const bottomless = () => Number.POSITIVE_INFINITY;
const single = { precision: "float32" } as const;
const differences = { gradient: "central-difference" } as const;

const cases: readonly Case[] = [
  // Heights hide what higher orders do near the point.
  ...[0, 1, 1e3, 1e6].flatMap((height): Case[] => [
    {
      name: `x⁵ on a height of ${height}`,
      f: [
        ([x]: number[]) => x! ** 5,
        ([x]: number[]) => 1 + x! ** 5,
        ([x]: number[]) => 1e3 + 6 * x! ** 5,
        ([x]: number[]) => 1e6 + 6 * x! ** 5,
      ][[0, 1, 1e3, 1e6].indexOf(height)]!,
      start: [1],
      gap: bottomless,
    },
  ]),
  { name: "x² − y⁶ on a height", f: ([x, y]) => 1000 + 0.01 * x! ** 2 - 0.001 * y! ** 6, start: [1, 1e-3], gap: bottomless },
  {
    name: "x² − y⁶ on a height, by BFGS",
    f: ([x, y]) => 1000 + 0.01 * x! ** 2 - 0.001 * y! ** 6,
    start: [1, 1e-3],
    options: { method: "bfgs" },
    gap: bottomless,
  },
  {
    name: "x² − xy² on a height",
    f: ([x, y]) => 1e6 + 267 * x! ** 2 - 461 * x! * y! ** 2,
    start: [1, 1e-8],
    options: { method: "compassSearch" },
    gap: bottomless,
  },
  {
    name: "x² − y⁸ in float32",
    f: ([x, y]) => 21.9 * x! ** 2 - 0.0079 * y! ** 8,
    start: [1, 1e-3],
    options: { ...single, method: "newtonCg" },
    gap: bottomless,
  },
  {
    name: "x² + y⁵ on a height in float32",
    f: ([x, y]) => 1 + 0.0859 * x! ** 2 + 428 * y! ** 5,
    start: [1, 1e-8],
    options: single,
    gap: bottomless,
  },
  { name: "x⁴ − xy⁴", f: ([x, y]) => 1 + 0.0241 * x! ** 4 - 1.36 * x! * y! ** 4, start: [1, 0], gap: bottomless },
  {
    name: "x⁴ − xy⁴ by differences",
    f: ([x, y]) => 0.269 * x! ** 4 - 0.0117 * x! * y! ** 4,
    start: [1, 0],
    options: differences,
    gap: bottomless,
  },
  {
    name: "x² − y² on a height by differences",
    f: ([x, y]) => 1000 + 325 * x! ** 2 - 34.3 * y! ** 2,
    start: [1, 1e-8],
    options: differences,
    gap: bottomless,
  },
  {
    name: "x² + z² − y⁴ on a height by differences",
    f: ([x, y, z]) => 1000 + 0.00508 * (x! ** 2 + z! ** 2) - 0.00116 * y! ** 4,
    start: [1, 0, 2],
    options: differences,
    gap: bottomless,
  },
  {
    name: "(y − x³)² − x⁸ on a height",
    f: ([x, y]) => 1 + 0.00235 * (y! - x! ** 3) ** 2 - 725 * x! ** 8,
    start: [1e-3, 1],
    options: { method: "bfgs" },
    gap: bottomless,
  },
  // A long step led off to where the objective is level.
  {
    name: "e^−x² beside x⁸, stepped over",
    f: ([x, y]) => 1e8 * ((y! / 54.06) ** 8 - Math.exp(-((x! / 0.00415) ** 2))),
    start: [0.00446, -93.75],
    gap: ([x, y]) => 1e8 * ((y! / 54.06) ** 8 - Math.expm1(-((x! / 0.00415) ** 2))),
  },
  {
    name: "e^−x² within bounds of another parameter, stepped over",
    f: ([x, y]) => 0.0031 * (1 - Math.exp(-((x! - 0.2) ** 2))) + 28.58 * (Math.exp(y! + 0.76) - y! - 0.76),
    start: [0.73, -1.33],
    options: {
      bounds: [
        [null, null],
        [-3, null],
      ],
    },
    gap: ([x, y]) => -0.0031 * Math.expm1(-((x! - 0.2) ** 2)) + 28.58 * (Math.expm1(y! + 0.76) - y! - 0.76),
  },
  // Tails far out, beside bowls.
  {
    name: "t²/(1 + t²) of five from thousands out, called from outside",
    f: (p) => {
      const [w, c] = [
        [0.24, 1.66, 0.58, 53.4, 0.022],
        [-1.2, -1.8, -1.6, 1.3, 0.9],
      ];
      return p.reduce((sum, x, i) => sum + (w[i]! * (x - c[i]!) ** 2) / (1 + (x - c[i]!) ** 2), 0);
    },
    start: [5.9, -2097, -2656, 242, 3244],
    gap: (p) => {
      const [w, c] = [
        [0.24, 1.66, 0.58, 53.4, 0.022],
        [-1.2, -1.8, -1.6, 1.3, 0.9],
      ];
      return p.reduce((sum, x, i) => sum + (w[i]! * (x - c[i]!) ** 2) / (1 + (x - c[i]!) ** 2), 0);
    },
    options: differences,
  },
];

describe("what is called converged has nothing left to fall", () => {
  it.each(cases)("$name", ({ f, start, options, gap }) => {
    const { params, verdict } = minimize(f, start, options);
    if (verdict !== "converged" && verdict !== "precision-floor") return;
    const gained = Number.isFinite(gap(start)) ? gap(start) : 0;
    expect(gap(params)).toBeLessThanOrEqual(1e-6 * gained);
  });
});

describe("weights over 24 orders of magnitude", () => {
  const weights = [1e12, 1e-12, 1, 1e6, 1e-6];
  const centers = [1, 2, -3, 0.5, -1];
  const part = (x: number, i: number): number => weights[i]! * (x - centers[i]!) ** 2;
  const f = (p: number[]) => {
    let sum = 0;
    const w = [1e12, 1e-12, 1, 1e6, 1e-6];
    const c = [1, 2, -3, 0.5, -1];
    for (let i = 0; i < 5; i++) sum += w[i]! * (p[i]! - c[i]!) ** 2;
    return sum;
  };

  it.each(["lbfgs", "bfgs", "newton", "newtonCg", "trustRegion", "conjugateGradient", "barzilaiBorwein"])(
    "are all at their minimizers where %s has converged, as far as they can be seen",
    (method) => {
      const start = [1, 5e5, -3, 0.5, 5e3];
      const { params, verdict } = minimize(f, start, { method });
      if (verdict !== "converged" && verdict !== "precision-floor") return;
      const [left, gained] = [params, start].map((p) => (p as number[]).reduce((sum, x, i) => sum + part(x, i), 0)) as [number, number];
      expect(left).toBeLessThanOrEqual(1e-9 * gained);
    },
  );
});
