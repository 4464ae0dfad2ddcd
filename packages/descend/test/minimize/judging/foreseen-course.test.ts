/**
 * Oracles: the descents themselves on random quadratics, the closed form (1 − αλ)^k, and conjugate
 * gradients as in a textbook, which meet the bound.
 */

import { describe, expect, it } from "vitest";
import { foreseenCourse } from "../../../src/minimize/judging/foreseen-course.js";
import { stepSizeAtStart, stepSizeCertificate } from "../../../src/minimize/judging/step-size-certificate.js";
import { createDescent, minimize } from "../../../src/minimize/minimize.js";
import type { DescentOptions } from "../../../src/minimize/options.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../../src/optim/methods/momentum.js";
import { nesterov } from "../../../src/optim/methods/nesterov.js";

/**
 * ½ Σ λᵢ·(x′ᵢ − cᵢ)² with x′ = Q·x for a reflection Q and everything random: eigenvalues between
 * 1 and `condition`, evenly in the logarithm.
 */
function randomBowl(seed: number, n: number, condition: number): (x: number[]) => number {
  const random = (stream: number, i: number): number => threefryUniform(seed, stream, i);
  const eigenvalues = Array.from({ length: n }, (_, i) => condition ** (i === 0 ? 0 : i === n - 1 ? 1 : random(1, i)) / condition);
  const center = Array.from({ length: n }, (_, i) => 2 * random(2, i) - 1);
  const normal = Array.from({ length: n }, (_, i) => random(3, i) - 0.5);
  const square = normal.reduce((sum, value) => sum + value * value, 0);
  return new Function(
    "x",
    `const l = ${JSON.stringify(eigenvalues)}, c = ${JSON.stringify(center)}, v = ${JSON.stringify(normal)};
     let s = 0; for (let i = 0; i < ${n}; i++) s += v[i] * x[i]; s = 2 * s / ${square};
     let f = 0; for (let i = 0; i < ${n}; i++) f += 0.5 * l[i] * (x[i] - s * v[i] - c[i]) ** 2; return f;`,
  ) as (x: number[]) => number;
}

const rules = [
  ["gradient descent", gradientDescent({ learningRate: 0.7 })],
  ["gradient descent near its limit", gradientDescent({ learningRate: 1.97 })],
  ["momentum", momentum({ learningRate: 0.3 })],
  ["momentum that swings", momentum({ learningRate: 0.05, momentum: 0.98 })],
  ["Nesterov", nesterov({ learningRate: 0.3 })],
] as const;
const cases = rules.flatMap(([name, method]) =>
  [
    [1, 2, 30],
    [2, 8, 100],
    [3, 40, 300],
    [4, 200, 50],
  ].map(([seed, n, condition]) => [name, n, condition, seed, method] as const),
);

