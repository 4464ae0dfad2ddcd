import { describe, expect, it } from "vitest";
import { polynomialFeatures } from "../../src/data/polynomial-features.js";
import { RowFile } from "../../src/data/row-file.js";
import { DataError, OptionError } from "../../src/errors.js";
import { createDescent } from "../../src/minimize/minimize.js";
import { openStreamedFit, prepareFit, prepareStreamedFit } from "../../src/models/fit.js";
import type { FitOptions } from "../../src/models/fit-options.js";
import type { FittedClassification } from "../../src/models/fit-report.js";
import type { ModelSpec } from "../../src/models/model-spec.js";
import type { StreamedFitOptions } from "../../src/models/read-streamed-fit.js";
import { sweepFit } from "../../src/models/sweep-fit.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { memoryFile } from "../data/memory-file.js";

/** Several windows of a compiled sweep, and pieces of the file, with a rest. */
const ROWS = 20_011;
const names = ["a", "b", "c", "d"];

const column = (stream: number, of: (uniform: number, row: number) => number): Float64Array =>
  Float64Array.from({ length: ROWS }, (_, i) => of(threefryUniform(11, stream, i), i));
const features = [
  column(1, (u) => 300 + 8 * u),
  column(2, (u) => 1e-3 * u ** 3),
  column(3, (u) => (u < 0.3 ? 1 : 0)),
  column(4, (u) => 5 * (u - 0.5)),
];
const score = column(5, (u, i) => 0.4 * (features[0]![i]! - 304) + 900 * features[1]![i]! - features[2]![i]! + 2 * Math.log(u / (1 - u)));
const classesOf = (count: number): Float64Array => score.map((s) => Math.max(0, Math.min(count - 1, Math.floor(s / 2 + count / 2))));
const outliers = column(6, (u, i) => score[i]! + (u < 0.05 ? 100 * (u - 0.02) : 0));
const weights = column(7, (u) => Math.floor(3 * u));

interface Case {
  readonly model: ModelSpec;
  readonly target: Float64Array;
  readonly classes?: readonly string[];
  readonly weights?: Float64Array;
  readonly scale?: "min-max" | "max-abs" | "none";
  readonly intercept?: boolean;
}

function both(
  { model, target, classes, weights: given, scale, intercept }: Case,
  options: Pick<FitOptions, "method" | "maxSteps" | "batch" | "shuffle" | "seed" | "learningRate" | "epochs"> = {},
  onRead: (place: number) => void = () => undefined,
) {
  const shared = { featureNames: names, classes, scale, intercept, ...options };
  const whole = prepareFit({
    ...shared,
    model,
    features: Object.fromEntries(names.map((name, k) => [name, features[k]!])),
    target: classes === undefined ? target : Array.from(target, (label) => classes[label]!),
    weights: given,
  });
  const streamed = prepareStreamedFit({
    ...shared,
    model,
    rows: fileOf(target, given, onRead),
    scratch: memoryFile(),
    weighted: given !== undefined,
  });
  return [whole, streamed] as const;
}

function fileOf(target: Float64Array, given?: Float64Array, onRead: (place: number) => void = () => undefined): RowFile {
  const columns = [...features, target, ...(given === undefined ? [] : [given])];
  const bytes = memoryFile();
  const read = (into: Uint8Array, place: number): void => {
    onRead(place);
    bytes.read(into, place);
  };
  const file = new RowFile({ ...bytes, read }, columns.length);
  for (let first = 0; first < ROWS; first += 1000) file.append(columns.map((values) => values.subarray(first, first + 1000)));
  return file;
}

