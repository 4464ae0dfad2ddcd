/** A model that learns from rows as they come: how many there will be need not be known, and none is kept. */

import { type Features, readFeatures } from "../data/feature-table.js";
import type { AffineData } from "../data/scaling/affine.js";
import type { ScalingData } from "../data/scaling/scaling.js";
import { OptionError } from "../errors.js";
import type { Descent } from "../minimize/descent.js";
import { createDescent, type TracedObjective } from "../minimize/minimize.js";
import type { DescentOptions } from "../minimize/options.js";
import { compensatedDot } from "../numeric/compensated-sum.js";
import { contrasts } from "./contrasts.js";
import { type FitParams, type FitProblem, fitProblem, type SettledModel } from "./fit-problem.js";
import { type Model, type ModelData, modelOf } from "./model.js";
import type { ClassLabel } from "./model-spec.js";
import { readClasses, readNumbers } from "./read-target.js";
import { scoreWeights } from "./scores.js";

export interface OnlineOptions {
  /** Squared errors, log loss of two classes, or cross entropy of several. */
  readonly model: "linear" | "logistic" | "softmax";
  readonly featureNames: readonly string[];
  /** For models of classes: all labels there will be; of two the second is the positive one. */
  readonly classes?: readonly ClassLabel[] | undefined;
  /** A rule, or its name. Default "gradientDescent": stochastic gradient descent. */
  readonly method?: DescentOptions["method"];
  /** Default: the method's own; gradient descent needs one. */
  readonly learningRate?: number | undefined;
  /** Rows an update, whole, ≥ 1. Default 1. */
  readonly batch?: number | undefined;
  /** λ of (λ/2)·‖w‖² beside the mean loss, ≥ 0. Default 0. */
  readonly l2?: number | undefined;
  /** A model to go on from, of the same kind, features and classes. Default: zeros. */
  readonly start?: ModelData | undefined;
  /** Of features, by a shift and a factor: what `learnScaling` learned from earlier rows. Default: none. */
  readonly scaling?: ScalingData | undefined;
}

export interface OnlineModel {
  /** Rows seen, and updates made of them. */
  readonly rows: number;
  readonly updates: number;
  /**
   * Learns from more rows, any number of them, in their order. Rows that do not fill a batch wait for the next ones.
   *
   * @throws DataError for rows that are ragged, not finite, or of a class that is not among those named
   */
  partialFit(features: Features, target: ArrayLike<ClassLabel>): void;
  /** The model as of now, in the units of the features: to predict with, to save. */
  model(): Model;
}

/**
 * A model, at zero or where an earlier one ended, ready for the first rows.
 *
 * J of one update = mean loss of its rows + (λ/2)·‖w‖²,   squared errors halved
 *
 * The updates are those of `minimize` with the same `batch` and `shuffle: false` over all rows at once; of gradient
 * descent with one row an update bit for bit.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTIONS_CONFLICT also for a `start` of another kind
 *
 * Cost: two evaluations of a batch an update; memory: one batch.
 *
 * @example
 * const online = createOnlineModel({ model: "linear", featureNames: ["x"], learningRate: 0.01 });
 * for await (const { x, y } of stream) online.partialFit([[x]], [y]);
 */
export function createOnlineModel(options: OnlineOptions): OnlineModel {
  const { model: kind, featureNames, batch = 1, l2 = 0, scaling, classes } = options;
  const width = featureNames.length;
  const expectWhole = (option: string, value: number, valid: boolean, expected: string): void => {
    if (valid) return;
    throw new OptionError("OPTION_OUT_OF_RANGE", `createOnlineModel({ ${option} }): expected ${expected}, got ${value}.`, {
      option,
      expected,
      got: value,
    });
  };
  expectWhole("batch", batch, Number.isInteger(batch) && batch >= 1, "a whole number ≥ 1");
  expectWhole("featureNames", width, width >= 1, "at least one name");
  expectWhole("l2", l2, l2 >= 0 && Number.isFinite(l2), "a number ≥ 0");
  const count = kind === "linear" ? 0 : (classes?.length ?? 0);
  if (kind !== "linear" && (kind === "logistic" ? count !== 2 : count < 2)) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `createOnlineModel: a ${kind} model needs its classes named, ${kind === "logistic" ? "two" : "two or more"}, got ${count}.`,
      {
        options: ["model", "classes"],
      },
    );
  }
  const { centers, scales } = affineOf(scaling, width);
  const settled: SettledModel = {
    kind,
    loss: kind === "linear" ? "squared" : kind,
    convention: kind === "linear" ? "half-mean" : "mean",
    delta: 0,
    l1: 0,
    l2,
  };
  const problem = emptyProblem(settled, featureNames, count, batch, { centers, scales });
  const data = problem.data as Record<string, { values: Float64Array } | Float64Array>;
  const start = options.start === undefined ? problem.start : startFrom(options.start, problem, featureNames, kind);
  const descent = createDescent(problem.objective() as unknown as TracedObjective, start, {
    data: problem.data,
    method: options.method ?? "gradientDescent",
    learningRate: options.learningRate,
    certify: false,
    maxSteps: Number.MAX_SAFE_INTEGER,
    // Rows to come may be harder than the last ones
    stopping: { relativeGradientTolerance: 0 },
  }) as unknown as Descent<FitParams>;
  let rows = 0;
  let waiting = 0;
  return {
    get rows() {
      return rows;
    },
    get updates() {
      return descent.steps;
    },
    partialFit(features, target) {
      const table = readFeatures(features, featureNames);
      const values = kind === "linear" ? readNumbers(target, table.rows) : readClasses(target, table.rows, classes).indices;
      const z = (data.z as { values: Float64Array }).values;
      for (let i = 0; i < table.rows; i++) {
        for (let k = 0; k < width; k++) z[waiting * width + k] = (table.columns[k]![i]! - centers[k]!) / scales[k]!;
        if (kind === "linear") (data.t as Float64Array)[waiting] = values[i]!;
        else if (kind === "logistic") (data.sign as Float64Array)[waiting] = values[i] === 1 ? 1 : -1;
        else (data.label as Float64Array)[waiting] = values[i]!;
        rows++;
        if (++waiting < batch) continue;
        waiting = 0;
        descent.rereadRows();
        descent.step();
      }
    },
    model: () => modelFrom(problem, descent.params, featureNames, kind === "linear" ? undefined : classes),
  };
}

