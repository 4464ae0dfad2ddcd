// Oracle: minimizers of functions with kinks, by calculus.

import { describe, expect, it } from "vitest";
import { approachKink } from "../../../src/minimize/judging/approach-kink.js";

function approach(f: (x: ArrayLike<number>) => number, gradient: (x: Float64Array) => number[], start: number[], maxGradients = 5000) {
  let used = 0;
  const params = Float64Array.from(start);
  const gradientAt = (x: Float64Array) => {
    used++;
    return { value: f(x), gradient: gradient(x) };
  };
  const reached = approachKink(
    gradientAt,
    f,
    { params, value: f(params) },
    Float64Array.from(start, () => 1),
    {
      single: false,
      maxGradients,
      seed: 0,
    },
  );
  return { ...reached, used };
}

describe("the approach to a kink", () => {
  it.each([
    [
      "a corner",
      (x: ArrayLike<number>) => Math.abs(x[0]!) + 10 * Math.abs(x[1]!),
      (x: Float64Array) => [Math.sign(x[0]!), 10 * Math.sign(x[1]!)],
    ],
    [
      "an edge with a smooth floor",
      (x: ArrayLike<number>) => Math.abs(x[0]!) + x[1]! ** 2,
      (x: Float64Array) => [Math.sign(x[0]!), 2 * x[1]!],
    ],
  ])("ends at the bottom of %s", (_, f, gradient) => {
    const { params, value } = approach(f, gradient, [0.3, -0.2]);
    expect(Math.hypot(...params)).toBeLessThan(1e-6);
    expect(value).toBeLessThan(1e-7);
  });

  it("never goes up, and keeps to its budget", () => {
    const f = (x: ArrayLike<number>) => Math.abs(x[0]! - x[1]! ** 2) * 10 + (1 - x[0]!) ** 2;
    const gradient = (x: Float64Array) => {
      const s = 10 * Math.sign(x[0]! - x[1]! ** 2);
      return [s - 2 * (1 - x[0]!), -2 * s * x[1]!];
    };
    const { value, used } = approach(f, gradient, [0.3, 0.9], 40);
    expect(value).toBeLessThanOrEqual(f([0.3, 0.9]));
    expect(used).toBeLessThanOrEqual(40 + 7);
  });
});
