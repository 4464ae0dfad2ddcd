// Oracle: what x₀ᵖ does on both sides of 0, on heights that hide it near the point.

import { describe, expect, it } from "vitest";
import { straightFloor } from "../../../../src/minimize/judging/certificate/floors.js";
import { lookOutwards } from "../../../../src/minimize/judging/certificate/outwards.js";
import { pointOf } from "./point.js";

type Vector = ArrayLike<number>;

/** At 0, along the first of two parameters; slopes are differences where the curvature is wrong by `curvatureError`. */
function look(term: (x: number) => number, slope: (x: number) => number, height: number, curvatureError = 1e-8) {
  const f = (x: Vector): number => height + term(x[0]!) + x[1]! ** 2;
  const point = pointOf(f, [0, 0], { curvatureError });
  const [line] = straightFloor(point, Float64Array.of(1, 0)).floors;
  const gradientAt = (x: Vector) => ({ value: f(x), gradient: [slope(x[0]!), 2 * x[1]!] });
  return ([1, -1] as const).map((side) => lookOutwards(point, line!, side, gradientAt, () => true));
}

describe("the first change on the way out", () => {
  it.each([1e-8, 1e-4])("of x⁵ is a fall on one side and a rise on the other, on a height of a million (curvature error %s)", (error) => {
    const [right, left] = look(
      (x) => x ** 5,
      (x) => 5 * x ** 4,
      1e6,
      error,
    );
    expect(right).toMatchObject({ falls: undefined, rises: true });
    expect(left!.falls).toMatchObject({ sloping: false });
    expect(left!.falls!.change).toBeLessThan(0);
  });

  it("of −x⁴ + x⁶ is a fall, of x⁴ − x⁶ a rise though it falls beyond", () => {
    const hump = look(
      (x) => -(x ** 4) + x ** 6,
      (x) => -4 * x ** 3 + 6 * x ** 5,
      0,
    );
    for (const { falls, rises } of hump) expect([falls === undefined, rises]).toEqual([false, false]);
    const bowl = look(
      (x) => x ** 4 - x ** 6,
      (x) => 4 * x ** 3 - 6 * x ** 5,
      0,
    );
    for (const { falls, rises } of bowl) expect([falls === undefined, rises]).toEqual([true, true]);
  });

  it("of a wall at 1/2 before a fall is a rise, also where the wall is thin beside the lengths that are looked at", () => {
    const walled = look(
      (x) => (Math.abs(x) > 4 ? -x * x : Math.abs(x) > 2 ? 1 : 0),
      () => 0,
      0,
      1e-4,
    );
    for (const { falls, rises } of walled) expect([falls === undefined, rises]).toEqual([true, true]);
  });

  it("of a constant is none, and one of a slope is that of a slope", () => {
    const level = look(
      () => 0,
      () => 0,
      3,
    );
    expect(level).toEqual([
      { falls: undefined, rises: false, changes: false },
      { falls: undefined, rises: false, changes: false },
    ]);
    const f = (x: Vector): number => x[0]! * 1e-3;
    const point = pointOf(f, [0], { gradient: Float64Array.of(1e-3) });
    const [line] = straightFloor(point, Float64Array.of(1)).floors;
    const left = lookOutwards(
      point,
      line!,
      -1,
      (x) => ({ value: f(x), gradient: [1e-3] }),
      () => true,
    );
    expect(left.falls).toEqual({ length: 1 / 8, change: -1.25e-4, sloping: true });
  });

  it("is not looked for where nothing may be spent", () => {
    const f = (x: Vector): number => -x[0]!;
    const point = pointOf(f, [0]);
    const [line] = straightFloor(point, Float64Array.of(1)).floors;
    const gradientAt = (x: Vector) => ({ value: f(x), gradient: [-1] });
    expect(lookOutwards(point, line!, 1, gradientAt, () => false)).toMatchObject({ falls: undefined, rises: false });
  });
});
