/** Oracle: theory of descent on quadratics, worked by hand. */

import { describe, expect, it } from "vitest";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../../src/optim/methods/momentum.js";
import { nesterov } from "../../../src/optim/methods/nesterov.js";
import type { Transformation } from "../../../src/optim/transformation.js";
import { type RuleRun, runRule } from "../run-rule.js";

/** f(x) = ½·Σ λᵢ·xᵢ². */
const eigenvalues = [1, 3, 25];
const quadratic = (x: Float64Array): number[] => eigenvalues.map((lambda, i) => lambda * x[i]!);
const start = [1, -2, 0.5];
const run = (method: Transformation, steps: number): RuleRun => runRule(method, start, { steps, gradient: quadratic });
const norm = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x));
/** The mean factor per step between steps a and b, from the slope of the logarithm. */
const rate = ({ iterates }: RuleRun, a: number, b: number): number => (norm(iterates[b]!) / norm(iterates[a]!)) ** (1 / (b - a));

const kappa = 25;

describe("gradient descent", () => {
  it("on a quadratic is (I − αA)^k, up to one rounding a step", () => {
    const { iterates } = run(gradientDescent({ learningRate: 0.03 }), 50);
    iterates.forEach((x, k) => {
      eigenvalues.forEach((lambda, i) => {
        const expected = start[i]! * (1 - 0.03 * lambda) ** k;
        expect(Math.abs(x[i]! - expected)).toBeLessThanOrEqual(4 * (k + 1) * 2 ** -53 * Math.abs(expected));
      });
    });
  });

  it("with the best constant rate 2/(λ₁+λₙ) contracts by (κ−1)/(κ+1)", () =>
    expect(rate(run(gradientDescent({ learningRate: 2 / 26 }), 300), 100, 300)).toBeCloseTo((kappa - 1) / (kappa + 1), 6));

  it("converges just below the rate 2/L and diverges just above it", () => {
    expect(rate(run(gradientDescent({ learningRate: 1.99 / 25 }), 400), 300, 400)).toBeLessThan(1);
    expect(rate(run(gradientDescent({ learningRate: 2.01 / 25 }), 400), 300, 400)).toBeGreaterThan(1);
  });

  it("on x² + y² from (1, 2) with rate 0.1 comes to (0.8, 1.6)", () => {
    const [x, y] = runRule(gradientDescent({ learningRate: 0.1 }), [1, 2], { steps: 1, gradient: ([a, b]) => [2 * a!, 2 * b!] })
      .iterates[1]!;
    expect(x).toBeCloseTo(0.8, 15);
    expect(y).toBeCloseTo(1.6, 15);
  });

  it("has steps in constant proportion to the gradient", () => {
    const { updates, iterates } = run(gradientDescent({ learningRate: 0.03 }), 60);
    updates.forEach((update, k) => {
      expect(Math.abs(norm(update) / norm(quadratic(iterates[k]!)) / 0.03 - 1)).toBeLessThan(1e-15);
    });
  });

  it("follows a scheduled rate", () => {
    const { iterates } = runRule(gradientDescent({ learningRate: (step) => step.add(1).pow(-1) }), [0], {
      steps: 4,
      gradient: () => [-12],
    });
    expect(iterates.map(([x]) => x)).toEqual([0, 12, 18, 22, 25]);
  });
});

describe("momentum", () => {
  it("of 0 is gradient descent to the bit, in both forms and in Nesterov's", () => {
    const plain = run(gradientDescent({ learningRate: 0.03 }), 40).iterates;
    for (const form of ["classic", "ema"] as const)
      expect(run(momentum({ learningRate: 0.03, momentum: 0, form }), 40).iterates).toEqual(plain);
    expect(run(nesterov({ learningRate: 0.03, momentum: 0 }), 40).iterates).toEqual(plain);
  });

  it("takes the same path in both forms when α_classic = α_ema·(1 − β)", () => {
    const classic = run(momentum({ learningRate: 0.01, momentum: 0.75 }), 80).iterates;
    const mean = run(momentum({ learningRate: 0.04, momentum: 0.75, form: "ema" }), 80).iterates;
    classic.forEach((x, k) => {
      x.forEach((value, i) => {
        expect(Math.abs(value - mean[k]![i]!)).toBeLessThan(1e-14);
      });
    });
  });

  it("with Polyak's rate and μ contracts by (√κ−1)/(√κ+1)", () => {
    const root = Math.sqrt(kappa);
    const mu = ((root - 1) / (root + 1)) ** 2;
    const alpha = (2 / (root + 1)) ** 2;
    // Near the end the slope carries a factor k from the double roots: k^(1/200) over the window below.
    const measured = rate(run(momentum({ learningRate: alpha, momentum: mu }), 60), 30, 60);
    expect(Math.abs(measured / ((root - 1) / (root + 1)) - 1)).toBeLessThan(0.05);
  });
});

describe("Nesterov's method", () => {
  it("passes through the look-ahead points of the original scheme", () => {
    const alpha = 0.02;
    const mu = 0.8;
    const { iterates } = run(nesterov({ learningRate: alpha, momentum: mu }), 60);
    // v ← μ·v − α·∇f(x + μ·v), x ← x + v; compared are the points x + μ·v where it takes its gradients.
    let x = [...start];
    let v = [0, 0, 0];
    iterates.forEach((point) => {
      const ahead = x.map((xi, i) => xi + mu * v[i]!);
      point.forEach((value, i) => {
        expect(Math.abs(value - ahead[i]!)).toBeLessThan(1e-14);
      });
      v = v.map((vi, i) => mu * vi - alpha * eigenvalues[i]! * ahead[i]!);
      x = x.map((xi, i) => xi + v[i]!);
    });
  });

  it("with α = 1/L and μ = (√κ−1)/(√κ+1) contracts by 1 − 1/√κ a step", () => {
    const root = Math.sqrt(kappa);
    const measured = rate(run(nesterov({ learningRate: 1 / 25, momentum: (root - 1) / (root + 1) }), 120), 60, 120);
    // √(1 − 1/√κ) per step in the value is the bound; the slow mode itself decays like k·(1 − 1/√κ)^k.
    expect(measured).toBeLessThan(Math.sqrt(1 - 1 / root));
    expect(Math.abs(measured / (1 - 1 / root) - 1)).toBeLessThan(0.05);
  });
});
