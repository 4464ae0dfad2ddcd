// Oracle: exact values from mpmath (test/oracles/elementary), with residuals below the last bit.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { input, unary } from "../../../src/graph/build.js";
import { compile } from "../../../src/wasm/compile.js";
import { applyToRows } from "./apply-function.js";

/** op over an array, as compiled programs have it in their loops. */
function applyShort(op: "sin" | "cos", x: readonly number[]): Float64Array {
  const shape = [x.length];
  const executable = compile(
    {
      dtype: "float64",
      cells: [
        { name: "x", shape },
        { name: "y", shape },
      ],
      procedures: [{ name: "run", writes: [{ cell: "y", node: unary(op, input("x", shape)) }] }],
    },
    { shortFunctions: true },
  );
  executable.write("x", x);
  executable.run("run");
  return Float64Array.from(executable.read("y") as Float64Array);
}

describe.each(["sin", "cos"] as const)("the short form of %s", (op) => {
  const url = new URL(`../../oracles/elementary/${op}.json`, import.meta.url);
  const { float64 } = JSON.parse(readFileSync(url, "utf8")) as { readonly float64: readonly (readonly (number | string)[])[] };
  const rows = float64.map((row) => row.map(Number) as [x: number, value: number, residual: number]);

  it("is within 2.5 ulps, or 2⁻⁷⁰, of the exact value up to 10⁵", () => {
    const usual = rows.filter(([x]) => Math.abs(x) <= 1e5);
    expect(usual.length).toBeGreaterThan(50);
    const computed = applyShort(
      op,
      usual.map(([x]) => x),
    );
    for (const [i, [x, value]] of usual.entries()) {
      const ulp = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
      expect(Math.abs(computed[i]! - value), `${op} ${x}`).toBeLessThanOrEqual(Math.max(2.5 * ulp, 2 ** -70));
    }
  });

  it("is another function than the one of the library, of the same values", () => {
    const x = Array.from({ length: 100 }, (_, i) => i / 7);
    const usual = applyToRows(
      op,
      "float64",
      x.map((value) => [value]),
    );
    const short = applyShort(op, x);
    expect([...short]).not.toEqual(usual);
    for (const [i, value] of usual.entries()) expect(short[i]).toBeCloseTo(value, 15);
  });

  it("moves huge arguments by some ulps, stays in [−1, 1], and has no value at ∞", () => {
    for (const x of [3e5, -7e8, 1e12])
      expect(Math.abs(applyShort(op, Array(20).fill(x))[0]! - Math[op](x))).toBeLessThan(4 * 2 ** -52 * Math.abs(x));
    for (const x of [1e16, -1e300]) expect(Math.abs(applyShort(op, Array(20).fill(x))[3]!)).toBeLessThanOrEqual(1);
    const beyond = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    expect([...applyShort(op, [...beyond, ...Array(20).fill(0)])].slice(0, 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

it("keeps the sign of zero", () => {
  expect(applyShort("sin", [-0, ...Array(20).fill(0)])[0]).toBe(-0);
});
