import { describe, expect, it } from "vitest";
import { fit, prepareFit } from "../../src/models/fit.js";
import type { FitOptions } from "../../src/models/fit-options.js";
import { modelFromJSON } from "../../src/models/model.js";
import { chooseModel, type ModelSpec } from "../../src/models/model-spec.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { distance } from "./reference-tables.js";

const rows = 120;
const noise = (stream: number, i: number): number => threefryUniform(5, stream, i) - 0.5;
const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
/** Multiples of 2⁻²⁰ below 4, so that adding 10⁶ rounds nothing. */
const exact = (value: number): number => Math.round(value * 2 ** 20) / 2 ** 20;
const features = {
  a: column((i) => exact(2 * noise(0, i))),
  b: column((i) => exact(noise(0, i) + 2 * noise(1, i))),
  c: column((i) => exact(3 * noise(2, i))),
};
const signal = column((i) => 2 * features.a[i]! - features.b[i]! + 0.1 * features.c[i]!);
const numbers = column((i) => 5 + signal[i]! + noise(3, i));
const labels = Array.from(signal, (value, i) => (value + 1.5 * noise(4, i) > 0 ? "yes" : "no"));
const three = Array.from(signal, (value, i) => (value + noise(4, i) > 0.7 ? "high" : value + noise(4, i) < -0.7 ? "low" : "middle"));

const specs: readonly [ModelSpec, ArrayLike<number> | readonly string[]][] = [
  [{ kind: "linear" }, numbers],
  [{ kind: "ridge", alpha: 3 }, numbers],
  [{ kind: "lasso", alpha: 0.1 }, numbers],
  [{ kind: "elastic-net", alpha: 0.2, l1Ratio: 0.4 }, numbers],
  [{ kind: "huber", delta: 0.3 }, numbers],
  [{ kind: "logistic", lambda: 0.01 }, labels],
  [{ kind: "logistic", lambda: 0.02, l1Ratio: 0.5 }, labels],
  [{ kind: "softmax", lambda: 0.01 }, three],
  [{ kind: "softmax", lambda: 0.02, l1Ratio: 1 }, three],
];
const names = specs.map(([spec]) => `${spec.kind}${"l1Ratio" in spec ? ` with l1Ratio ${spec.l1Ratio}` : ""}`);
const cases = specs.map(([spec, target], k) => [names[k]!, spec, target] as const);

/** Predictions as numbers: of the target, or of all probabilities. */
function predictions(options: FitOptions): number[] {
  const fitted = fit(options);
  expect(fitted.solution.verdict).toBe("converged");
  return "classes" in fitted
    ? fitted.predictProbabilities(options.features).flatMap((row) => [...row])
    : [...fitted.predict(options.features)];
}

