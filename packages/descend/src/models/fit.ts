/** The front of the models: `fit`, and the same in three strokes for who wants to walk the descent. */

import { type Features, type FeatureTable, readFeatures } from "../data/feature-table.js";
import { polynomialFeatures } from "../data/polynomial-features.js";
import { type ScaleKind, scaleKinds } from "../data/scaling/column-scale.js";
import { DataError, nearestName, OptionError } from "../errors.js";
import type { Descent } from "../minimize/descent.js";
import { createDescent } from "../minimize/minimize.js";
import type { DescentOptions } from "../minimize/options.js";
import type { Stopping } from "../minimize/stopping.js";
import { type ChosenMethod, chooseMethod } from "./choose-method.js";
import { type FitCurvature, type MeasuredCurvature, measureCurvature, predictSteps } from "./curvature.js";
import { type FitDataOptions, type FitParams, type FitProblem, fitData, fitProblem, type SettledModel } from "./fit-problem.js";
import { type FitChoice, type FittedClassification, type FittedModel, type FittedRegression, reportFit } from "./fit-report.js";
import {
  type ClassificationSpec,
  type ClassLabel,
  chooseModel,
  type ModelKind,
  type ModelSpec,
  type RegressionSpec,
  readModel,
} from "./model-spec.js";
import { type ClassWeights, readClasses, readNumbers, readWeights } from "./read-target.js";
import { settleModel } from "./settle-model.js";

/** Options of the descent that a fit passes on as they are. */
type PassedOn = Pick<
  DescentOptions,
  | "method"
  | "learningRate"
  | "batch"
  | "shuffle"
  | "seed"
  | "maxSteps"
  | "timeLimit"
  | "precision"
  | "history"
  | "onStep"
  | "signal"
  | "checkpoint"
  | "clock"
>;

export interface FitOptions<M extends ModelSpec | ModelKind = ModelSpec | ModelKind> extends PassedOn {
  /** A name or a record. Default: from the target, see {@link chooseModel}. */
  readonly model?: M | undefined;
  readonly features: Features;
  /** Numbers, or labels of classes, [rows]. */
  readonly target: ArrayLike<ClassLabel>;
  /** Default: the names of the columns, or x1, x2, …. */
  readonly featureNames?: readonly string[] | undefined;
  /** Labels in the order of the class indices; the second is the positive one of a logistic model. Default: sorted. */
  readonly classes?: readonly ClassLabel[] | undefined;
  /** How often each row counts, [rows], ≥ 0. Default 1. */
  readonly weights?: ArrayLike<number> | undefined;
  /** How often rows of a class count, times their own weight. */
  readonly classWeights?: ClassWeights | undefined;
  /** Total degree of products of features to add. Default 1: none. */
  readonly degree?: number | undefined;
  /** Default true. */
  readonly intercept?: boolean | undefined;
  /**
   * The scale of features inside the problem, and whether a numeric target is standardized too. Default true: "standard" for both. Penalties act on the
   * weights of scaled features; with false the descent meets the table as it is. Coefficients are those of the table's own units in any case. Without
   * intercept features are not shifted.
   */
  readonly scale?: boolean | ScaleKind | { readonly features?: boolean | ScaleKind; readonly target?: boolean } | undefined;
  /** Passes over the table at most, in place of `maxSteps`. */
  readonly epochs?: number | undefined;
  /** As for `minimize`; relativeGradientTolerance is 1e-13 by default here, 1e-8 where Newton's method adds the last digits. */
  readonly stopping?: Stopping | undefined;
}

/** A descent that fits, and the way to what it means. */
export interface Fit<F> {
  /** To be run by the caller, in one go or step by step. Its params are those of the standardized problem. */
  readonly descent: Descent<FitParams>;
  readonly model: SettledModel;
  readonly curvature: FitCurvature;
  readonly choice: FitChoice;
  /** J in the units of the table is this times the descent's value. */
  readonly valueUnit: number;
  /** Steps of the descent in one pass over the table. */
  readonly stepsPerEpoch: number;
  readonly maxSteps: number | undefined;
  /** The fitted model as of now. */
  finish(): F;
}