const [two, three] = [classesOf(2), classesOf(3)];
const cases: readonly (readonly [string, Case])[] = [
  ["a logistic model", { model: { kind: "logistic" }, target: two, classes: ["no", "yes"] }],
  ["one with weights", { model: { kind: "logistic", lambda: 0.01 }, target: two, classes: ["no", "yes"], weights }],
  ["one with few coefficients", { model: { kind: "logistic", lambda: 0.02, l1Ratio: 1 }, target: two, classes: ["no", "yes"] }],
  ["one scaled by extent", { model: { kind: "logistic", lambda: 0.01 }, target: two, classes: ["no", "yes"], scale: "min-max" }],
  ["a softmax model", { model: { kind: "softmax" }, target: three, classes: ["x", "y", "z"] }],
  ["a logistic model through the origin", { model: { kind: "logistic" }, target: two, classes: ["no", "yes"], intercept: false }],
  [
    "a softmax model through the origin",
    { model: { kind: "softmax", lambda: 0.01 }, target: three, classes: ["x", "y", "z"], intercept: false },
  ],
  ["a Huber model through the origin", { model: { kind: "huber", delta: 1 }, target: outliers, weights, intercept: false }],
  ["a Huber model", { model: { kind: "huber", delta: 1 }, target: outliers }],
  ["one with weights and a penalty", { model: { kind: "huber", delta: 0.5, alpha: 3 }, target: outliers, weights }],
];
/** So elongated that a preconditioner comes from the rows: by QR factorization in memory, from sums of products otherwise. */
const elongated = [
  "one scaled by largest values",
  { model: { kind: "huber", delta: 0.5, alpha: 3 }, target: outliers, weights, scale: "max-abs" },
] as const;