describe("the course foreseen", () => {
  it.each(cases)("is that of %s on a random quadratic of %i parameters and condition %i", (_, n, condition, seed, method) => {
    const bowl = randomBowl(seed!, n!, condition!);
    const start = Array.from({ length: n! }, (_, i) => 4 * threefryUniform(seed!, 9, i) - 2);
    const options: DescentOptions = { method, history: true, pursue: false, stopping: { relativeGradientTolerance: 1e-6 } };
    const certificate = stepSizeCertificate(bowl, start, options)!;
    const { steps, history } = minimize(bowl, start, options);
    expect(certificate.predictedSteps! / steps).toBeGreaterThan(0.9);
    expect(certificate.predictedSteps! / steps).toBeLessThan(1.1);
    const course = foreseenCourse(certificate, Math.min(steps, 999))!;
    expect(course.kind).toBe("course");
    // Beyond the products of the probe the slowest parts are known a little less well
    const decades = n! > 100 ? 0.1 : 1e-6;
    course.step.forEach((step, k) => {
      const [real, foreseen] = [history!.gradientNorm[step]!, course.gradientNorm[k]!];
      if (real < 1e-9 * history!.gradientNorm[0]!) return;
      expect(Math.abs(Math.log10(foreseen / real))).toBeLessThan(decades);
      // f* = 0; values below rounding of the first say nothing
      if (n! <= 100) expect(Math.abs(Math.log10(course.excess[k]! / history!.value[step]!))).toBeLessThan(1e-6);
    });
  });

  it("is (1 − αλ)^k along an eigenvector, and grows where the rate is too large", () => {
    const bowl = ([x, y]: number[]) => x! ** 2 + 5 * y! ** 2;
    for (const [rate, start, factor] of [
      [0.05, [3, 0], 0.9],
      [0.3, [0, 1], -2],
    ] as const) {
      const certificate = stepSizeCertificate(bowl, [...start], { method: gradientDescent({ learningRate: rate }) })!;
      const { gradientNorm, excess, step } = foreseenCourse(certificate, 20)!;
      step.forEach((k) => {
        expect(gradientNorm[k]! / gradientNorm[0]!).toBeCloseTo(Math.abs(factor) ** k, 9);
        expect(excess[k]! / bowl([...start])).toBeCloseTo(factor ** (2 * k), 9);
      });
    }
  });

  it("bounds what searches along gradients do, and is what conjugate gradients do", () => {
    const bowl = randomBowl(5, 12, 200);
    const start = Array.from({ length: 12 }, (_, i) => 4 * threefryUniform(5, 9, i) - 2);
    for (const method of ["conjugateGradient", "lbfgs", "bfgs", "barzilaiBorwein"]) {
      const options: DescentOptions = { method, history: true };
      const course = foreseenCourse(stepSizeCertificate(bowl, start, options)!, 100)!;
      const { history } = minimize(bowl, start, options);
      expect(course.kind).toBe("bound");
      // At rest after as many steps as there are curvatures
      expect([course.step.at(-1), course.excess.at(-1), course.gradientNorm.at(-1)]).toEqual([12, 0, 0]);
      for (let k = 0; k < Math.min(course.step.length, history!.length, 12); k++) {
        expect(history!.value[k]!).toBeGreaterThan((1 - 1e-6) * course.excess[k]!);
        expect(history!.gradientNorm[k]!).toBeGreaterThan((1 - 1e-6) * course.gradientNorm[k]!);
      }
    }
    // With exact searches they are the bound
    const certificate = stepSizeCertificate(bowl, start, { method: "conjugateGradient" })!;
    const course = foreseenCourse(certificate, 100)!;
    const exact = conjugateGradients(certificate, 8);
    exact.forEach((excess, k) => expect(course.excess[k]! / excess).toBeCloseTo(1, 6));
  });

  it("ends where the probe does, which then has not met all curvatures", () => {
    const bowl = randomBowl(7, 300, 1e4);
    const certificate = stepSizeCertificate(bowl, new Array<number>(300).fill(3), { method: "lbfgs" })!;
    const { step, excess } = foreseenCourse(certificate, 1000)!;
    expect(step.at(-1)).toBeLessThan(100);
    expect(Math.min(...excess)).toBeGreaterThan(0);
  });

  it("is that of the start, wherever the descent stands, and leaves it as it is", () => {
    const bowl = randomBowl(6, 5, 40);
    const options: DescentOptions = { method: momentum({ learningRate: 0.2 }) };
    const descent = createDescent(bowl, [1, 2, 3, 4, 5], options);
    const before = foreseenCourse(descent.stepSize!, 30);
    descent.step(20);
    const { params, evaluations } = descent;
    expect(foreseenCourse(stepSizeAtStart(descent as never)!, 30)).toEqual(before);
    expect([descent.steps, descent.params, descent.evaluations]).toEqual([20, params, evaluations]);
  });

  it("is left open where nothing is known: adaptive rules, Newton's method, saddles, rest", () => {
    const bowl = ([x, y]: number[]) => x! ** 2 + 3 * y! ** 2;
    for (const method of [adam(), "newton", "nelderMead"]) {
      const certificate = stepSizeCertificate(bowl, [1, 1], { method });
      expect(certificate && foreseenCourse(certificate, 10)).toBeUndefined();
    }
    const saddle = stepSizeCertificate(([x, y]: number[]) => x! ** 2 - y! ** 2, [1, 1], { method: gradientDescent() })!;
    expect(foreseenCourse(saddle, 10)).toBeUndefined();
    expect(foreseenCourse(stepSizeCertificate(bowl, [0, 0], { method: gradientDescent() })!, 10)).toBeUndefined();
  });
});

/** Hestenes and Stiefel as in a textbook, on the curvatures of the certificate: f − f* of each step. */
function conjugateGradients({ spectrum }: NonNullable<ReturnType<typeof stepSizeCertificate>>, steps: number): number[] {
  const { curvature, share, gradientNorm } = spectrum!;
  let r = Array.from(share, (value) => gradientNorm * Math.sqrt(value));
  let p = r;
  const sum = (a: readonly number[], b: readonly number[]): number => a.reduce((total, value, i) => total + value * b[i]!, 0);
  const along = (v: readonly number[]): number[] => v.map((value, i) => value * curvature[i]!);
  const excesses: number[] = [];
  for (let k = 0; k < steps; k++) {
    excesses.push(r.reduce((total, value, i) => total + value ** 2 / curvature[i]! / 2, 0));
    const length = sum(r, r) / sum(p, along(p));
    const next = r.map((value, i) => value - length * along(p)[i]!);
    p = next.map((value, i) => value + (sum(next, next) / sum(r, r)) * p[i]!);
    r = next;
  }
  return excesses;
}
