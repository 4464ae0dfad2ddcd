/**
 * Oracles: quadratics whose Hessians are given, among them those of two course tables (eigenvalues by their published condition numbers and
 * stable rates), the theory of linear recurrences, and the descents themselves.
 */

import { describe, expect, it } from "vitest";
import { stepSizeCertificate } from "../../../src/minimize/judging/step-size-certificate.js";
import { createDescent, minimize } from "../../../src/minimize/minimize.js";
import type { DescentOptions } from "../../../src/minimize/options.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { adam } from "../../../src/optim/methods/adam.js";
import { gradientDescent } from "../../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../../src/optim/methods/momentum.js";
import { nesterov } from "../../../src/optim/methods/nesterov.js";
import { rmsprop } from "../../../src/optim/methods/rmsprop.js";

/** ½ Σ λᵢ·(x′ᵢ − 1)² with x′ = Q·x for a reflection Q, so that no coordinate is an eigenvector. */
function turnedBowl(eigenvalues: readonly number[]): (x: number[]) => number {
  const n = eigenvalues.length;
  const constants = JSON.stringify(eigenvalues);
  return new Function(
    "x",
    `const l = ${constants}; let s = 0; for (let i = 0; i < ${n}; i++) s += x[i]; s = 2 * s / ${n}; let f = 0; for (let i = 0; i < ${n}; i++) f += 0.5 * l[i] * (x[i] - s - 1) ** 2; return f;`,
  ) as (x: number[]) => number;
}

const spectrum = (n: number, condition: number): number[] => Array.from({ length: n }, (_, i) => condition ** (i / (n - 1)) / condition);