function affineOf(scaling: ScalingData | undefined, width: number): Pick<AffineData, "centers" | "scales"> {
  if (scaling === undefined) return { centers: new Array<number>(width).fill(0), scales: new Array<number>(width).fill(1) };
  if ("centers" in scaling && !("lambdas" in scaling) && !("whiten" in scaling)) return scaling;
  const message = `createOnlineModel({ scaling }): expected a shift and a factor a column, got "${scaling.kind}". Apply it to the rows before, in its place.`;
  throw new OptionError("OPTIONS_CONFLICT", message, { options: ["scaling"] });
}

/** A table of one batch whose rows are yet to come. */
function emptyProblem(
  model: SettledModel,
  names: readonly string[],
  classes: number,
  batch: number,
  { centers, scales }: Pick<AffineData, "centers" | "scales">,
): FitProblem {
  const width = names.length;
  const target = new Float64Array(batch);
  const columns = names.map(() => new Float64Array(batch));
  const z = {
    values: new Float64Array(batch * width),
    width,
    rows: batch,
    centers: Float64Array.from(centers),
    scales: Float64Array.from(scales),
    constant: [],
  };
  const features = { names, columns, rows: batch };
  const data = { features, z, target, rawTarget: target, targetCenter: 0, targetDeviation: 1, classes, weights: undefined, total: batch };
  return fitProblem({ ...data, intercept: true }, model);
}

/** The params of a model in the coordinates of a problem. */
function startFrom(model: ModelData, { z, classes }: FitProblem, names: readonly string[], kind: SettledModel["kind"]): FitParams {
  const isSame =
    (model.classes?.length ?? 0) === classes &&
    (kind === "softmax") === (model.kind === "softmax") &&
    model.degree === 1 &&
    model.featureNames.length === names.length &&
    model.featureNames.every((name, k) => name === names[k]);
  if (!isSame) {
    const message = `createOnlineModel({ start }): expected a ${kind} model of the features ${names.slice(0, 10).join(", ")} themselves, got a ${model.kind} model of ${model.featureNames.slice(0, 10).join(", ")}.`;
    throw new OptionError("OPTIONS_CONFLICT", message, { options: ["start", "model"] });
  }
  // Scores at the centers of the problem, and changes per scaled unit
  const offsets = model.offsets.map((offset, o) =>
    compensatedDot([1, ...model.coefficients[o]!], [offset, ...model.centers.map((center, k) => z.centers[k]! - center)]),
  );
  const weights = model.coefficients.map((row) => row.map((coefficient, k) => coefficient * z.scales[k]!));
  if (kind !== "softmax") return { intercept: offsets[0]!, weights: Float64Array.from(weights[0]!) };
  // What all scores share changes no probability: the coordinates leave it out
  const basis = contrasts(classes);
  const coordinates = (scores: readonly number[], j: number): number => scores.reduce((sum, score, c) => sum + basis[c]![j]! * score, 0);
  const outputs = classes - 1;
  return {
    intercept: Float64Array.from({ length: outputs }, (_, j) => coordinates(offsets, j)),
    weights: Float64Array.from({ length: names.length * outputs }, (_, at) =>
      coordinates(
        weights.map((row) => row[Math.floor(at / outputs)]!),
        at % outputs,
      ),
    ),
  };
}

function modelFrom(
  problem: FitProblem,
  params: FitParams,
  featureNames: readonly string[],
  classes: readonly ClassLabel[] | undefined,
): Model {
  const { z, model } = problem;
  const { intercepts, weights } = scoreWeights(problem, params);
  return modelOf({
    format: "descend-model",
    version: 1,
    kind: model.kind,
    featureNames,
    degree: 1,
    centers: Array.from(z.centers),
    offsets: Array.from(intercepts),
    coefficients: weights.map((row) => Array.from(row, (weight, k) => weight / z.scales[k]!)),
    ...(classes === undefined ? {} : { classes }),
  });
}
