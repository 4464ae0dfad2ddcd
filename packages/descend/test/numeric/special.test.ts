import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digamma, erf, lgamma, sigmoid, softplus } from "../../src/numeric/special.js";
import { ulpsBetween } from "./ulps.js";

// Oracle: 40-digit values rounded to the nearest double (oracles/special-functions.py).
const oracle = JSON.parse(readFileSync(new URL("../oracles/special-functions.json", import.meta.url), "utf8")) as {
  functions: Record<string, [number, number][]>;
};

function worst(name: string, f: (x: number) => number): number {
  return Math.max(...oracle.functions[name]!.map(([x, expected]) => ulpsBetween(f(x), expected)));
}

describe("special functions against 40-digit values", () => {
  // The bounds are the largest errors measured at these points.
  it.each([
    ["sigmoid", sigmoid, 2],
    ["softplus", softplus, 1],
    ["erf", erf, 1],
    ["lgamma", lgamma, 4],
    ["digamma", digamma, 2],
  ] as const)("%s is accurate", (name, f, bound) => {
    expect(worst(name, f)).toBeLessThanOrEqual(bound);
  });

  it("log-gamma below zero is accurate beside the terms of the reflection", () => {
    for (const [x, expected] of oracle.functions.lgammaBelowZero!) {
      expect(Math.abs(lgamma(x) - expected)).toBeLessThanOrEqual(4 * 2 ** -53 * Math.max(1, Math.abs(expected), lgamma(-x)));
    }
  });

  it("digamma below zero is accurate beside the terms of the reflection", () => {
    for (const [x, expected] of oracle.functions.digammaBelowZero!) {
      const scale = Math.max(1, Math.abs(digamma(1 - x)), Math.abs(Math.PI / Math.tan(Math.PI * x)));
      expect(Math.abs(digamma(x) - expected)).toBeLessThanOrEqual(5 * 2 ** -53 * scale);
    }
  });
});

describe("special values", () => {
  it("keeps zeros, infinities and NaN (oracle: limits of the functions)", () => {
    for (const f of [sigmoid, softplus, erf, lgamma, digamma]) expect(f(Number.NaN)).toBeNaN();
    expect(sigmoid(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(sigmoid(Number.POSITIVE_INFINITY)).toBe(1);
    expect(sigmoid(-745)).toBe(5e-324);
    expect(sigmoid(0)).toBe(0.5);
    expect(softplus(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(softplus(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(softplus(1000)).toBe(1000);
    expect(erf(-0)).toBe(-0);
    expect(erf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(erf(Number.NEGATIVE_INFINITY)).toBe(-1);
    // 2/√π times the smallest number, rounded
    expect(erf(5e-324)).toBe(5e-324);
    for (const pole of [0, -0, -1, -2, -1000, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(lgamma(pole)).toBe(Number.POSITIVE_INFINITY);
    expect(lgamma(1)).toBeCloseTo(0, 300);
    expect(lgamma(2)).toBeCloseTo(0, 300);
    expect(lgamma(1e300)).toBeCloseTo(1e300 * (Math.log(1e300) - 1), -290);
    expect(lgamma(1e306)).toBe(Number.POSITIVE_INFINITY);
    expect(lgamma(-1e-300)).toBe(-Math.log(1e-300));
    expect(digamma(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(digamma(-0)).toBe(Number.POSITIVE_INFINITY);
    expect(digamma(-3)).toBeNaN();
    expect(digamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  it("log-gamma of n + 1 is the logarithm of n! (oracle: exact factorials)", () => {
    let factorial = 1;
    for (let n = 1; n <= 18; n++) {
      factorial *= n;
      expect(ulpsBetween(lgamma(n + 1), Math.log(factorial))).toBeLessThanOrEqual(4);
    }
  });
});
