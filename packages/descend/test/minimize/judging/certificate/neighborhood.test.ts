// Oracle: calculus around the origin.

import { describe, expect, it } from "vitest";
import { neighborhoodTest } from "../../../../src/minimize/judging/certificate/neighborhood.js";
import { pointOf } from "./point.js";

const look = (f: (x: ArrayLike<number>) => number, params: number[], inconclusive = true) =>
  neighborhoodTest(pointOf(f, params), { along: [], mustRise: true, inconclusive });

describe("the neighborhood", () => {
  it("of a minimizer has no lower point, also where it is flatter than the radii see", () => {
    for (const power of [2, 4, 8]) expect(look((x) => x[0]! ** power + 1, [0]).test.passed).toBe(true);
  });

  it("tells saddles, maxima and flat places by their values", () => {
    expect(look((x) => x[0]! ** 3 - 3 * x[0]! * x[1]! ** 2, [0, 0]).shape).toBe("saddle");
    expect(look((x) => -(x[0]! ** 4), [0]).shape).toBe("maximum");
    expect(look(() => 3, [0]).shape).toBe("flat");
  });

  it("does not take a jump or a slope for a saddle", () => {
    const jump = look((x) => x[0]! ** 2 + Math.sign(x[0]!), [0]);
    expect([jump.test.passed, jump.shape]).toEqual([false, undefined]);
    const sloping = pointOf((x) => x[0]!, [0], { gradient: Float64Array.of(1) });
    expect(neighborhoodTest(sloping, { along: [], mustRise: true, inconclusive: true }).shape).toBeUndefined();
  });

  it("leaves alone what lies behind a rise", () => {
    expect(look((x) => (Math.abs(x[0]!) < 5e-4 ? x[0]! ** 2 : -1), [0], false).test.passed).toBe(true);
  });
});