type FittedBy<M> = M extends RegressionSpec | RegressionSpec["kind"]
  ? FittedRegression
  : M extends ClassificationSpec | ClassificationSpec["kind"]
    ? FittedClassification
    : FittedModel;

/** ‖g‖∞ relative to the largest seen at which a fit ends: where Newton's method adds the last digits, and where it does not. */
const GRADIENT_TOLERANCE = { polished: 1e-5, alone: 1e-13 };
/** ‖Δx‖∞ relative to ‖x‖∞ at which L-BFGS has come as close as rounding lets it: tables of large condition number never reach the other tolerance. */
const STEP_TOLERANCE = 1e-13;

/**
 * Fits a model to a table.
 *
 * Features and target are standardized inside the problem, the method is chosen from its curvature, and everything is reported in the units of
 * the table. Not converging is an outcome: see `solution.verdict`.
 *
 * @throws DataError for tables that are empty, ragged, not finite, or without two classes; OptionError for options out of range
 *
 * @example
 * const fitted = fit({ features: { area, rooms }, target: price });
 * fitted.predict({ area: [120], rooms: [4] });
 * fitted.solution.verdict; // "converged"
 * @example
 * fit({ model: { kind: "lasso", alpha: 0.1 }, features: rows, target: y }).coefficients;
 */
export function fit<const M extends ModelSpec | ModelKind = ModelSpec | ModelKind>(options: FitOptions<M>): FittedBy<M> {
  const prepared = prepareFit(options);
  prepared.descent.run();
  return prepared.finish();
}

/** As {@link fit}, but the caller runs the descent. */
export function prepareFit<const M extends ModelSpec | ModelKind = ModelSpec | ModelKind>(options: FitOptions<M>): Fit<FittedBy<M>> {
  refuseUnknown(options);
  const raw = readFeatures(options.features, options.featureNames);
  const degree = options.degree ?? 1;
  const features = polynomialFeatures(raw, degree);
  const chosen = options.model === undefined ? chooseModel(options.target) : { kind: undefined, reason: "asked for" };
  const { spec, record } = readModel(options.model ?? chosen.kind!);

  const classes = record.task === "classification" ? readClasses(options.target, raw.rows, options.classes) : undefined;
  if (spec.kind === "logistic" && classes!.classes.length > 2) {
    throw new DataError(
      "CLASSES_TOO_MANY",
      `target: a logistic model has 2 classes, the target ${classes!.classes.length}. Take model: "softmax".`,
      {
        classes: classes!.classes.length,
        allowed: 2,
      },
    );
  }
  const target = classes?.indices ?? readNumbers(options.target, raw.rows);
  const weights = readWeights(raw.rows, options.weights, options.classWeights, classes);
  const data = fitData(features, target, {
    weights,
    classes: classes?.classes.length ?? 0,
    intercept: options.intercept ?? true,
    ...readScale(options.scale),
  });
  const problem = fitProblem(data, settleModel(spec, data));
  const measured = measureCurvature(problem);
  const method = chooseMethod(problem, measured, options);
  const descent = startDescent(problem, method, options);
  const curvature = publicCurvature(measured, problem, method, descent.method);
  const choice: FitChoice = {
    model: spec.kind,
    modelReason: chosen.reason,
    method: descent.method,
    methodReason: method.reason,
    learningRate: method.learningRate,
    preconditioned: method.preconditioner !== undefined,
  };
  const valueUnit = data.targetDeviation ** 2;
  const context = { problem, descent, method, choice, curvature, classes: classes?.classes, rawNames: raw.names, degree, valueUnit };
  return {
    descent,
    model: problem.model,
    curvature,
    choice,
    valueUnit,
    stepsPerEpoch: stepsPerEpoch(raw, options),
    maxSteps: stepBudget(raw, options),
    finish: () => reportFit(context) as FittedBy<M>,
  };
}