describe.each(cases)("%s", (_, model, target) => {
  const usual = predictions({ model, features, target });

  it.each([1e6, 1e-6])("predicts the same when columns are multiplied by %s (invariance, 10⁻⁸)", (factor) => {
    for (const name of ["a", "b", "c"] as const) {
      const changed = { ...features, [name]: features[name].map((value) => factor * value) };
      expect(distance(predictions({ model, features: changed, target }), usual)).toBeLessThan(1e-9);
    }
  });

  it("predicts the same when 10⁶ is added to columns (invariance, 10⁻⁸)", () => {
    for (const name of ["a", "b", "c"] as const) {
      const changed = { ...features, [name]: features[name].map((value) => 1e6 + value) };
      expect(distance(predictions({ model, features: changed, target }), usual)).toBeLessThan(1e-9);
    }
  });

  it("counts a row of weight k as k rows", () => {
    const counts = Array.from({ length: rows }, (_, i) => i % 3);
    const repeated = counts.flatMap((count, i) => new Array<number>(count).fill(i));
    // λ per row: the same J only if the penalty stands beside the same mean or sum
    const weighted = fit({ model, features, target, weights: counts });
    const copies = fit({
      model,
      features: Object.fromEntries(Object.entries(features).map(([name, values]) => [name, repeated.map((i) => values[i]!)])),
      target: repeated.map((i) => target[i]!),
    });
    const of = (fitted: object): number[] => (fitted as { coefficients: { value: number }[] }).coefficients.map(({ value }) => value);
    expect(distance(of(weighted), of(copies))).toBeLessThan(1e-9);
    expect(Math.abs(weighted.objective / copies.objective - 1)).toBeLessThan(1e-11);
    expect(weighted.coefficients.map((c) => c.standardError === null)).toEqual(copies.coefficients.map((c) => c.standardError === null));
  });

  it("comes back from JSON and predicts the same bits; with the columns in another order, too", () => {
    const fitted = fit({ model, features, target });
    const back = modelFromJSON(JSON.stringify(fitted));
    const { a, b, c } = features;
    expect(back.predict({ c, b, a, unused: [] } as never)).toEqual(fitted.predict(features));
    expect(JSON.stringify(back)).toBe(JSON.stringify(fitted));
  });

  it("says budget, not converged, when it is cut off", () => {
    const fitted = fit({ model, features, target, maxSteps: 1 });
    if (fitted.solution.reasons.includes("gradient-tolerance")) return;
    expect(fitted.solution.verdict).toBe("budget");
    expect(fitted.polish).toBeUndefined();
  });

  it("never calls mini-batches converged", () => {
    const fitted = fit({ model, features, target, batch: 16, epochs: 3, seed: 1 });
    expect(fitted.solution.converged).toBe(false);
    expect(fitted.solution.steps).toBe(3 * 8);
  });
});

