/** Fits from raw tables with default settings against independent programs and certified values. */

import { describe, expect, it } from "vitest";
import { createDescent } from "../../src/minimize/minimize.js";
import { fit } from "../../src/models/fit.js";
import { dataText, referenceJson } from "../reference-data.js";
import { correctDigits, distance, referenceTable } from "./reference-tables.js";

const models = referenceJson("models.json");
const nist = dataText("nist-linear.json");

/** Coefficients of standardized features from those of the table. */
const standardized = (weights: ArrayLike<number>, deviations: readonly number[]): number[] => deviations.map((s, k) => weights[k]! * s);

// biome-ignore-start lint/suspicious/noExplicitAny: the shape of the reference file
type Reference = any;
const regression: any[] = models?.regression ?? [];
const binary: any[] = models?.binary ?? [];
const multiclass: any[] = models?.multiclass ?? [];
const problems: any[] = nist === undefined ? [] : JSON.parse(nist).problems;
// biome-ignore-end lint/suspicious/noExplicitAny: see above

// All fits are convex and ended by tests at rounding level; what is left is rounding times the condition number (at most 10⁴ here)
describe.skipIf(models === undefined)("regression on real tables (reference: independent programs; needs ../shared)", () => {
  for (const entry of regression) {
    describe(entry.data, () => {
      const table = referenceTable(entry.data);
      const features = table.features(entry.features);
      const target = table.numbers(entry.target);

      it("least squares: coefficients, standard errors, closed forms", () => {
        const fitted = fit({ model: "linear", features, target });
        expect(fitted.solution.verdict).toBe("converged");
        expect(distance([fitted.intercept, ...fitted.weights], [entry.olsRaw.intercept, ...entry.olsRaw.coef])).toBeLessThan(1e-11);
        expect(
          distance(
            fitted.coefficients.map((c) => c.standardError!),
            entry.olsRaw.stdErr,
          ),
        ).toBeLessThan(1e-9);
        expect(fitted.crossCheck!.largestRelativeDifference).toBeLessThan(1e-10);
        expect(fitted.normalEquations!.largestRelativeDifference).toBeLessThan(1e-10);
        // J = (1/2m)·Σr² in the unit of the target
        expect(Math.abs((2 * entry.n * fitted.objective) / entry.olsRaw.rss - 1)).toBeLessThan(1e-11);
        expect(fitted.regressionMetrics!.r2).toBeCloseTo(entry.olsRaw.rSquared, 11);
      });

      it.each(entry.ridge.map((reference: Reference) => [reference.alpha, reference]) as [number, Reference][])(
        "ridge with alpha %s",
        (alpha: number, reference: Reference) => {
          const fitted = fit({ model: { kind: "ridge", alpha }, features, target });
          expect(fitted.solution.verdict).toBe("converged");
          expect(distance(standardized(fitted.weights, entry.stds), reference.coef)).toBeLessThan(1e-11);
          expect(Math.abs(fitted.objective / reference.objective - 1)).toBeLessThan(1e-12);
          expect(fitted.crossCheck!.largestRelativeDifference).toBeLessThan(1e-10);
        },
      );

      it.each(
        entry.elasticNet.map((reference: Reference) => [reference.alpha, reference.l1Ratio, reference]) as [number, number, Reference][],
      )("elastic net with alpha %s and l1Ratio %s", (alpha: number, l1Ratio: number, reference: Reference) => {
        const fitted = fit({ model: { kind: "elastic-net", alpha, l1Ratio }, features, target });
        expect(fitted.solution.verdict).toBe("converged");
        expect(fitted.solution.method).toBe("proximalGradient");
        expect(distance(standardized(fitted.weights, entry.stds), reference.coef)).toBeLessThan(1e-12);
        expect(fitted.weights.filter((weight) => weight !== 0).length).toBe(reference.nonzero);
        expect(Math.abs(fitted.objective / reference.objective - 1)).toBeLessThan(1e-12);
      });

      it.each(entry.huber.map((reference: Reference) => [reference.delta, reference]) as [number, Reference][])(
        "Huber with delta %s",
        (delta: number, reference: Reference) => {
          const fitted = fit({ model: { kind: "huber", delta }, features, target });
          expect(fitted.solution.verdict).toBe("converged");
          expect(distance(standardized(fitted.weights, entry.stds), reference.coef)).toBeLessThan(1e-11);
          expect(Math.abs(fitted.objective / reference.objective - 1)).toBeLessThan(1e-12);
        },
      );

      it.each(entry.gradientDescent.map((reference: Reference) => [reference.learningRate, reference]) as [number, Reference][])(
        "gradient descent by hand with learning rate %s: points and costs of every recorded step",
        (learningRate: number, reference: Reference) => {
          for (const { iteration, theta, cost } of reference.steps) {
            const fitted = fit({
              model: "linear",
              features,
              target,
              scale: { target: false },
              method: "gradientDescent",
              learningRate,
              maxSteps: iteration,
              stopping: { relativeGradientTolerance: 0 },
            });
            // Fewer only where steps no longer change the numbers
            expect(fitted.solution.steps).toBeLessThanOrEqual(iteration);
            const { intercept, weights } = fitted.solution.params;
            expect(distance([intercept as number, ...weights], theta.some((value: number) => value !== 0) ? theta : [0])).toSatisfy(
              (d: number) => iteration === 0 || d < 1e-11,
            );
            expect(Math.abs(fitted.objective / cost - 1)).toBeLessThan(1e-11);
          }
        },
      );
    });
  }
});