function readScale(scale: FitOptions["scale"] = true): Pick<FitDataOptions, "scaleFeatures" | "scaleTarget"> {
  const { features = true, target = true } =
    typeof scale === "object" ? scale : { features: scale, target: scale !== false && scale !== "none" };
  const kind = features === true ? "standard" : features === false ? "none" : features;
  if (scaleKinds.includes(kind)) return { scaleFeatures: kind, scaleTarget: target };
  const expected = ["a boolean", ...scaleKinds.map((name) => `"${name}"`)].join(", ");
  throw new OptionError("OPTION_OUT_OF_RANGE", `fit({ scale }): expected ${expected}, got ${JSON.stringify(features)}.`, {
    option: "scale",
    expected,
    got: features,
  });
}

function startDescent(problem: FitProblem, method: ChosenMethod, options: FitOptions): Descent<FitParams> {
  const { batch, shuffle, seed, timeLimit, precision, history, onStep, signal, checkpoint, clock, stopping } = options;
  const named = typeof method.method === "string" || method.method === undefined;
  const descent = createDescent(problem.objective(method.preconditioner) as never, problem.start, {
    data: problem.data,
    method: method.method,
    // A rule that was handed over has its rate in it
    learningRate: named ? method.learningRate : undefined,
    maxSteps: stepBudget(problem.features, options),
    // What is still missing is Newton's to add.
    pursue: !method.polishes,
    stopping: {
      relativeGradientTolerance: method.polishes ? GRADIENT_TOLERANCE.polished : GRADIENT_TOLERANCE.alone,
      ...(method.isDefault ? { stepTolerance: STEP_TOLERANCE } : {}),
      ...stopping,
    },
    batch,
    shuffle,
    seed,
    timeLimit,
    precision,
    history,
    onStep,
    signal,
    checkpoint,
    clock,
  });
  return descent as unknown as Descent<FitParams>;
}

function stepsPerEpoch({ rows }: FeatureTable, { batch }: FitOptions): number {
  return typeof batch === "number" ? Math.ceil(rows / batch) : 1;
}

function stepBudget(table: FeatureTable, options: FitOptions): number | undefined {
  const { epochs, maxSteps } = options;
  if (epochs === undefined) return maxSteps;
  if (!(epochs > 0)) {
    throw new OptionError("OPTION_OUT_OF_RANGE", `epochs: expected a number > 0, got ${epochs}.`, {
      option: "epochs",
      expected: "a number > 0",
      got: epochs,
    });
  }
  return Math.min(Math.ceil(epochs * stepsPerEpoch(table, options)), maxSteps ?? Number.POSITIVE_INFINITY);
}

function publicCurvature(measured: MeasuredCurvature, problem: FitProblem, method: ChosenMethod, name: string): FitCurvature {
  const { smallestPositive: _, ...curvature } = measured;
  const { intercept, weights } = problem.start;
  const parameters = weights.length + (intercept === undefined ? 0 : typeof intercept === "number" ? 1 : intercept.length);
  // With equal curvatures squares take a step; other losses curve differently where they end, and keep the prediction for the features as they are
  const equal = method.preconditioner !== undefined && problem.model.loss === "squared";
  const seen = equal ? { ...curvature, conditionNumber: 1 } : curvature;
  return { ...curvature, predictedSteps: predictSteps(name, seen, parameters) };
}

const OPTION_NAMES: readonly (keyof FitOptions)[] = [
  "model",
  "features",
  "target",
  "featureNames",
  "classes",
  "weights",
  "classWeights",
  "degree",
  "intercept",
  "scale",
  "method",
  "learningRate",
  "batch",
  "shuffle",
  "epochs",
  "maxSteps",
  "seed",
  "timeLimit",
  "stopping",
  "precision",
  "history",
  "onStep",
  "signal",
  "checkpoint",
  "clock",
];

function refuseUnknown(options: object): void {
  for (const option of Object.keys(options)) {
    if ((OPTION_NAMES as readonly string[]).includes(option)) continue;
    const nearest = nearestName(option, OPTION_NAMES);
    const hint = nearest === undefined ? `Known are ${OPTION_NAMES.join(", ")}.` : `Did you mean ${nearest}?`;
    throw new OptionError("OPTION_UNKNOWN", `fit: there is no option "${option}". ${hint}`, {
      option,
      known: OPTION_NAMES,
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
}
