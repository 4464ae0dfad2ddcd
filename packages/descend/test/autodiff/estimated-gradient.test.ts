import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimatedGradient, gaussianSmoothing, smoothedGradient, spsa, spsaGradient } from "../../src/autodiff/estimated-gradient.js";

const gradientOf = (x: ArrayLike<number>): number[] => [2 * x[0]! + x[1]!, 6 * x[1]! + x[0]!, -4];
const quadratic = (x: Float64Array): number => x[0]! ** 2 + 3 * x[1]! ** 2 + x[0]! * x[1]! - 4 * x[2]!;
const at = [1, -2, 0.5];

describe.each([
  ["SPSA", spsaGradient],
  ["Gaussian smoothing", smoothedGradient],
] as const)("%s", (_, estimate) => {
  it("has the gradient as its mean (oracle: closed form; error falls like 1/√pairs)", () => {
    const exact = gradientOf(at);
    const size = Math.hypot(...exact);
    for (const pairs of [400, 40_000]) {
      const { gradient, evaluations } = estimate(quadratic, at, { pairs, seed: 3 });
      expect(evaluations).toBe(2 * pairs);
      // Standard deviation of a component is about the length of the gradient over √pairs.
      gradient.forEach((g, i) => {
        expect(Math.abs(g - exact[i]!)).toBeLessThan((5 * size) / Math.sqrt(pairs));
      });
    }
  });

  it("never points uphill: its product with the gradient is the square of a slope", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (seed, draw) => {
        const { gradient } = estimate((x) => 3 * x[0]! - x[1]! + 2 * x[2]!, [0, 0, 0], { seed, draw, pairs: 1, size: 1 });
        expect(3 * gradient[0]! - gradient[1]! + 2 * gradient[2]!).toBeGreaterThanOrEqual(0);
      }),
      { seed: 5 },
    );
  });

  it("is a function of seed and draw, leaves x alone, and needs two values a pair", () => {
    const x = Float64Array.from(at);
    const one = estimate(quadratic, x, { seed: 1, draw: 7, pairs: 1 });
    expect(estimate(quadratic, x, { seed: 1, draw: 7, pairs: 1 })).toEqual(one);
    const sequence = (seed: number, first: number): number[][] =>
      Array.from({ length: 20 }, (_, k) => Array.from(estimate(quadratic, x, { seed, draw: first + k, pairs: 1 }).gradient));
    expect(sequence(1, 20)).not.toEqual(sequence(1, 0));
    expect(sequence(2, 0)).not.toEqual(sequence(1, 0));
    expect(one.evaluations).toBe(2);
    expect([...x]).toEqual(at);
  });

  it("asks nothing outside of the box, and still sees the slope at a face", () => {
    const box = { lower: Float64Array.of(0, 0), upper: Float64Array.of(1, 1e-9) };
    const { gradient } = estimate(
      (x) => {
        expect(x[0]! >= 0 && x[0]! <= 1 && x[1]! >= 0 && x[1]! <= 1e-9).toBe(true);
        return 5 * x[0]!;
      },
      [0, 0],
      { box, pairs: 2000, seed: 1 },
    );
    expect(gradient[0]).toBeCloseTo(5, 0);
  });

  it("refuses sizes and numbers of pairs that make no sense", () => {
    for (const options of [{ size: 0 }, { size: Number.NaN }, { pairs: 0 }, { pairs: 1.5 }]) {
      expect(() => estimate(quadratic, at, options)).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    }
  });
});

describe("Gaussian smoothing", () => {
  it("sees the slope beneath ripples narrower than it (oracle: E f(x + σu) of a ripple vanishes like exp(−(kσ)²/2))", () => {
    const rippled = (x: Float64Array): number => 2 * x[0]! + 0.05 * Math.sin(400 * x[0]!);
    const { gradient } = smoothedGradient(rippled, [0.3], { size: 0.05, pairs: 20_000, seed: 4 });
    expect(gradient[0]).toBeCloseTo(2, 1);
  });
});

describe("estimators", () => {
  it("are named options with their sizes", () => {
    expect(spsa({ size: 0.1 })).toEqual({ kind: "estimator", name: "spsa", size: 0.1 });
    expect(estimatedGradient(spsa({ pairs: 3 }), quadratic, at, { seed: 1 })).toEqual(spsaGradient(quadratic, at, { pairs: 3, seed: 1 }));
    expect(estimatedGradient(gaussianSmoothing(), quadratic, at)).toEqual(smoothedGradient(quadratic, at));
    expect(() => gaussianSmoothing({ pairs: 0 })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    expect(() => spsa({ size: -1 })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});