describe("the step-size certificate", () => {
  it.each([
    ["population against profit", [0.18026, 82.22368], 0.0243239, 456.14],
    ["house sizes and rooms, raw", [0.04898, 2.6, 4.62e6], 4.328e-7, 9.43e7],
    ["house sizes and rooms, standardized", [0.44002, 1, 1.55998], 1.28208, 3.545],
    ["x² + 2y² + 2xy", [3 - Math.sqrt(5), 3 + Math.sqrt(5)], 0.381966, 6.854],
  ])("gives the stable rate and the condition of %s", (_, eigenvalues, stable, condition) => {
    const certificate = stepSizeCertificate(
      turnedBowl(eigenvalues),
      eigenvalues.map(() => 0),
      {
        method: gradientDescent({ learningRate: stable / 2 }),
      },
    )!;
    expect(certificate.stableLearningRate! / stable).toBeCloseTo(1, 2);
    expect(certificate.conditionNumber / condition).toBeCloseTo(1, 2);
    expect(certificate.stability).toBeCloseTo(0.5, 2);
  });

  it("gives 1/6 at the minimum of x³ − 3x² − 9x + 2, above which gradient descent cycles", () => {
    const cubic = ([x]: number[]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2;
    const certificate = stepSizeCertificate(cubic, [3], { method: gradientDescent({ learningRate: 0.17 }) })!;
    expect(certificate.stableLearningRate).toBeCloseTo(1 / 6, 12);
    expect(certificate.stability).toBeGreaterThan(1);
    const solution = minimize(cubic, [0], { method: gradientDescent({ learningRate: 0.17 }) });
    expect(solution.verdict).toBe("orbiting");
    expect(solution.stepSize!.stability).toBeGreaterThan(1);
  });

  it.each([
    ["heavy ball", momentum({ learningRate: 0.1 }), (2 * 1.9) / 2],
    ["heavy ball, β = 0.5", momentum({ learningRate: 0.1, momentum: 0.5 }), 3 / 2],
    ["its weighted form", momentum({ learningRate: 0.1, form: "ema" }), (2 * 1.9) / 0.1 / 2],
    ["Nesterov", nesterov({ learningRate: 0.1 }), (2 * 1.9) / 2.8 / 2],
  ])("knows the limit of %s, below which it converges and above which it does not", (_, method, limit) => {
    const bowl = ([x]: number[]) => x! ** 2;
    const certificate = stepSizeCertificate(bowl, [1], { method })!;
    expect(certificate.stableLearningRate).toBeCloseTo(limit, 12);
    const name = method.name;
    const at = (rate: number) =>
      minimize(bowl, [1], { method: name, methodOptions: { ...method.settings, learningRate: rate }, maxSteps: 20_000 }).converged;
    expect([at(0.98 * limit), at(1.02 * limit)]).toEqual([true, false]);
  });

  it.each([
    ["gradient descent", gradientDescent({ learningRate: 0.5 }), 20],
    ["gradient descent near its limit", gradientDescent({ learningRate: 1.98 }), 20],
    ["momentum", momentum({ learningRate: 0.3 }), 20],
    ["momentum that swings", momentum({ learningRate: 0.05, momentum: 0.98 }), 20],
    ["weighted momentum", momentum({ learningRate: 0.5, form: "ema" }), 20],
    ["Nesterov", nesterov({ learningRate: 0.3 }), 20],
    ["gradient descent in 200 dimensions", gradientDescent({ learningRate: 0.9 }), 200],
  ])("predicts the steps of %s on a bowl of condition 300 within a tenth", (_, method, n) => {
    const bowl = turnedBowl(spectrum(n, 300));
    const start = Array.from({ length: n }, (_, i) => 4 * threefryUniform(1, 1, i) - 2);
    const options: DescentOptions = { method, pursue: false, certify: false };
    const predicted = stepSizeCertificate(bowl, start, options)!.predictedSteps!;
    expect(predicted / minimize(bowl, start, options).steps).toBeGreaterThan(0.9);
    expect(predicted / minimize(bowl, start, options).steps).toBeLessThan(1.1);
  });

  it("draws the curve that the descent then follows", () => {
    const bowl = turnedBowl(spectrum(6, 50));
    const descent = createDescent(bowl, [1, 2, 3, -1, -2, -3], { method: momentum({ learningRate: 0.2 }) });
    const { step, gradientNorm } = descent.stepSize!.prediction!;
    for (let k = 0; k < step.length; k++) {
      descent.step(step[k]! - descent.steps);
      const real = Math.max(...descent.gradient.map(Math.abs));
      expect(Math.abs(real - gradientNorm[k]!)).toBeLessThan(1e-9 * gradientNorm[0]!);
    }
  });

  it("gives the largest curvature of 500 parameters within 1 % and takes no step", () => {
    const bowl = turnedBowl(spectrum(500, 1e4));
    const descent = createDescent(bowl, new Array<number>(500).fill(0), { method: gradientDescent({ learningRate: 1 }) });
    expect(descent.stepSize!.largestCurvature).toBeGreaterThan(0.99);
    expect(descent.stepSize!.largestCurvature).toBeLessThanOrEqual(1 + 1e-9);
    expect(descent.steps).toBe(0);
  });

  it("leaves open what theory does not say: searches, adaptive rules, saddles", () => {
    const bowl = ([x, y]: number[]) => x! ** 2 + 3 * y! ** 2;
    for (const method of ["lbfgs", adam()]) {
      const certificate = stepSizeCertificate(bowl, [1, 1], { method })!;
      expect(certificate.largestCurvature).toBeCloseTo(6, 12);
      expect([certificate.stableLearningRate, certificate.predictedSteps]).toEqual([undefined, undefined]);
    }
    const saddle = stepSizeCertificate(([x, y]: number[]) => x! ** 2 - y! ** 2, [1, 1], { method: gradientDescent() })!;
    expect([saddle.indefinite, saddle.predictedSteps]).toEqual([true, undefined]);
    expect(stepSizeCertificate(([x]: number[]) => -(x! ** 2), [1])).toBeUndefined();
  });

  it("names what a stable rate rests on, or why there is none", () => {
    const bowl = ([x, y]: number[]) => x! ** 2 + 3 * y! ** 2;
    const basis = (method: NonNullable<Parameters<typeof stepSizeCertificate>[2]>["method"]) =>
      stepSizeCertificate(bowl, [1, 1], { method })!.basis;
    expect(basis(gradientDescent())).toBe("curvature");
    expect(basis("lbfgs")).toBe("search");
    expect(basis(adam())).toBe("no-memory");
    expect(basis(adam({ learningRate: (step) => step.mul(0).add(0.1) }))).toBe("no-theory");
    expect(basis("lion")).toBe("no-theory");
  });

  // Oracle: by hand, of a diagonal Hessian: P⁻¹·H has the entries hᵢ/(√v̂ᵢ + ε).
  it.each([
    ["Adam", adam({ learningRate: 0.05 }), 38],
    ["Adam with a shorter memory", adam({ learningRate: 0.05, beta1: 0.5 }), 6],
    ["RMSProp", rmsprop({ learningRate: 0.05 }), 2],
  ] as const)("gives the threshold of the preconditioned curvature of %s", (_, method, limit) => {
    const descent = createDescent(([x, y]: number[]) => x! ** 2 + 3 * y! ** 2, [1, 2], { method });
    descent.step(5);
    const { stableLearningRate, preconditionedCurvature, basis, predictedSteps } = descent.stepSize!;
    const { v, weight2 } = Object.fromEntries(Object.entries(descent.state).map(([name, value]) => [name.split(".").at(-1)!, value]));
    const quotients = [2, 6].map((curvature, i) => curvature / (Math.sqrt(v![i]! / (weight2?.[0] ?? 1)) + 1e-8));
    expect(basis).toBe("preconditioned-curvature");
    expect(preconditionedCurvature! / Math.max(...quotients)).toBeCloseTo(1, 9);
    expect((stableLearningRate! * Math.max(...quotients)) / limit).toBeCloseTo(1, 9);
    expect(predictedSteps).toBeUndefined();
  });

  // Oracle: Cohen et al. 2022: at constant rates over all rows the preconditioned curvature comes to the threshold and stays there.
  it("has adaptive rules over all rows end at the edge of stability", () => {
    const descent = createDescent(([x, y]: number[]) => x! ** 2 + 3 * y! ** 2 + 0.1 * x! ** 4, [1, 2], {
      method: rmsprop({ learningRate: 0.01 }),
      stopping: { gradientTolerance: 0, relativeGradientTolerance: 0 },
    });
    descent.step(3000);
    const shares = Array.from({ length: 20 }, () => {
      descent.step(7);
      return descent.stepSize!.stability!;
    });
    expect(Math.min(...shares)).toBeGreaterThan(0.5);
    expect(Math.max(...shares)).toBeLessThan(2);
  });

  it("is not part of what a solution prints", () => {
    const solution = minimize(([x]: number[]) => x! ** 2, [1], { method: gradientDescent({ learningRate: 0.1 }) });
    const before = solution.evaluations.hessianVector;
    expect(Object.keys(solution)).not.toContain("stepSize");
    expect(JSON.parse(JSON.stringify(solution)).stepSize).toBeUndefined();
    expect(solution.evaluations.hessianVector).toBe(before);
    expect(solution.stepSize!.largestCurvature).toBeCloseTo(2, 12);
  });
});
