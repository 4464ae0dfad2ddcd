// Oracle: Σ (xᵢ/cᵢ − 1)², whose minimizer is c, with cᵢ of all orders of magnitude; what one parameter is short of it gains 1.

import { describe, expect, it } from "vitest";
import { coordinateTest, leftBehindTest } from "../../../../src/minimize/judging/certificate/coordinate.js";
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

describe("a parameter that no longer matters", () => {
  // 1 − exp(−(x/s)²) is level from 40s on, lowest at 0.
  const well = (x: Vector): number => 1 - Math.exp(-((x[0]! / 0.004) ** 2)) + (x[1]! - 3) ** 2;

  it("was led past the place where it is best, if the objective is lower where it began", () => {
    const test = leftBehindTest(pointOf(well, [-1.4, 3], { startParams: Float64Array.of(0.004, 1), startValue: 10 }), () => true)!;
    // At x = s the well has e⁻¹ of its depth.
    expect(test.value).toBeCloseTo(-Math.exp(-1), 12);
  });

  it("was not, if it began as high, did not move, rises on a side, or nothing may be asked", () => {
    const from = (start: number, params: number[], mayLook = true) =>
      leftBehindTest(pointOf(well, params, { startParams: Float64Array.of(start, 1), startValue: 10 }), () => mayLook);
    expect(from(5, [-1.4, 3])).toBeUndefined();
    expect(from(-1.4, [-1.4, 3])).toBeUndefined();
    expect(from(0.004, [0, 3])).toBeUndefined();
    expect(from(0.004, [-1.4, 3], false)).toBeUndefined();
    const wells = (x: Vector): number => Math.min((x[0]! - 1) ** 2, (x[0]! + 1) ** 2 - 0.5);
    expect(leftBehindTest(pointOf(wells, [1], { startParams: Float64Array.of(-1.2), startValue: 10 }), () => true)).toBeUndefined();
  });
});
