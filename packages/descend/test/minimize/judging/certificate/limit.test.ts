// Oracle: calculus. e^−x, e^−x² and 1/x have no minimum for x > 0; (max(0, x))², x⁸ and flat floors have one.

import { describe, expect, it } from "vitest";
import { distanceToLimit } from "../../../../src/minimize/judging/certificate/limit.js";
import { pointOf } from "./point.js";

type Vector = ArrayLike<number>;

/** From x = 1 to `end`, beside a bowl of y that is at its bottom; looked at along x but for a share of rounding. */
function look(g: (x: number) => number, end: number, { mayLook = (): boolean => true, roundoff = 2 ** -53 } = {}): number | undefined {
  const f = (x: Vector): number => g(x[0]!) + 50 * (x[1]! - 3) ** 2;
  const point = pointOf(f, [end, 3], { startParams: Float64Array.of(1, -2), startValue: f([1, -2]), roundoff });
  return distanceToLimit(point, Float64Array.of(-2, 1e-9), mayLook);
}

describe("a limit", () => {
  it.each([
    ["e^−x", (x: number) => Math.exp(-x), 70],
    ["e^−x on a height", (x: number) => 5 + Math.exp(-x), 40],
    ["e^−x²", (x: number) => Math.exp(-x * x), 9],
    ["1/x", (x: number) => 1 / x, 1e12],
    ["−arctan x", (x: number) => -Math.atan(x), 5e12],
    ["ln(1 + e^−x)", (x: number) => Math.log1p(Math.exp(-x)), 100],
  ])("is where %s came to from 1", (_, g, end) => {
    expect(look(g, end)).toBeCloseTo(end - 1, 9);
  });

  it("is found among the few digits of float32, between where it has decayed and where rounding hides it", () => {
    const single = (x: number): number => Math.fround(-Math.atan(x));
    expect(look(single, 1e12, { roundoff: 2 ** -24 })).toBe(1e12 - 1);
  });

  it.each([
    ["x²", (x: number) => x * x, 1e-12],
    ["x⁸", (x: number) => x ** 8, 1e-3],
    ["max(0, x)², flat on one side", (x: number) => Math.max(0, x) ** 2, 1e-9],
    ["max(0, x)⁸, flatter on that side", (x: number) => Math.max(0, x) ** 8, 1e-3],
    ["a constant", () => 2, 40],
    ["e^−x + 1e-24·x², whose minimum is far", (x: number) => Math.exp(-x) + 1e-24 * x * x, 51],
    ["−x, which falls for ever", (x: number) => -x, 1e6],
    ["e^−x on a way that is short beside the parameters", (x: number) => Math.exp(-1e3 * (x - 1)), 1.02],
  ])("is none at the end of %s", (_, g, end) => {
    expect(look(g, end)).toBeUndefined();
  });

  it("asks for no more values than it may, and few where it is plain", () => {
    expect(look((x) => Math.exp(-x), 70, { mayLook: () => false })).toBeUndefined();
    let asked = 0;
    const counted = (x: number): number => {
      asked++;
      return Math.exp(-x);
    };
    look(counted, 70);
    // Three by what makes the point.
    expect(asked - 3).toBeLessThanOrEqual(4);
  });
});
