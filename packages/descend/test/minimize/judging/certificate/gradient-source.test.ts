// Oracle: calculus; a gradient that is made wrong on purpose.

import { describe, expect, it } from "vitest";
import { gradientSourceTest } from "../../../../src/minimize/judging/certificate/gradient-source.js";
import { pointOf } from "./point.js";

describe("the second source of the gradient", () => {
  const bowl = (x: ArrayLike<number>) => (x[0]! - 1) ** 2 + 3 * (x[1]! + 2) ** 2;

  it("agrees at a minimizer and on a slope", () => {
    expect(gradientSourceTest(pointOf(bowl, [1, -2])).passed).toBe(true);
    expect(gradientSourceTest(pointOf(bowl, [2, 0], { gradient: Float64Array.of(2, 12), gradientScale: 12 })).passed).toBe(true);
  });

  it("disagrees with a wrong gradient and at a jump", () => {
    expect(gradientSourceTest(pointOf(bowl, [2, 0])).passed).toBe(false);
    expect(gradientSourceTest(pointOf((x) => x[0]! ** 2 + Math.sign(x[0]!), [0])).passed).toBe(false);
  });
});
