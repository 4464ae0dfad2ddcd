// Oracle: exact values from mpmath (test/oracles/elementary, test/oracles/sine-of-multiples.json).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { binary, constant, input, unary } from "../../../src/graph/build.js";
import type { Node } from "../../../src/graph/graph.js";
import { compile } from "../../../src/wasm/compile.js";
import { applyToRows } from "./apply-function.js";

/** op over an array or over a multiple of it, as compiled programs have it in their loops. */
function applyShort(op: "sin" | "cos", x: readonly number[], factor?: number): Float64Array {
  const shape = [x.length];
  const operand = (node: Node): Node => (factor === undefined ? node : binary("mul", constant(factor), node));
  const executable = compile(
    {
      dtype: "float64",
      cells: [
        { name: "x", shape },
        { name: "y", shape },
      ],
      procedures: [{ name: "run", writes: [{ cell: "y", node: unary(op, operand(input("x", shape))) }] }],
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

it("gives 1 where cosine and sine are largest", () => {
  expect(applyShort("cos", [0, -0, ...Array(20).fill(1)]).slice(0, 2)).toEqual(Float64Array.of(1, 1));
  expect(applyShort("sin", [Math.PI / 2, -Math.PI / 2, ...Array(20).fill(1)]).slice(0, 2)).toEqual(Float64Array.of(1, -1));
});

it("keeps the sign of zero", () => {
  expect(applyShort("sin", [-0, ...Array(20).fill(0)])[0]).toBe(-0);
});

describe.each(["sin", "cos"] as const)("the short form of %s of a constant times a number", (op) => {
  const url = new URL("../../oracles/sine-of-multiples.json", import.meta.url);
  const rows = JSON.parse(readFileSync(url, "utf8")) as readonly (readonly [factor: number, u: number, sine: number, cosine: number])[];
  const exact = op === "sin" ? 2 : 3;

  it("is within 2.5 ulps at an argument within 2⁻⁵² of the product, relative to it", () => {
    expect(rows.length).toBeGreaterThan(500);
    for (const factor of new Set(rows.map(([c]) => c))) {
      const own = rows.filter(([c]) => c === factor);
      const computed = applyShort(
        op,
        own.map(([, u]) => u),
        factor,
      );
      for (const [i, row] of own.entries()) {
        const ulp = 2 ** (Math.floor(Math.log2(Math.abs(row[exact]))) - 52);
        const slope = Math.abs(row[5 - exact]!);
        const moved = 2 ** -52 * Math.abs(factor * row[1]);
        const most = 2.5 * ulp + moved * slope + moved * moved;
        expect(Math.abs(computed[i]! - row[exact]), `${op} ${factor}·${row[1]}`).toBeLessThanOrEqual(Math.max(most, 2 ** -1074));
      }
    }
  });

  it("is exact where turns are: sin kπ/2 for a factor of π", () => {
    const halves = Array.from({ length: 41 }, (_, i) => (i - 20) / 2);
    const sign = (k: number): number => (k % 2 === 0 ? 1 : -1);
    const expected = halves.map((u) => {
      const isWhole = Number.isInteger(u);
      if (op === "sin") return isWhole ? 0 : sign(u - 0.5);
      return isWhole ? sign(u) : 0;
    });
    expect(Array.from(applyShort(op, halves, Math.PI), (value) => value + 0)).toEqual(expected);
  });

  it("stays in [−1, 1] and has no value at ∞", () => {
    const huge = [1e15, 2 ** 51 + 0.5, 2 ** 52 + 1, 2 ** 53 + 2, -(2 ** 53), 2 ** 60 + 2 ** 9, 1e17, -1e100, 1e307];
    for (const factor of [Math.PI, 2 * Math.PI, 1])
      for (const value of applyShort(op, huge, factor)) expect(Math.abs(value)).toBeLessThanOrEqual(1);
    const beyond = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    expect([...applyShort(op, [...beyond, ...Array(20).fill(0)], 3)].slice(0, 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("is that of the product where the product is all there is: factors whose share of π is no normal number", () => {
    for (const factor of [1e-310, 2 ** 1000]) {
      const u = Array.from({ length: 19 }, (_, i) => (i + 1) * 2 ** (factor < 1 ? 1000 : -1000));
      expect([...applyShort(op, u, factor)]).toEqual([
        ...applyShort(
          op,
          u.map((x) => x * factor),
        ),
      ]);
    }
  });

  it("does not depend on the place among others", () => {
    const u = Array.from({ length: 23 }, (_, i) => Math.sin(i) * 10 ** (i % 5));
    for (const factor of [undefined, 7]) {
      const alone = u.map((x) => applyShort(op, [...Array(17).fill(0.3), x], factor)[17]);
      for (const length of [17, 18, 19, 20, 21, 22, 23]) {
        expect([...applyShort(op, u.slice(0, length), factor)]).toEqual(alone.slice(0, length));
      }
    }
  });
});