describe.skipIf(models === undefined)("two classes on real tables (reference: independent programs; needs ../shared)", () => {
  for (const entry of binary) {
    const table = referenceTable(entry.data);
    const labels = table.texts(entry.target);
    const kept = [...labels.keys()].filter((row) => entry.rows === "all" || entry.rows.includes(`'${labels[row]}'`));
    const features = Object.fromEntries(
      Object.entries(table.features(entry.features)).map(([name, column]) => [name, kept.map((row) => column[row]!)]),
    );
    const target = kept.map((row) => labels[row]!);
    const classes = [...new Set(target)].sort((label) => (label === entry.positive ? 1 : -1));

    it.each(entry.logistic.map((reference: Reference) => [reference.lambda, reference]) as [number, Reference][])(
      `${entry.data}: logistic with lambda %s`,
      (lambda: number, reference: Reference) => {
        const fitted = fit({ model: { kind: "logistic", lambda }, features, target, classes });
        expect(fitted.classes[1]).toBe(entry.positive);
        expect(fitted.solution.verdict).toBe("converged");
        const offset = fitted.toJSON().offsets[0]!;
        expect(distance([offset, ...standardized(fitted.weights[0]!, entry.stds)], [reference.intercept, ...reference.coef])).toBeLessThan(
          1e-11,
        );
        expect(Math.abs(fitted.objective / reference.objective - 1)).toBeLessThan(1e-12);
        expect(Math.abs(fitted.classificationMetrics!.logLoss! / reference.logLoss - 1)).toBeLessThan(1e-11);
        expect(fitted.classificationMetrics!.accuracy).toBeCloseTo(reference.accuracy, 14);
      },
    );
  }

  it("all 30 raw features of breast-cancer.csv with defaults: at most 40 steps to the optimum", () => {
    const table = referenceTable("breast-cancer.csv");
    const features = table.features(table.names.filter((name) => name !== "diagnosis"));
    const fitted = fit({ model: "logistic", features, target: table.texts("diagnosis") });
    expect(fitted.solution.verdict).toBe("converged");
    expect(fitted.solution.steps + fitted.polish!.steps).toBeLessThanOrEqual(40);
    expect(fitted.solution.gradientNorm).toBeLessThan(1e-15);
  });

  it("all 30 features separate the classes: without penalty the infimum is not attained, and the fit says so", () => {
    const table = referenceTable("breast-cancer.csv");
    const features = table.features(table.names.filter((name) => name !== "diagnosis"));
    for (const kind of ["logistic", "softmax"] as const) {
      const fitted = fit({ model: { kind, lambda: 0 }, features, target: table.texts("diagnosis") });
      expect(fitted.solution.verdict).toBe("infimum-not-attained");
      expect(fitted.solution.converged).toBe(false);
      expect(fitted.findings.map(({ code }) => code)).toContain("SEPARATION");
    }
  });
});

