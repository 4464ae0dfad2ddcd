import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/vjp.js";
import { input, sum } from "../../src/graph/build.js";
import * as derived from "../../src/graph/derived.js";
import type { Node } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";

const x = input("x", []);
const slope = (f: (x: Node) => Node, at: number): number => evaluate(gradient(f(x), [x]), { inputs: { x: [at] } })[0]![0]!;
const value = (f: (x: Node) => Node, at: number): number => evaluate([f(x)], { inputs: { x: [at] } })[0]![0]!;

describe("derived functions", () => {
  // Oracle: the derivatives in closed form.
  it.each<[string, (x: Node) => Node, (x: number) => number, readonly number[]]>([
    ["asinh", derived.asinh, (a) => 1 / Math.sqrt(1 + a * a), [-20, -1, -1e-9, 0, 1e-9, 1, 20]],
    ["acosh", derived.acosh, (a) => 1 / Math.sqrt(a * a - 1), [1.001, 2, 30]],
    ["atanh", derived.atanh, (a) => 1 / (1 - a * a), [-0.9, 0, 0.5]],
    ["cbrt", derived.cbrt, (a) => 1 / (3 * Math.cbrt(a) ** 2), [-8, -0.1, 0.1, 8]],
    ["log2", derived.log2, (a) => 1 / (a * Math.LN2), [0.1, 1, 8]],
    ["log10", derived.log10, (a) => 1 / (a * Math.LN10), [0.1, 1, 1000]],
    ["hypot", (a) => derived.hypot(a, x), (a) => Math.SQRT2 * Math.sign(a), [-3, 2]],
  ])("%s has its slope, also where its pieces meet", (_, f, expected, points) => {
    for (const at of points) expect(slope(f, at)).toBeCloseTo(expected(at), 10);
  });

  it("asinh keeps its digits for small and large arguments (oracle: Math.asinh)", () => {
    for (const at of [1e-300, 1e-10, 0.3, 7, 1e10, 1e150]) {
      for (const s of [1, -1]) expect(Math.abs(value(derived.asinh, s * at) / Math.asinh(s * at) - 1)).toBeLessThanOrEqual(4 * 2 ** -52);
    }
  });

  it("takes remainders as JavaScript and as mathematics do (oracle: % and the definition)", () => {
    for (const [a, b] of [
      [7, 3],
      [-7, 3],
      [7, -3],
      [-7, -3],
      [5.5, 2],
    ] as const) {
      const inputs = { a: [a], b: [b] };
      const [r, m] = evaluate([derived.remainder(input("a", []), input("b", [])), derived.floorMod(input("a", []), input("b", []))], {
        inputs,
      });
      expect(r![0]! + 0).toBe((a % b) + 0);
      expect(m![0]! + 0).toBe((((a % b) + b) % b) + 0);
    }
  });

  it("the gradient of log-sum-exp is softmax, which sums to 1 (oracle: the identity)", () => {
    const v = input("v", [4]);
    const nodes = [
      gradient(derived.logSumExp(v), [v])[0]!,
      derived.softmax(v, [0]),
      sum(derived.softmax(v, [0])),
      derived.logSoftmax(v, [0]),
    ];
    fc.assert(
      fc.property(fc.array(fc.double({ min: -800, max: 800, noNaN: true }), { minLength: 4, maxLength: 4 }), (at) => {
        const [g, p, total, logP] = evaluate(nodes, { inputs: { v: at } });
        for (let i = 0; i < 4; i++) {
          expect(Math.abs(g![i]! - p![i]!)).toBeLessThanOrEqual(1e-15);
          expect(Math.abs(Math.exp(logP![i]!) - p![i]!)).toBeLessThanOrEqual(1e-13);
        }
        expect(Math.abs(total![0]! - 1)).toBeLessThanOrEqual(4 * 2 ** -52);
      }),
    );
  });

  it("the variance does not see a shift (oracle: variance of 0 … 3 is 1.25)", () => {
    const v = input("v", [4]);
    expect(evaluate([derived.variance(v)], { inputs: { v: [0, 1, 2, 3].map((i) => i + 1e8) } })[0]![0]).toBe(1.25);
  });
});
