// Oracle: noise of a known standard deviation.

import { describe, expect, it } from "vitest";
import { measureNoise, noiseTest } from "../../../../src/minimize/judging/certificate/noise.js";
import { threefryUniform } from "../../../../src/numeric/random.js";

const fraction = (value: number) => value - Math.floor(value);
const smooth = ([x]: ArrayLike<number> & Iterable<number>) => (x! - 1) ** 2 + 1;

describe("noise", () => {
  it("of values that differ from call to call is measured within a factor of 3", () => {
    let call = 0;
    const noisy = (x: Float64Array) => smooth(x) + 2e-3 * (threefryUniform(1, 1, call++) - 0.5);
    const level = measureNoise(noisy, Float64Array.of(1.1), noisy(Float64Array.of(1.1)), 1, 2 ** -53, false);
    const deviation = 2e-3 / Math.sqrt(12);
    expect(level / deviation).toBeGreaterThan(1 / 3);
    expect(level / deviation).toBeLessThan(3);
    expect(noiseTest(level, 1).passed).toBe(false);
  });

  it("that is the same at each call is found when one looks for it", () => {
    const jagged = (x: Float64Array) => smooth(x) + 1e-4 * fraction(1e5 * Math.sin(1e7 * x[0]!));
    const at = Float64Array.of(1.1);
    expect(measureNoise(jagged, at, jagged(at), 1, 2 ** -53, false)).toBe(0);
    expect(measureNoise(jagged, at, jagged(at), 1, 2 ** -53, true)).toBeGreaterThan(1e-5);
  });

  it("is found on a height where it is nothing but what a cancellation left of larger numbers", () => {
    const cancelled = (x: Float64Array) => 1 + ((x[0]! - 1.1) ** 2 + 1e8 - 1e8);
    const at = Float64Array.of(1.1 + 2e-5);
    const level = measureNoise(cancelled, at, cancelled(at), 1, 2 ** -53, true);
    // Steps of one unit in the last place of 10⁸ are 1.5e-8 high.
    expect(level).toBeGreaterThan(1e-9);
    expect(level).toBeLessThan(2e-8);
  });

  it("is none where only rounding differs", () => {
    const at = Float64Array.of(1.1);
    expect(measureNoise(smooth, at, smooth(at), 1, 2 ** -53, true)).toBe(0);
    expect(noiseTest(0, 1).passed).toBe(true);
  });
});
