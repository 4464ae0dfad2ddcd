// Oracle: Σ (xᵢ/cᵢ − 1)², whose minimizer is c, with cᵢ of all orders of magnitude; what one parameter is short of it gains 1.

import { describe, expect, it } from "vitest";
import { coordinateTest } from "../../../../src/minimize/judging/certificate/coordinate.js";
import { pointOf } from "./point.js";

type Vector = ArrayLike<number>;

/** At `params`, from 0. */
function look(c: readonly number[], params: number[], mayLook: (values: number) => boolean = () => true) {
  const f = (x: Vector): number => c.reduce((sum, center, i) => sum + (x[i]! / center - 1) ** 2, 0);
  const gradient = Float64Array.from(params, (x, i) => (2 * (x / c[i]! - 1)) / c[i]!);
  const startParams = new Float64Array(c.length);
  return coordinateTest(pointOf(f, params, { gradient, startParams, startValue: c.length }), mayLook);
}

describe("parameters by themselves", () => {
  it("lead down where one of 10¹⁰ has not moved among others of 10⁻¹²", () => {
    const test = look([7e-5, 8e-12, -1e10, -5e-12], [7e-5, 8e-12, 0, -5e-12])!;
    expect(test.passed).toBe(false);
    // All of it is 1; how far along it is goes by the digits of the curvature that one value tells.
    expect(test.value).toBeLessThan(-1e-6);
    expect(test.value).toBeGreaterThanOrEqual(-1);
  });

  it("lead down by a quarter where one is half way", () => {
    expect(look([3, 2e8], [3, 1e8])!.value).toBeCloseTo(-0.25, 12);
  });

  it("lead nowhere at a minimizer, whatever the units", () => {
    expect(look([7e-5, 8e-12, -1e10], [7e-5, 8e-12, -1e10])).toBeUndefined();
    expect(look([7e-5, 8e-12, -1e10], [7e-5 * (1 + 1e-6), 8e-12, -1e10])).toBeUndefined();
  });

  it("lead nowhere across a hump: cos 40x beside its lowest place, in a bowl that is lower elsewhere", () => {
    const f = (x: Vector): number => (x[0]! - 3) ** 2 - 0.3 * Math.cos(40 * x[0]!);
    const at = (2 * Math.PI * 8) / 40;
    // Newton's method from there, to where the slope is rounding.
    let x = at;
    for (let k = 0; k < 20; k++) x -= (2 * (x - 3) + 12 * Math.sin(40 * x)) / (2 + 480 * Math.cos(40 * x));
    const gradient = Float64Array.of(2 * (x - 3) + 12 * Math.sin(40 * x));
    expect(coordinateTest(pointOf(f, [x], { gradient, startValue: 20 }), () => true)).toBeUndefined();
  });

  it("ask for no more values than they may", () => {
    expect(look([3, 2e8], [3, 1e8], () => false)).toBeUndefined();
    expect(look([3, 2e8], [3, 1e8], (values) => values <= 1)).toBeUndefined();
  });
});
