import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finiteDifferenceGradient } from "../../src/autodiff/finite-differences.js";
import { estimateNoise } from "../../src/autodiff/noise-level.js";
import type { DescendError } from "../../src/errors.js";
import { threefryUniform } from "../../src/numeric/random.js";

/** exp(x)/√(sin³x + cos³x), with its derivative at 1.5 in 40 digits. */
const squire = (x: ArrayLike<number>): number => Math.exp(x[0]!) / Math.sqrt(Math.sin(x[0]!) ** 3 + Math.cos(x[0]!) ** 3);
const squireSlope = 4.053427893898621;
const relativeError = (step: number): number => Math.abs(finiteDifferenceGradient(squire, [1.5], { step }).gradient[0]! / squireSlope - 1);

const rosenbrock = (x: ArrayLike<number>): number => 100 * (x[1]! - x[0]! ** 2) ** 2 + (1 - x[0]!) ** 2;

describe("finite differences", () => {
  it("err as the literature says on the function of Squire and Trapp (oracle: 40-digit derivative)", () => {
    // Truncation at 1e-5, the balance near ∛ε, rounding at 1e-12.
    expect(relativeError(1e-5)).toBeCloseTo(1.4e-10, 11);
    expect(relativeError(6.06e-6)).toBeGreaterThan(2e-11);
    expect(relativeError(6.06e-6)).toBeLessThan(1e-10);
    expect(relativeError(1e-12)).toBeGreaterThan(1e-5);
    expect(relativeError(1e-12)).toBeLessThan(1e-4);
  });

  it("gain the order of their scheme when the step halves (oracle: h, h², h⁴)", () => {
    const orders = { forward: 1, central: 2, "four-point": 4 } as const;
    for (const [scheme, order] of Object.entries(orders) as ["forward" | "central" | "four-point", number][]) {
      const error = (step: number): number =>
        Math.abs(finiteDifferenceGradient((x) => Math.exp(x[0]!), [0], { scheme, step }).gradient[0]! - 1);
      const h = scheme === "forward" ? 1e-3 : 2e-2;
      expect(Math.log2(error(h) / error(h / 2))).toBeCloseTo(order, 1);
    }
  });

  it("reach their digits with the default step (oracle: closed form)", () => {
    const exact = [-215.6, -88];
    const error = (scheme: "forward" | "central" | "four-point"): number => {
      const { gradient } = finiteDifferenceGradient(rosenbrock, [-1.2, 1], { scheme });
      return Math.max(...exact.map((g, i) => Math.abs(gradient[i]! - g) / Math.abs(g)));
    };
    expect(error("forward")).toBeLessThan(1e-6);
    expect(error("central")).toBeLessThan(1e-8);
    expect(error("four-point")).toBeLessThan(1e-10);
  });

  it("count evaluations: n + 1, 2n, 4n, and leave x alone", () => {
    const x = Float64Array.of(1, 2, 3, 4);
    const sphere = (v: Float64Array): number => v.reduce((s, t) => s + t * t, 0);
    expect(finiteDifferenceGradient(sphere, x, { scheme: "forward" }).evaluations).toBe(5);
    expect(finiteDifferenceGradient(sphere, x, { scheme: "forward", value: 30 }).evaluations).toBe(4);
    expect(finiteDifferenceGradient(sphere, x).evaluations).toBe(8);
    expect(finiteDifferenceGradient(sphere, x, { scheme: "four-point" }).evaluations).toBe(16);
    expect([...x]).toEqual([1, 2, 3, 4]);
    expect(finiteDifferenceGradient(sphere, []).evaluations).toBe(0);
  });

  it("are exact on quadratics up to rounding, wherever they are taken (oracle: closed form)", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), (x) => {
        const { gradient } = finiteDifferenceGradient((v) => v[0]! ** 2 - 3 * v[0]!, [x]);
        expect(Math.abs(gradient[0]! - (2 * x - 3))).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(x)));
      }),
      { seed: 31 },
    );
  });

  it("are taken from one side at the edge of the domain, and say so", () => {
    const root = (x: Float64Array): number => Math.sqrt(x[0]!) ** 3 + Math.sqrt(2 - x[1]!) ** 5 + x[2]!;
    const result = finiteDifferenceGradient(root, [0, 2, 5], { scheme: "central" });
    expect(result.oneSided).toEqual([
      { index: 0, side: "right" },
      { index: 1, side: "left" },
    ]);
    expect(result.gradient[0]).toBeCloseTo(0, 2);
    expect(result.gradient[1]).toBeCloseTo(0, 6);
    expect(result.gradient[2]).toBeCloseTo(1, 9);
    const nowhere = finiteDifferenceGradient(() => Number.NaN, [1]);
    expect(nowhere.oneSided).toEqual([{ index: 0, side: "none" }]);
    expect(nowhere.gradient[0]).toBeNaN();
  });

  it("use the noise of the function for the step: a noisy quadratic keeps digits (oracle: closed form)", () => {
    let call = 0;
    const noisy = (x: ArrayLike<number>): number => 3 + (x[0]! - 0.3) ** 2 + 1e-8 * (threefryUniform(4, 0, call++) - 0.5);
    for (const scheme of ["forward", "central"] as const) {
      const plain = finiteDifferenceGradient(noisy, [1.2], { scheme });
      const measured = finiteDifferenceGradient(noisy, [1.2], { scheme, noise: "measure" });
      const given = finiteDifferenceGradient(noisy, [1.2], { scheme, noise: 3e-9 });
      const error = (g: number): number => Math.abs(g - 1.8);
      expect(error(measured.gradient[0]!)).toBeLessThan(1e-3);
      expect(error(given.gradient[0]!)).toBeLessThan(1e-3);
      expect(measured.step[0]).toBeGreaterThan(10 * plain.step[0]!);
    }
  });

  it("refuse steps and schemes that make no sense", () => {
    const code = (options: object): string => {
      try {
        finiteDifferenceGradient(rosenbrock, [1, 1], options);
        return "none";
      } catch (error) {
        return (error as DescendError).code;
      }
    };
    expect(code({ step: 0 })).toBe("OPTION_OUT_OF_RANGE");
    expect(code({ noise: -1 })).toBe("OPTION_OUT_OF_RANGE");
    expect(code({ scheme: "sideways" })).toBe("OPTION_OUT_OF_RANGE");
  });
});

describe("the noise of a function", () => {
  it("is measured within a factor of 4 of what was put in (oracle: standard deviation of a uniform number, a/√12)", () => {
    for (const amplitude of [1e-12, 1e-9, 1e-6, 1e-4]) {
      let call = 0;
      const estimate = estimateNoise((x) => 1 + Math.sin(x[0]!) * x[1]! + amplitude * threefryUniform(9, 1, call++), [0.7, 1.3]);
      expect(estimate.verdict).toBe("detected");
      expect(estimate.noise / (amplitude / Math.sqrt(12))).toBeGreaterThan(1 / 4);
      expect(estimate.noise / (amplitude / Math.sqrt(12))).toBeLessThan(4);
    }
  });

  it("of a clean formula is rounding (oracle: unit roundoff)", () => {
    const { noise, verdict } = estimateNoise((x) => Math.exp(x[0]!) + Math.sin(3 * x[1]!), [0.7, 1.3]);
    expect(verdict).toBe("detected");
    expect(noise).toBeGreaterThan(1e-17);
    expect(noise).toBeLessThan(1e-14);
  });

  it("of a constant is not found: too smooth at any spacing", () => {
    expect(estimateNoise(() => 5, [1, 2])).toMatchObject({ noise: 0, verdict: "too-smooth" });
  });
});