describe.skipIf(models === undefined)("more classes on real tables (reference: independent programs; needs ../shared)", () => {
  for (const entry of multiclass) {
    const table = referenceTable(entry.data);
    const features = table.features(entry.features);
    const target = table.texts(entry.target);
    it.each(entry.softmax.map((reference: Reference) => [reference.lambda, reference]) as [number, Reference][])(
      `${entry.data}: softmax with lambda %s`,
      (lambda: number, reference: Reference) => {
        const fitted = fit({ model: { kind: "softmax", lambda }, features, target, classes: entry.classes });
        expect(fitted.solution.verdict).toBe("converged");
        expect(distance(fitted.toJSON().offsets, reference.intercepts)).toBeLessThan(1e-11);
        reference.coef.forEach((row: number[], c: number) => {
          expect(distance(standardized(fitted.weights[c]!, entry.stds), row)).toBeLessThan(1e-11);
        });
        expect(Math.abs(fitted.objective / reference.objective - 1)).toBeLessThan(1e-12);
        expect(fitted.classificationMetrics!.accuracy).toBeCloseTo(reference.accuracy, 14);
      },
    );
  }

  it.each([0.001, 0.01])("digits8x8-train.csv unscaled: softmax with lambda %s", (lambda) => {
    const table = referenceTable("digits8x8-train.csv");
    const pixels = table.names.filter((name) => name !== "digit");
    const features = Object.fromEntries(pixels.map((name) => [name, table.numbers(name).map((value) => value / 16)]));
    const reference = models.digits.softmax.find((entry: { lambda: number }) => entry.lambda === lambda);
    const fitted = fit({ model: { kind: "softmax", lambda }, features, target: table.numbers("digit"), scale: false });
    expect(fitted.solution.verdict).toBe("converged");
    expect(Math.abs(fitted.objective / reference.objective - 1)).toBeLessThan(1e-12);
    expect(fitted.classificationMetrics!.accuracy).toBeCloseTo(reference.accuracy, 14);
  });
});

describe.skipIf(nist === undefined)("NIST linear problems (certified; needs ../shared/data)", () => {
  // Digits each solver reaches. Filip: the powers of x, rounded to doubles, already leave no more than about 8 (condition number 2·10¹⁵).
  // Wampler4: residuals 10⁵ times the signal, so the rounding of the standardized table costs the descent what the refined QR gets back
  const floors: Record<string, { descent: number; qr: number; errors: number }> = {
    Norris: { descent: 11, qr: 13, errors: 13 },
    NoInt1: { descent: 14, qr: 14, errors: 14 },
    Filip: { descent: 6.5, qr: 7, errors: 6.5 },
    Longley: { descent: 11, qr: 13, errors: 13 },
    Wampler1: { descent: 9, qr: 13, errors: 0 },
    Wampler2: { descent: 11, qr: 12, errors: 0 },
    Wampler4: { descent: 6, qr: 13, errors: 11 },
  };

  it.each(problems.map((problem) => [problem.name, problem]))("%s reaches its floors of digits", (name, problem) => {
    const degree = Math.max(1, ...[...problem.formula.matchAll(/x\*\*(\d+)/g)].map((match: RegExpMatchArray) => Number(match[1])));
    const features = Array.isArray(problem.x) ? { x: problem.x } : problem.x;
    const fitted = fit({ model: "linear", features, target: problem.y, degree, intercept: problem.intercept });
    const all = ({ intercept, weights }: { intercept: number | null; weights: Float64Array }): number[] =>
      problem.intercept ? [intercept!, ...weights] : [...weights];
    expect(["converged", "precision-floor"]).toContain(fitted.solution.verdict);
    expect(correctDigits(all(fitted), problem.certified)).toBeGreaterThanOrEqual(floors[name]!.descent);
    expect(correctDigits(all(fitted.crossCheck!), problem.certified)).toBeGreaterThanOrEqual(floors[name]!.qr);
    if (floors[name]!.errors > 0) {
      const errors = fitted.coefficients.map((coefficient) => coefficient.standardError!);
      expect(correctDigits(errors, problem.certifiedStdDev)).toBeGreaterThanOrEqual(floors[name]!.errors);
    }
  });
});

describe("a fit and the same problem by hand", () => {
  it("agree: ridge is minimize on the formula of its objective", () => {
    const x = [1, 2, 3, 4, 5, 6];
    const y = [1.1, 1.9, 3.2, 3.8, 5.3, 5.9];
    const fitted = fit({ model: { kind: "ridge", alpha: 2 }, features: { x }, target: y });
    const mean = 3.5;
    const deviation = Math.sqrt(35 / 12);
    const z = x.map((value) => (value - mean) / deviation);
    // Σr² + 2·w² as 6 times its mean
    const descent = createDescent(
      "(b + w*z - y)^2 + w^2/3",
      { b: 0, w: 0 },
      { data: { z, y }, stopping: { relativeGradientTolerance: 1e-13 } },
    ).run();
    expect(fitted.weights[0]! * deviation).toBeCloseTo(descent.params.w, 12);
    expect(fitted.objective).toBeCloseTo(6 * descent.value, 12);
  });
});