describe("a fit of rows in a file", () => {
  it.each(cases)("descends as in memory, bit for bit: %s (oracle: the same table in memory)", (_, given) => {
    const [whole, streamed] = both(given, { maxSteps: 12 });
    for (const prepared of [whole, streamed]) prepared.descent.step(12);
    expect(streamed.descent.steps).toBe(whole.descent.steps);
    expect(streamed.descent.value).toBe(whole.descent.value);
    expect(streamed.descent.params).toEqual(whole.descent.params);
    expect(streamed.descent.gradient).toEqual(whole.descent.gradient);
  });

  it.each([
    ["a logistic model, batches of 256", cases[0]![1], { batch: 256, method: "momentum" }],
    ["batches of less than a block, with weights", cases[1]![1], { batch: 5, method: "adam" }],
    ["batches beyond a window", cases[4]![1], { batch: 9001, method: "adam" }],
    ["batches in the order of the rows", cases[8]![1], { batch: 1000, shuffle: false, method: "gradientDescent" }],
    ["least squares", { model: { kind: "ridge", alpha: 1 }, target: outliers, weights }, { batch: 777, method: "nesterov" }],
  ] as const)("takes the mini-batches of the table in memory, bit for bit: %s (oracle: the same table in memory)", (_, given, options) => {
    const steps = Math.min(400, 3 * Math.ceil(ROWS / options.batch) + 2);
    const [whole, streamed] = both(given, { ...options, seed: 9, maxSteps: steps });
    expect(streamed.choice.learningRate).toBe(whole.choice.learningRate);
    for (const prepared of [whole, streamed]) prepared.descent.run();
    expect(streamed.descent.steps).toBe(whole.descent.steps);
    expect(streamed.descent.params).toEqual(whole.descent.params);
    expect(streamed.descent.gradient).toEqual(whole.descent.gradient);
    const [expected, got] = [whole, streamed].map((prepared) => prepared.descent.solution());
    expect(got!.verdict).toBe(expected!.verdict);
    expect(got!.value).toBe(expected!.value);
    expect(got!.tests.map(({ name, passed }) => [name, passed])).toEqual(expected!.tests.map(({ name, passed }) => [name, passed]));
    // Columns of a small Hessian come side by side, in sums of their own
    got!.tests.forEach(({ value }, k) => {
      const other = expected!.tests[k]!.value;
      expect(Object.is(value, other) || Math.abs(value - other) <= 1e-12 * Math.abs(other)).toBe(true);
    });
  });

  it("goes on from a checkpoint within an epoch of mini-batches to the same bits (oracle: the descent without a break)", () => {
    const options = { batch: 500, method: "adam", seed: 2, learningRate: 0.01 } as const;
    const [, whole] = both(cases[0]![1], options);
    const [, first] = both(cases[0]![1], options);
    whole.descent.step(150);
    first.descent.step(67);
    const rows = fileOf(two);
    const resumed = prepareStreamedFit({
      ...options,
      model: { kind: "logistic" },
      classes: ["no", "yes"],
      featureNames: names,
      rows,
      scratch: memoryFile(),
      checkpoint: first.descent.checkpoint(),
    });
    resumed.descent.step(83);
    expect(resumed.descent.params).toEqual(whole.descent.params);
  });

  it("descends on products as in memory, bit for bit, and predicts from what they are products of (oracle: the same table in memory)", () => {
    const [used, degree] = [["a", "d"], 2] as const;
    const columns = { a: features[0]!, d: features[3]! };
    const products = polynomialFeatures({ names: used, columns: Object.values(columns), rows: ROWS }, degree);
    const file = new RowFile(memoryFile(), products.names.length + 1);
    file.append([...(products.columns as Float64Array[]), two]);
    const shared = { model: { kind: "logistic", lambda: 0.01 }, classes: ["no", "yes"], degree, method: "momentum", maxSteps: 12 } as const;
    const whole = prepareFit({ ...shared, features: columns, target: Array.from(two, (label) => shared.classes[label]!) });
    const streamed = prepareStreamedFit({ ...shared, rows: file, featureNames: products.names, productsOf: used });
    for (const prepared of [whole, streamed]) prepared.descent.step(12);
    expect(streamed.descent.params).toEqual(whole.descent.params);
    const [expected, got] = [whole, streamed].map((prepared) => prepared.finish() as FittedClassification);
    expect(got!.featureNames).toEqual(used);
    expect(got!.predictProbabilities({ a: [301], d: [1] })).toEqual(expected!.predictProbabilities({ a: [301], d: [1] }));
  });

  it.each([...cases, elongated])(
    "comes to the same model, metrics and verdict, to 10⁻¹¹: %s (oracle: the same table in memory)",
    (_, given) => {
      const [whole, streamed] = both(given).map((prepared) => {
        prepared.descent.run();
        return prepared.finish();
      }) as [ReturnType<ReturnType<typeof both>[0]["finish"]>, ReturnType<ReturnType<typeof both>[0]["finish"]>];
      expect(whole.solution.verdict).toBe("converged");
      expect(streamed.solution.verdict).toBe("converged");
      const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(b)));
      whole.coefficients.forEach(({ name, value }, k) => {
        expect(streamed.coefficients[k]!.name).toBe(name);
        close(streamed.coefficients[k]!.value / (value || 1), value === 0 ? 0 : 1);
      });
      close(streamed.objective, whole.objective);
      if (whole.regressionMetrics !== undefined) {
        for (const key of ["rmse", "mae", "r2"] as const) close(streamed.regressionMetrics![key]!, whole.regressionMetrics[key]!);
      } else {
        const { auc, calibration, ...rest } = whole.classificationMetrics!;
        for (const key of ["rows", "accuracy", "logLoss", "brier"] as const) close(streamed.classificationMetrics![key]!, rest[key]!);
        expect(streamed.classificationMetrics!.confusion).toEqual(rest.confusion);
        if (auc !== null) close(streamed.classificationMetrics!.auc!, auc);
        expect(streamed.classificationMetrics!.calibration.map(({ rows }) => rows)).toEqual(calibration.map(({ rows }) => rows));
      }
    },
  );

  it("sweeps learning rates as in memory, and fits the same rows afterwards (oracle: the same table in memory)", () => {
    const model: ModelSpec = { kind: "logistic", lambda: 0.01 };
    const wishes = { method: "gradientDescent", seed: 3 };
    const opened = openStreamedFit({ model, rows: fileOf(two), featureNames: names, classes: ["no", "yes"] });
    const table = {
      model,
      features: Object.fromEntries(names.map((name, k) => [name, features[k]!])),
      target: Array.from(two, (label) => ["no", "yes"][label]!),
    };
    const whole = sweepFit({ ...table, ...wishes }, { maxSteps: 200 });
    const streamed = opened.sweep(wishes, { maxSteps: 200 });
    expect(streamed.best).toBeGreaterThan(0);
    expect(streamed).toEqual(whole);
    const [after, alone] = [opened.prepare({ maxSteps: 9 }), prepareFit({ ...table, maxSteps: 9 })];
    for (const prepared of [after, alone]) prepared.descent.step(9);
    expect(after.descent.value).toBe(alone.descent.value);
    expect(after.finish().coefficients).toEqual(alone.finish().coefficients);
  });

  it("is judged by the values of the fit in memory, bit for bit, in a few passes beside those of its steps (oracle: the same table in memory)", () => {
    let passes = 0;
    const given: Case = { model: { kind: "logistic" }, target: two, classes: ["no", "yes"] };
    const [whole, streamed] = both(given, { method: "lbfgs" }, (place) => {
      if (place === 0) passes++;
    });
    const before = passes - streamed.descent.evaluations.gradient;
    const inMemory = whole.descent.run().solution();
    const judged = streamed.descent.run().solution();
    expect(judged.verdict).toBe("converged");
    expect(judged.tests.map(({ name, passed }) => [name, passed])).toEqual(inMemory.tests.map(({ name, passed }) => [name, passed]));
    for (const name of ["gradient", "neighborhood", "gradient-source"]) {
      const [a, b] = [inMemory, judged].map(({ tests }) => tests.find((test) => test.name === name));
      expect(b).toBeDefined();
      expect(b).toEqual(a);
    }
    expect(judged.evaluations).toEqual(inMemory.evaluations);
    // The Hessian in one, values around the point in two, those to compare the gradient with in one
    expect(passes - before - judged.evaluations.gradient).toBeLessThanOrEqual(4);
    expect(inMemory.evaluations.value - inMemory.evaluations.gradient).toBeGreaterThanOrEqual(30);
  });

  it("is seen to fall for ever where classes separate, by values far out, as in memory", () => {
    const apart = features[0]!.map((value) => (value > 304 ? 1 : 0));
    const given: Case = { model: { kind: "logistic", lambda: 0 }, target: apart, classes: ["no", "yes"] };
    for (const { descent } of both(given, { method: "lbfgs" })) {
      const { verdict, tests } = descent.run().solution();
      expect(verdict).toBe("infimum-not-attained");
      expect(tests.at(-1)).toMatchObject({ name: "ray", passed: false });
    }
  });

  it("has the standard errors of an unpenalized logistic model, and Huber's δ by default, as in memory", () => {
    const [errors, huber] = [
      { model: { kind: "logistic", lambda: 0 } as const, target: two, classes: ["no", "yes"] },
      { model: { kind: "huber" } as const, target: outliers },
    ].map((given) =>
      both(given).map((prepared) => {
        prepared.descent.run();
        return prepared.finish();
      }),
    ) as [ReturnType<ReturnType<typeof both>[0]["finish"]>[], ReturnType<ReturnType<typeof both>[0]["finish"]>[]];
    errors[0]!.coefficients.forEach(({ standardError }, k) => {
      expect(standardError).toBeGreaterThan(0);
      expect(errors[1]!.coefficients[k]!.standardError! / standardError! - 1).toBeCloseTo(0, 9);
    });
    expect(huber[1]!.model.delta / huber[0]!.model.delta - 1).toBeCloseTo(0, 12);
  });

  it("works in coordinates of equal curvature where features nearly depend on each other", () => {
    const near = features[0]!.map((value, i) => value + 0.01 * features[3]![i]!);
    const rows = new RowFile(memoryFile(), 3);
    rows.append([features[0]!, near, two]);
    const shared = { model: { kind: "logistic", lambda: 0 }, featureNames: ["a", "near"], classes: ["no", "yes"] } as const;
    const streamed = prepareStreamedFit({ ...shared, rows });
    const whole = prepareFit({ ...shared, features: { a: features[0]!, near }, target: Array.from(two, (c) => shared.classes[c]!) });
    expect(streamed.choice.preconditioned).toBe(true);
    for (const prepared of [whole, streamed]) prepared.descent.run();
    const [a, b] = [whole.finish(), streamed.finish()];
    expect(b.solution.verdict).toBe("converged");
    a.coefficients.forEach(({ value }, k) => {
      expect(b.coefficients[k]!.value / value - 1).toBeCloseTo(0, 8);
    });
  });

  it("weighs classes as in memory, and finds classes that separate", () => {
    const shared = { model: { kind: "logistic" }, classes: ["no", "yes"], featureNames: names } as const;
    const whole = prepareFit({
      ...shared,
      features: Object.fromEntries(names.map((name, k) => [name, features[k]!])),
      target: Array.from(two, (c) => shared.classes[c]!),
      classWeights: "balanced",
    });
    const streamed = prepareStreamedFit({
      ...shared,
      rows: fileOf(two, new Float64Array(ROWS).fill(1)),
      weighted: true,
      classWeights: "balanced",
    });
    for (const prepared of [whole, streamed]) prepared.descent.run();
    const [a, b] = [whole.finish(), streamed.finish()];
    a.coefficients.forEach(({ value }, k) => {
      expect(b.coefficients[k]!.value / value - 1).toBeCloseTo(0, 10);
    });
    const apart = features[0]!.map((value) => (value > 304 ? 1 : 0));
    const separated = prepareStreamedFit({ ...shared, model: { kind: "logistic", lambda: 0 }, rows: fileOf(apart) });
    separated.descent.run();
    const { solution, findings } = separated.finish();
    expect(solution.converged).toBe(false);
    expect(findings.map(({ code }) => code)).toContain("SEPARATION");
  });

  it("refuses scales that need quantiles, targets that never vary, and classes that are not there", () => {
    const prepare = (options: Partial<StreamedFitOptions>) => (): unknown =>
      prepareStreamedFit({ model: { kind: "huber" }, rows: fileOf(outliers), featureNames: names, ...options });
    expect(prepare({ scale: "robust" })).toThrow(OptionError);
    expect(prepare({ model: { kind: "logistic" }, classes: ["no", "yes"], rows: fileOf(two), classWeights: "balanced" })).toThrow(
      OptionError,
    );
    expect(prepare({ rows: fileOf(new Float64Array(ROWS).fill(3)) })).toThrow(DataError);
    expect(prepare({ model: { kind: "logistic" }, classes: ["only"], rows: fileOf(two) })).toThrow(DataError);
  });
});

describe("an objective over rows that are streamed", () => {
  it("is refused where it needs rows in memory, or in another order", () => {
    const file = fileOf(outliers);
    const data = {
      rows: ROWS,
      columns: [...names, "y"].map((name) => ({ name, shape: [] as const })),
      read: (into: Uint8Array, at: number) => file.read(into, at),
    };
    const refused = (objective: unknown, options: object) => (): unknown =>
      createDescent(objective as never, { w: 0 }, { data, ...options } as never);
    const traced = (p: { w: { mul: (x: unknown) => never } }, row: Record<string, unknown>): unknown =>
      (p.w.mul(row.a) as { mean(): unknown }).mean();
    expect(refused(traced, { batch: 10 })).toThrow(OptionError);
    expect(refused(traced, { precision: "float32" })).toThrow(OptionError);
    expect(refused(traced, { gradient: "finite-difference" })).toThrow(OptionError);
  });
});