describe("fit", () => {
  it("chooses the model from the target and says why", () => {
    expect(fit({ features, target: numbers }).choice).toMatchObject({ model: "linear", modelReason: "the target is a number" });
    expect(fit({ features, target: labels }).choice.model).toBe("logistic");
    expect(fit({ features, target: three }).choice.model).toBe("softmax");
    // Whole numbers may be codes of two classes, such as 2 and 4 for benign and malignant; fractions are numbers
    for (const [first, second] of [
      [0, 1],
      [1, 0],
      [1, 2],
      [-1, 1],
      [2, 4],
      [0, 100],
      [false, true],
      ["3.5", "7.25"],
    ] as const)
      expect(chooseModel([first, second, first]).kind).toBe("logistic");
    for (const pair of [
      [3.5, 7.25],
      [0, 0.5],
    ])
      expect(chooseModel([...pair, ...pair]).kind).toBe("linear");
    expect(fit({ features, target: Array.from(labels, (label) => (label === "yes" ? 1 : 0)) }).choice.model).toBe("logistic");
  });

  it("takes rows, blocks and columns alike", () => {
    const { a, b, c } = features;
    const asRows = Array.from({ length: rows }, (_, i) => [a[i]!, b[i]!, c[i]!]);
    const byColumns = fit({ model: "linear", features, target: numbers });
    const byRows = fit({ model: "linear", features: asRows, target: numbers });
    const byBlock = fit({
      model: "linear",
      features: { values: Float64Array.from(asRows.flat()), width: 3 },
      target: numbers,
      featureNames: ["p", "q", "r"],
    });
    expect(byRows.weights).toEqual(byColumns.weights);
    expect(byBlock.weights).toEqual(byColumns.weights);
    expect(byRows.featureNames).toEqual(["x1", "x2", "x3"]);
    expect(byBlock.coefficients.map(({ name }) => name)).toEqual([null, "p", "q", "r"]);
    expect(byRows.predict([[1, 2, 3]])).toEqual(byColumns.predict({ a: [1], b: [2], c: [3] }));
  });

  it("finds a polynomial of degree 2 exactly (closed form), with the names of its terms", () => {
    const x = [-2, -1, 0, 1, 2, 3, 4];
    const y = [1, 0, 2, -1, 3, 1, 0];
    const target = x.map((value, i) => 3 + 2 * value - y[i]! + 0.5 * value ** 2 - 4 * value * y[i]! + y[i]! ** 2);
    const fitted = fit({ model: "linear", features: { x, y }, target, degree: 2 });
    expect(fitted.terms).toEqual(["x", "y", "x²", "x·y", "y²"]);
    expect(distance([fitted.intercept, ...fitted.weights], [3, 2, -1, 0.5, -4, 1])).toBeLessThan(1e-10);
    expect(fitted.predict({ x: [10], y: [5] })[0]).toBeCloseTo(3 + 20 - 5 + 50 - 200 + 25, 7);
  });

  it("knows the curvature: 1 − r, 1, 1 + r for two features with correlation r (closed form)", () => {
    // Means 0 and 1/2, covariance 1/2, variances 1 and 3/4
    const r = 0.5 / Math.sqrt(0.75);
    const { curvature } = prepareFit({ model: "linear", features: { a: [1, -1, 1, -1], b: [1, -1, 1, 1] }, target: [1, 2, 3, 5] });
    expect(curvature.smallest).toBeCloseTo(1 - r, 13);
    expect(curvature.largest).toBeCloseTo(1 + r, 13);
    expect(curvature.stableLearningRate).toBeCloseTo(2 / (1 + r), 13);
    expect(curvature.conditionNumber).toBeCloseTo((1 + r) / (1 - r), 10);
    expect(curvature.source).toBe("exact");
  });

  it("gradient descent takes about the predicted steps, and diverges just above the stable rate", () => {
    const fitted = fit({
      model: "linear",
      features,
      target: numbers,
      method: "gradient-descent",
      stopping: { relativeGradientTolerance: 1e-8 },
    });
    expect(fitted.solution.verdict).toBe("converged");
    expect(fitted.solution.steps).toBeLessThanOrEqual(fitted.curvature.gradientDescentSteps!);
    expect(fitted.solution.steps).toBeGreaterThan(fitted.curvature.gradientDescentSteps! / 3);
    const over = fit({
      model: "linear",
      features,
      target: numbers,
      method: "gradient-descent",
      learningRate: 1.01 * fitted.curvature.stableLearningRate,
    });
    expect(over.solution.converged).toBe(false);
    expect(over.solution.terminationReason).toBe("diverged");
  });

  it("measures wide tables by Lanczos, with a bound that is not below the largest curvature", () => {
    const wide = Array.from({ length: 40 }, (_, i) => Array.from({ length: 200 }, (_, k) => threefryUniform(3, k, i)));
    const target = wide.map((row) => row[0]! - row[1]!);
    const { curvature, descent } = prepareFit({ model: { kind: "ridge", alpha: 1 }, features: wide, target });
    expect(curvature.source).toBe("lanczos");
    // Power iteration on the descent's own gradients, which are linear: g(p + v) − g(p) = H·v
    const gradientAt = (weights: Float64Array): Float64Array => {
      descent.params = { intercept: 0, weights };
      return descent.gradient.weights;
    };
    const zero = gradientAt(new Float64Array(200));
    let v = Float64Array.from({ length: 200 }, (_, k) => noise(7, k));
    let size = 0;
    for (let k = 0; k < 200; k++) {
      const product = gradientAt(v).map((g, i) => g - zero[i]!);
      size = Math.hypot(...product);
      v = product.map((value) => value / size);
    }
    expect(curvature.largest / size).toBeGreaterThan(1 - 1e-8);
    expect(curvature.largest / size).toBeLessThan(1.01);
  });

  it("gives constant columns the coefficient 0 and says so", () => {
    const fitted = fit({ model: "linear", features: { ...features, always: column(() => 7) }, target: numbers });
    expect(fitted.weights[3]).toBe(0);
    expect(fitted.findings).toContainEqual(expect.objectContaining({ code: "CONSTANT_COLUMNS", columns: ["always"] }));
    expect(fitted.solution.verdict).toBe("converged");
    expect(
      distance(
        fitted.predict({ ...features, always: column(() => 7) }),
        fit({ model: "linear", features, target: numbers }).predict(features),
      ),
    ).toBeLessThan(1e-12);
  });

  it("names a column that depends on others, still predicts, and gives no standard errors", () => {
    const dependent = { ...features, sum: column((i) => features.a[i]! + features.b[i]!) };
    const fitted = fit({ model: "linear", features: dependent, target: numbers });
    expect(fitted.findings.map(({ code }) => code)).toContain("DEPENDENT_COLUMNS");
    expect(fitted.crossCheck).toBeUndefined();
    expect(fitted.curvature.conditionNumber).toBeNull();
    expect(fitted.coefficients.every(({ standardError }) => standardError === null)).toBe(true);
    expect(distance(fitted.predict(dependent), fit({ model: "linear", features, target: numbers }).predict(features))).toBeLessThan(1e-9);
  });

  it("takes more columns than rows, and says that many models fit", () => {
    const fitted = fit({
      model: "linear",
      features: [
        [1, 2, 4],
        [2, 1, 9],
      ],
      target: [1, 2],
    });
    expect(fitted.findings.map(({ code }) => code)).toContain("UNDERDETERMINED");
    expect(
      distance(
        fitted.predict([
          [1, 2, 4],
          [2, 1, 9],
        ]),
        [1, 2],
      ),
    ).toBeLessThan(1e-9);
  });

  it("makes lasso weights vanish from the largest slope on, and keeps one just below (KKT, closed form)", () => {
    const z = features.a.map((value, _, all) => {
      const mean = all.reduce((sum, x) => sum + x, 0) / rows;
      return (value - mean) / Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows);
    });
    const mean = numbers.reduce((sum, y) => sum + y, 0) / rows;
    const slope = Math.abs(z.reduce((sum, value, i) => sum + value * (numbers[i]! - mean), 0)) / rows;
    const at = (alpha: number) => fit({ model: { kind: "lasso", alpha }, features: { a: features.a }, target: numbers });
    expect(at(1.0001 * slope).weights[0]).toBe(0);
    expect(at(1.0001 * slope).solution.verdict).toBe("converged");
    // One feature: w = S(slope, alpha)
    const weight = at(0.9 * slope).toJSON().coefficients[0]![0]!;
    const deviation = Math.sqrt(features.a.reduce((sum, x, _, all) => sum + (x - all.reduce((s, v) => s + v, 0) / rows) ** 2, 0) / rows);
    expect(weight * deviation).toBeCloseTo(0.1 * slope, 10);
  });

  it("penalized logistic weights satisfy the conditions for a minimum of ‖w‖₁ problems (KKT)", () => {
    const lambda = 0.05;
    const { descent, finish } = prepareFit({
      model: { kind: "logistic", lambda, l1Ratio: 1 },
      features: { ...features, noise: column((i) => noise(9, i)) },
      target: labels,
    });
    descent.run();
    const fitted = finish();
    expect(fitted.solution.verdict).toBe("converged");
    const { gradient, params } = descent;
    params.weights.forEach((weight, k) => {
      if (weight === 0) expect(Math.abs(gradient.weights[k]!)).toBeLessThan(lambda);
      else expect(Math.abs(gradient.weights[k]!)).toBeLessThan(1e-13);
    });
    expect([...params.weights]).toContain(0);
  });

  it("standard errors of logistic are those of the information matrix (2 × 2 closed form)", () => {
    // One binary feature: the odds of each group are counts, and the slope's variance is the sum of the reciprocal counts (Woolf 1955)
    const counts = { yes1: 30, no1: 10, yes0: 15, no0: 25 };
    const x = [...Array(40).fill(1), ...Array(40).fill(0)] as number[];
    const target = [...Array(30).fill(1), ...Array(10).fill(0), ...Array(15).fill(1), ...Array(25).fill(0)] as number[];
    const fitted = fit({ model: { kind: "logistic", lambda: 0 }, features: { x }, target });
    expect(fitted.weights[0]![0]).toBeCloseTo(Math.log(30 / 10 / (15 / 25)), 12);
    expect(fitted.intercepts[0]).toBeCloseTo(Math.log(15 / 25), 12);
    expect(fitted.coefficients[1]!.standardError).toBeCloseTo(Math.sqrt(Object.values(counts).reduce((sum, n) => sum + 1 / n, 0)), 11);
    expect(fitted.coefficients[0]!.standardError).toBeCloseTo(Math.sqrt(1 / 15 + 1 / 25), 11);
  });

  it("softmax with two classes is logistic with twice the penalty (closed form: w = w₁ − w₀, ‖w₀‖² + ‖w₁‖² = ‖w‖²/2)", () => {
    const softmax = fit({ model: { kind: "softmax", lambda: 0.02 }, features, target: labels });
    const logistic = fit({ model: { kind: "logistic", lambda: 0.01 }, features, target: labels });
    const difference = softmax.weights[1]!.map((weight, k) => weight - softmax.weights[0]![k]!);
    expect(distance(difference, logistic.weights[0]!)).toBeLessThan(1e-12);
    expect(softmax.objective).toBeCloseTo(logistic.objective, 13);
  });

  it.each(["complete", "quasi-complete"])("calls %s separation an infimum that is not attained, and is content once penalized", (kind) => {
    const x = [-3, -2, -1, kind === "complete" ? -0.5 : 0, 0, 1, 2, 3].map((value, i) => (kind === "complete" && i === 4 ? 0.5 : value));
    const target = [0, 0, 0, 0, 1, 1, 1, 1];
    for (const model of ["logistic", "softmax"] as const) {
      const fitted = fit({ model: { kind: model, lambda: 0 }, features: { x }, target });
      expect(fitted.solution.verdict).toBe("infimum-not-attained");
      expect(fit({ model: { kind: model, lambda: 0.1 }, features: { x }, target }).solution.verdict).toBe("converged");
    }
  });

  it("does not see separation where classes overlap", () => {
    const fitted = fit({ model: { kind: "logistic", lambda: 0 }, features, target: labels });
    expect(fitted.solution.verdict).toBe("converged");
    expect(fitted.findings).toEqual([]);
  });

  it("balances classes: the same as weights rows/(classes·rows of the class)", () => {
    const yes = labels.filter((label) => label === "yes").length;
    const weights = labels.map((label) => rows / (2 * (label === "yes" ? yes : rows - yes)));
    const balanced = fit({ model: "logistic", features, target: labels, classWeights: "balanced" });
    expect(distance(balanced.weights[0]!, fit({ model: "logistic", features, target: labels, weights }).weights[0]!)).toBeLessThan(1e-12);
    expect(
      distance(
        balanced.weights[0]!,
        fit({ model: "logistic", features, target: labels, classWeights: { yes: rows / (2 * yes), no: rows / (2 * (rows - yes)) } })
          .weights[0]!,
      ),
    ).toBeLessThan(1e-12);
  });

  it("Huber ignores how far an outlier is", () => {
    const far = numbers.slice();
    const farther = numbers.slice();
    far[3] = 1e3;
    farther[3] = 1e4;
    const of = (target: Float64Array) => fit({ model: { kind: "huber", delta: 1 }, features, target }).weights;
    expect(distance(of(far), of(farther))).toBeLessThan(1e-10);
  });

  it("goes on from a checkpoint to the same bits", () => {
    const options: FitOptions = {
      model: "linear",
      features,
      target: numbers,
      method: "gradientDescent",
      stopping: { relativeGradientTolerance: 1e-10 },
    };
    const whole = fit(options);
    const first = prepareFit(options);
    first.descent.step(5);
    const checkpoint = JSON.parse(JSON.stringify(first.descent.checkpoint()));
    expect(JSON.stringify(fit({ ...options, checkpoint }))).toBe(JSON.stringify(whole));
  });

  it("follows units far from 1, and refuses those whose coefficients are no numbers", () => {
    const [x, y] = [
      [1, 2, 3, 4, 5],
      [3, 5, 7, 9, 11.1],
    ];
    // Oracle: the line through these points by the normal equations, 2.02·x + 0.96, in other units
    for (const [unit, targetUnit] of [
      [1e200, 1],
      [1e-200, 1],
      [1e200, 1e200],
      [1e-200, 1e-200],
    ] as const) {
      const { solution, coefficients, findings } = fit({ features: { x: x.map((v) => v * unit) }, target: y.map((v) => v * targetUnit) });
      expect(solution.verdict).toBe("converged");
      expect(coefficients[1]!.value / (2.02 * (targetUnit / unit))).toBeCloseTo(1, 11);
      expect(coefficients[0]!.value / (0.96 * targetUnit)).toBeCloseTo(1, 11);
      expect(findings).toEqual([]);
    }
    for (const [unit, targetUnit] of [
      [1e300, 1],
      [1e-310, 1],
      [1e-150, 1e200],
      [1e150, 1e-200],
      [3e307, 1],
    ] as const) {
      const action = (): unknown => fit({ features: { x: x.map((v) => (v - 3) * unit) }, target: y.map((v) => v * targetUnit) });
      expect(action).toThrow(expect.objectContaining({ code: "DATA_NOT_FINITE", details: expect.objectContaining({ column: "x" }) }));
    }
  });

  it("asks for what it needs", () => {
    const code = (options: object): string | undefined => {
      try {
        fit(options as FitOptions);
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return undefined;
    };
    expect(code({ features: [], target: [] })).toBe("DATA_EMPTY");
    expect(code({ features: [[1], [2, 3]], target: [1, 2] })).toBe("DATA_LENGTH_MISMATCH");
    expect(code({ features: [[1], [Number.NaN]], target: [1, 2] })).toBe("DATA_NOT_FINITE");
    expect(code({ features: [[1], [2]], target: [1, 2, 3] })).toBe("DATA_LENGTH_MISMATCH");
    expect(code({ model: "linear", features: [[1], [2]], target: [3, 3] })).toBe("TARGET_CONSTANT");
    expect(code({ model: "linear", features: [[1], [2]], target: ["a", "b"] })).toBe("DATA_NOT_FINITE");
    expect(code({ model: "logistic", features: [[1], [2]], target: ["a", "a"] })).toBe("CLASSES_TOO_FEW");
    expect(code({ model: "logistic", features: [[1], [2], [3]], target: ["a", "b", "c"] })).toBe("CLASSES_TOO_MANY");
    expect(code({ model: "logistic", features: [[1], [2]], target: ["a", "x"], classes: ["a", "b"] })).toBe("CLASS_UNKNOWN");
    expect(code({ model: "rigde", features: [[1], [2]], target: [1, 2] })).toBe("OPTION_UNKNOWN");
    expect(code({ model: { kind: "ridge", alpha: -1 }, features: [[1], [2]], target: [1, 2] })).toBe("OPTION_OUT_OF_RANGE");
    expect(code({ model: { kind: "ridge", lambda: 1 }, features: [[1], [2]], target: [1, 2] })).toBe("OPTION_UNKNOWN");
    expect(code({ features: [[1], [2]], target: [1, 2], weights: [1, -1] })).toBe("OPTION_OUT_OF_RANGE");
    expect(code({ features: [[1], [2]], target: [1, 2], feature: [] })).toBe("OPTION_UNKNOWN");
    expect(code({ features, target: numbers, featureNames: ["a", "d"] })).toBe("COLUMN_UNKNOWN");
    expect(code(undefined as never)).toBe("OPTION_OUT_OF_RANGE");
    expect(code({})).toBe("COLUMN_NOT_NUMERIC");
    expect(code({ features: { x: undefined }, target: [1, 2] })).toBe("COLUMN_NOT_NUMERIC");
    expect(code({ features: { x: [1, 2] } })).toBe("COLUMN_NOT_NUMERIC");
    for (const missing of [undefined, null, Number.NaN]) {
      expect(code({ model: "softmax", features: [[1], [2], [3]], target: ["a", "b", missing] })).toBe("DATA_NOT_FINITE");
    }
    expect(() => fit({ features, target: numbers, alpha: 1 } as never)).toThrow('model: { kind: "ridge", alpha }');
    expect(() => fit({ features: { x: ["red", "blue"] as never }, target: [1, 2] })).toThrow(/got "red" in row 0\. Make numbers of it/);
    expect(code({ features, target: numbers, degree: 0 })).toBe("OPTION_OUT_OF_RANGE");
  });

  it("refuses saved models that are none, and rows with missing columns", () => {
    const invalid = expect.objectContaining({ code: "MODEL_INVALID" });
    expect(() => modelFromJSON("{")).toThrow(invalid);
    expect(() => modelFromJSON("{}")).toThrow(invalid);
    const { toJSON, predict } = fit({ model: "linear", features, target: numbers });
    expect(() => modelFromJSON({ ...toJSON(), coefficients: [[1]] })).toThrow(invalid);
    expect(() => modelFromJSON({ ...toJSON(), version: 2 } as never)).toThrow(invalid);
    expect(() => predict({ a: [1], b: [2] })).toThrow(expect.objectContaining({ code: "COLUMN_UNKNOWN" }));
    expect(() => predict([[1, 2]])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("predicted steps", () => {
  // An order of magnitude is promised: within a factor of three either way
  it.each(["linear", "ridge", "huber"] as const)("of L-BFGS for %s are of the right order", (model) => {
    const fitted = fit({ model, features, target: numbers, stopping: { relativeGradientTolerance: 1e-8 } });
    const { predictedSteps } = fitted.curvature;
    expect(predictedSteps! / fitted.solution.steps).toBeGreaterThan(1 / 3);
    expect(predictedSteps! / fitted.solution.steps).toBeLessThan(3);
  });

  it.each(["lasso", "elastic-net"] as const)("of proximal gradient for %s are of the right order", (kind) => {
    const fitted = fit({ model: { kind, alpha: 0.01 }, features, target: numbers });
    expect(fitted.curvature.predictedSteps! / fitted.solution.steps).toBeGreaterThan(1 / 3);
    expect(fitted.curvature.predictedSteps! / fitted.solution.steps).toBeLessThan(3);
  });

  it("are one for squares in coordinates of equal curvature, and unknown where features depend on each other", () => {
    const x = column((i) => noise(0, i));
    const near = column((i) => x[i]! + 0.05 * noise(1, i));
    const fitted = fit({ model: "linear", features: { x, near }, target: numbers });
    expect(fitted.choice.preconditioned).toBe(true);
    expect(fitted.curvature.predictedSteps).toBe(1);
    expect(fitted.solution.steps).toBeLessThanOrEqual(3);
    expect(fit({ model: "linear", features: { x, same: x }, target: numbers }).curvature.predictedSteps).toBeNull();
  });
});

describe("separation of one class among three", () => {
  it("is found where two classes overlap and the third stands apart", () => {
    const x = [-9, -8, -7, 0, 1, 2, 3, 0.5, 1.5, 2.5, 3.5];
    const y = [0.3, -0.2, 0.1, 0.4, -0.5, 0.2, 0.1, -0.1, 0.3, -0.4, 0];
    const target = ["far", "far", "far", "a", "b", "a", "b", "b", "a", "b", "a"];
    const fitted = fit({ model: { kind: "softmax", lambda: 0 }, features: { x, y }, target });
    expect(fitted.solution.verdict).toBe("infimum-not-attained");
    expect(fitted.findings[0]!.message).toContain("of 11 rows");
    const { verdict } = fit({ model: { kind: "softmax", lambda: 1e-3 }, features: { x, y }, target }).solution;
    expect(verdict).toBe("converged");
  });
});
