// Oracle: exact values from mpmath (test/oracles/elementary, made by generate.py there), with residuals below the last bit.
// The bounds are those of docs/elementary-functions.md, measured on dense grids by scripts/measure-ulps.mjs.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type MathOp, mathOps } from "../../../src/wasm/math/library.js";
import { applyToRows, type Format } from "./apply-function.js";

interface Oracle {
  readonly float64: readonly (readonly (number | string)[])[];
  readonly float32: readonly (readonly number[])[];
}

const names = (Object.keys(mathOps) as MathOp[]).filter((name) => name !== "random");

/** Largest errors allowed, in ulps; a few of the float32 functions are above 1. */
const bound: Record<Format, Partial<Record<MathOp, number>>> = {
  float64: {},
  float32: { sin: 1.5, cos: 1.5, tanh: 1.2, sigmoid: 1.1, erf: 1.2 },
};

function ulp(value: number, digits: number, smallest: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -1074);
  // log2 may round up to the next whole number
  const size = 2 ** exponent > Math.abs(value) ? exponent - 1 : exponent;
  return 2 ** Math.max(size - (digits - 1), smallest);
}

/** Distance of a result from value + residual·ulp(value), in ulps. */
function error64(computed: number, value: number, residual: number): number {
  if (computed === value) return Math.abs(residual);
  return Math.abs((computed - value) / ulp(value, 53, -1074) - residual);
}

describe.each(names)("%s", (name) => {
  const oracle = JSON.parse(readFileSync(new URL(`../../oracles/elementary/${name}.json`, import.meta.url), "utf8")) as Oracle;
  const { arity } = mathOps[name];

  it("is within its bound of the exact value in float64", () => {
    const rows = oracle.float64.map((row) => row.map(Number));
    const computed = applyToRows(name, "float64", rows);
    const worst = rows.map((row, i) => ({ row, computed: computed[i]!, error: error64(computed[i]!, row[arity]!, row[arity + 1]!) }));
    worst.sort((a, b) => b.error - a.error);
    expect(worst[0]!.error, JSON.stringify(worst[0])).toBeLessThanOrEqual(bound.float64[name] ?? 1);
    expect(worst.every(({ error }) => Number.isFinite(error))).toBe(true);
  });

  it("is within its bound of the exact value in float32", () => {
    const computed = applyToRows(name, "float32", oracle.float32);
    const worst = oracle.float32.map((row, i) => ({
      row,
      computed: computed[i]!,
      error: Math.abs(computed[i]! - row[arity]!) / ulp(row[arity]!, 24, -149),
    }));
    worst.sort((a, b) => b.error - a.error);
    expect(worst[0]!.error, JSON.stringify(worst[0])).toBeLessThanOrEqual(bound.float32[name] ?? 1);
  });
});
