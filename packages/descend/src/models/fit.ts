/** The front of the models: `fit`, and the same in three strokes for who wants to walk the descent. */

import type { FeatureTable } from "../data/feature-table.js";
import { OptionError } from "../errors.js";
import type { Descent } from "../minimize/descent.js";
import { parseSchedule } from "../minimize/methods.js";
import { createDescent } from "../minimize/minimize.js";
import { rememberSubject, subjectOf, type TableRoles } from "../minimize/subject.js";
import { type ChosenMethod, chooseMethod } from "./choose-method.js";
import { type FitCurvature, type MeasuredCurvature, measureCurvature, predictSteps } from "./curvature.js";
import type { DescentWishes, FitOptions } from "./fit-options.js";
import type { FitParams, FitProblem, SettledModel } from "./fit-problem.js";
import { type FitChoice, type FittedClassification, type FittedModel, type FittedRegression, reportFit } from "./fit-report.js";
import type { ClassificationSpec, ModelKind, ModelSpec, RegressionSpec } from "./model-spec.js";
import { type ReadFit, readFit } from "./read-fit.js";
import { readStreamedFit, type StreamedFitOptions } from "./read-streamed-fit.js";
import { type FitSweep, type SweepRange, sweepRead } from "./sweep-fit.js";

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
/**
 * ‖Δx‖∞ relative to ‖x‖∞ at which L-BFGS has come as close as rounding lets it: tables of large
 * condition number never reach the other tolerance.
 */
const STEP_TOLERANCE = 1e-13;

/**
 * Fits a model to a table.
 *
 * Features and target are standardized inside the problem, the method is chosen from its curvature, and everything is reported in the units
 * of the table. Not converging is an outcome: see `solution.verdict`.
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
  return startFit(readFit(options), options) as Fit<FittedBy<M>>;
}

/**
 * As {@link prepareFit}, over rows that are kept in a file, for tables larger than memory. (Squared losses need no more of a table than its
 * moments, {@link createMomentTable}, but for mini-batches.)
 *
 * The descent is that of the same table in memory, bit for bit, where no preconditioner comes from the
 * rows. Each evaluation is a pass over the file.
 *
 * @param options.rows - numbers of a row: features, then the target (a number, or the index of its class), then, if `weighted`, how often
 * it counts, ≥ 0. Scaled in place: done with afterwards.
 * @throws DataError TARGET_CONSTANT, CLASSES_TOO_FEW; OptionError OPTIONS_CONFLICT for a scale that needs quantiles, OPTION_OUT_OF_RANGE
 */
export function prepareStreamedFit(options: StreamedFitOptions): Fit<FittedModel> {
  return openStreamedFit(options).prepare(options);
}

/** Rows in a file, scaled and ready to be fitted. */
export interface OpenFit {
  /** As `sweepFit`: tries learning rates. Each step is a pass over the file. */
  sweep(wishes: DescentWishes, range?: SweepRange): FitSweep;
  /** As {@link prepareStreamedFit}. */
  prepare(wishes: DescentWishes): Fit<FittedModel>;
}

/**
 * {@link prepareStreamedFit} in two strokes, for who wants to sweep learning rates before: the rows are scaled once.
 *
 * @throws as it does
 */
export function openStreamedFit(options: Omit<StreamedFitOptions, keyof DescentWishes>): OpenFit {
  const read = readStreamedFit(options);
  return {
    sweep: (wishes, range = {}) => sweepRead(read, wishes, range),
    prepare: (wishes) => startFit(read, wishes) as Fit<FittedModel>,
  };
}

function startFit({ problem, raw, degree, classes, modelReason }: ReadFit, options: DescentWishes): Fit<unknown> {
  const measured = measureCurvature(problem);
  const method = chooseMethod(problem, measured, options);
  const descent = startDescent(problem, method, options);
  const curvature = publicCurvature(measured, problem, method, descent.method);
  const choice: FitChoice = {
    model: problem.model.kind,
    modelReason,
    method: descent.method,
    methodReason: method.reason,
    learningRate: method.learningRate,
    preconditioned: method.preconditioner !== undefined,
  };
  const valueUnit = problem.targetDeviation ** 2;
  const context = { problem, descent, method, choice, curvature, classes, rawNames: raw.names, degree, valueUnit };
  return {
    descent,
    model: problem.model,
    curvature,
    choice,
    valueUnit,
    stepsPerEpoch: stepsPerEpoch(raw, options),
    maxSteps: stepBudget(raw, options),
    finish: () => reportFit(context),
  };
}

function startDescent(problem: FitProblem, method: ChosenMethod, options: DescentWishes): Descent<FitParams> {
  const { batch, shuffle, seed, timeLimit, precision, history, onStep, signal, checkpoint, clock, stopping } = options;
  const named = typeof method.method === "string" || method.method === undefined;
  const { learningRate } = method;
  if (options.schedule !== undefined && typeof method.method === "object") {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      'schedule: needs a method given by a name that has a learning rate, such as "gradientDescent".',
      {
        options: ["schedule", "method"],
      },
    );
  }
  const descent = createDescent(problem.objective(method.preconditioner) as never, problem.start, {
    data: problem.data,
    method: method.method,
    // A rule that was handed over has its rate in it
    learningRate: !named ? undefined : options.schedule === undefined ? learningRate : parseSchedule(options.schedule, learningRate),
    methodOptions: options.methodOptions,
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
  const roles = rolesIn(problem, method);
  if (roles !== undefined) rememberSubject(descent, { ...subjectOf(descent)!, roles });
  return descent as unknown as Descent<FitParams>;
}

/** What the columns of the problem's table mean; undefined where they are not those of the features. */
function rolesIn({ features, model, intercept, stream }: FitProblem, { preconditioner }: ChosenMethod): TableRoles | undefined {
  if (preconditioner !== undefined || stream !== undefined) return undefined;
  const target = { squared: "t", huber: "t", logistic: "sign", softmax: "label" }[model.loss];
  return { features: ["z"], featureNames: features.names, target, intercept };
}

function stepsPerEpoch({ rows }: FeatureTable, { batch }: DescentWishes): number {
  return typeof batch === "number" ? Math.ceil(rows / batch) : 1;
}

function stepBudget(table: FeatureTable, options: DescentWishes): number | undefined {
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
  // With equal curvatures squares take a step; other losses curve differently where they end, and keep
  // the prediction for the features as they are
  const equal = method.preconditioner !== undefined && problem.model.loss === "squared";
  const seen = equal ? { ...curvature, conditionNumber: 1 } : curvature;
  return { ...curvature, predictedSteps: predictSteps(name, seen, parameters) };
}
