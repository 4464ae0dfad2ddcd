// Oracle: calculus of |x|, of max, and of smooth functions with large curvature.

import { describe, expect, it } from "vitest";
import { type GradientAt, jumpsBetween, kinkTest } from "../../../src/minimize/judging/certificate/kink.js";

const at =
  (gradient: (x: Float64Array) => number[]): GradientAt =>
  (params) => ({ value: 0, gradient: gradient(params) });
const test = (gradientAt: GradientAt, params: number[]) =>
  kinkTest(
    gradientAt,
    Float64Array.from(params),
    Float64Array.from(params, () => 1),
    { single: false, rounding: 0, seed: 0, maxGradients: 60 },
  );
const absolute = at((x) => [Math.sign(x[0]! - 1), Math.sign(x[1]! + 2)]);

describe("a kink", () => {
  it("is a minimizer where 0 lies among the gradients around", () => {
    expect(test(absolute, [1, -2])!.test.passed).toBe(true);
    expect(test(absolute, [1 + 1e-10, -2 - 1e-10])!.test.passed).toBe(true);
  });

  it("is none where a slope is left", () => {
    const found = test(absolute, [1, 3])!;
    expect(found.test.passed).toBe(false);
    // What is left has the length 1 of the slope along y, of gradients of length √2.
    expect(found.test.value).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it("is not seen in smooth functions, however curved, nor beside a pole", () => {
    expect(
      test(
        at((x) => [2e5 * x[0]!]),
        [0],
      ),
    ).toBeUndefined();
    expect(
      test(
        at((x) => [2e5 * x[0]! + 1]),
        [0.3],
      ),
    ).toBeUndefined();
    expect(
      test(
        at((x) => [-1 / x[0]! ** 2]),
        [1e-20],
      ),
    ).toBeUndefined();
  });

  it("names the directions along which it is smooth", () => {
    const { smooth } = test(
      at((x) => [Math.sign(x[0]!), 2 * x[1]!]),
      [0, 1],
    )!;
    expect(smooth.length).toBeGreaterThan(0);
    for (const direction of smooth) expect(Math.abs(direction[0]!)).toBeLessThan(1e-6);
  });

  it("lies between two points if the jump stays as they approach each other", () => {
    const [a, b] = [Float64Array.of(-1), Float64Array.of(2)];
    const one = Float64Array.of(1);
    expect(
      jumpsBetween(
        at((x) => [Math.sign(x[0]!)]),
        a,
        b,
        one,
      ),
    ).toBe(true);
    expect(
      jumpsBetween(
        at((x) => [x[0]!]),
        a,
        b,
        one,
      ),
    ).toBe(false);
  });
});
