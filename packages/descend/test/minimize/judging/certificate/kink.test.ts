// Oracle: calculus of |x|, of max, and of smooth functions with large curvature.

import { describe, expect, it } from "vitest";
import { type GradientAt, jumpBetween, kinkTest } from "../../../../src/minimize/judging/certificate/kink.js";
import { minimize } from "../../../../src/minimize/minimize.js";

const at =
  (gradient: (x: Float64Array) => number[], value: (x: Float64Array) => number = () => 0): GradientAt =>
  (params) => ({ value: value(params), gradient: gradient(params) });
const test = (gradientAt: GradientAt, params: number[]) =>
  kinkTest(
    gradientAt,
    Float64Array.from(params),
    Float64Array.from(params, () => 1),
    { single: false, rounding: 0, seed: 0, maxGradients: 60 },
  );
const absolute = at(
  (x) => [Math.sign(x[0]! - 1), Math.sign(x[1]! + 2)],
  (x) => Math.abs(x[0]! - 1) + Math.abs(x[1]! + 2),
);

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
      at(
        (x) => [Math.sign(x[0]!), 2 * x[1]!],
        (x) => Math.abs(x[0]!) + x[1]! ** 2,
      ),
      [0, 1],
    )!;
    expect(smooth.length).toBeGreaterThan(0);
    for (const direction of smooth) expect(Math.abs(direction[0]!)).toBeLessThan(1e-6);
  });

  it("lies between two points if the jump stays as they approach each other", () => {
    const [a, b] = [Float64Array.of(-1), Float64Array.of(2)];
    const one = Float64Array.of(1);
    expect(
      jumpBetween(
        at((x) => [Math.sign(x[0]!)]),
        a,
        b,
        one,
      ),
    ).toBeDefined();
    expect(
      jumpBetween(
        at((x) => [x[0]!]),
        a,
        b,
        one,
      ),
    ).toBeUndefined();
    // Of an exponential most of the change is in the last stretch, however short: e^(150x) keeps a third of it in 1/128 of the way.
    expect(
      jumpBetween(
        at((x) => [Math.exp(150 * x[0]!)]),
        Float64Array.of(0),
        one,
        one,
      ),
    ).toBeUndefined();
  });

  it("is none where differences reach across a jump of the values, which has no minimum beside it", () => {
    // Values x above 1 and 3 − x up to it: 1 is approached and never had
    const value = ([x]: number[]): number => (x! > 1 ? x! : 3 - x!);
    const h = 6e-6;
    const differences = at(
      ([x]) => [(value([x! + h]) - value([x! - h])) / (2 * h)],
      ([x]) => value([x!]),
    );
    for (const beside of [-1e-8, 0, 1e-8]) expect(test(differences, [1 + h + beside])!.test.passed).toBe(false);
    for (const start of [1.5, 2, 5.5, 30]) {
      const solution = minimize(([x]: number[]) => value([x!]), [start]);
      expect(solution.gradientSource).toBe("finite-difference");
      expect(solution.verdict).toBe("stalled");
    }
    // Kinks whose values go on without a jump are minima as before, however their slopes are had: |x| + (x − 3)² has its at 5/2
    const kinked = minimize(([x, y]: number[]) => value([0]) - 3 + Math.abs(x!) + (x! - 3) ** 2 + Math.abs(y! - 1), [5.5, 2]);
    expect(kinked.gradientSource).toBe("finite-difference");
    expect(kinked.verdict).toBe("converged");
    expect(kinked.value).toBeCloseTo(2.75, 10);
  });
});
