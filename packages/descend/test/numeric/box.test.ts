/** Oracle: the definitions of the projection and of the first-order conditions, worked by hand. */

import { describe, expect, it } from "vitest";
import { firstOutsideBox, nearestInBox, projectedGradient } from "../../src/numeric/box.js";

const box = { lower: Float64Array.of(0, -Infinity, 1), upper: Float64Array.of(1, 2, 1) };

describe("a box", () => {
  it("has its bounds as the nearest points to what is beyond them", () => {
    expect([...nearestInBox(box, [-3, 5, 0])]).toEqual([0, 2, 1]);
    expect([...nearestInBox(box, [0.25, -1e300, 1])]).toEqual([0.25, -1e300, 1]);
    expect([...nearestInBox(box, [Number.NaN, 0, 0])]).toEqual([Number.NaN, 0, 1]);
  });

  it("tells the first coordinate outside, NaN included", () => {
    expect(firstOutsideBox(box, [0, 2, 1])).toBe(-1);
    expect(firstOutsideBox(box, [0, 2.5, 0])).toBe(1);
    expect(firstOutsideBox(box, [Number.NaN, 0, 1])).toBe(0);
  });

  it("leaves of a gradient what does not push against its faces", () => {
    expect([...projectedGradient(box, [0, 2, 1], [3, -3, 5])]).toEqual([0, 0, 0]);
    expect([...projectedGradient(box, [0, 2, 1], [-3, 3, -5])]).toEqual([-3, 3, 0]);
    expect([...projectedGradient(box, [0.5, 0, 1], [3, -3, 5])]).toEqual([3, -3, 0]);
  });
});
