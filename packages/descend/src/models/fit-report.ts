/** From where a descent ended to what the user asked for: a model in the units of the table, and the evidence for it. */

import type { Descent } from "../minimize/descent.js";
import type { Solution } from "../minimize/solution.js";
import { rememberSubject, subjectOf } from "../minimize/subject.js";
import { maxNorm } from "../numeric/blas1.js";
import { sigmoid } from "../numeric/special.js";
import { studentQuantile } from "../numeric/student-quantile.js";
import type { ChosenMethod } from "./choose-method.js";
import { type ClassificationMetrics, classificationMetrics, createClassificationMetrics } from "./classification-metrics.js";
import { designMatrix, factorDesign, inverseInformation, type QrSolution, solveByNormalEquations, solveByQr } from "./closed-form.js";
import { activeColumns, DENSE_WORK, EXACT_ORDER, type FitCurvature } from "./curvature.js";
import type { FitParams, FitProblem, SettledModel } from "./fit-problem.js";
import { type ClassificationModel, type ModelData, modelOf, type RegressionModel } from "./model.js";
import type { ClassLabel, ModelKind } from "./model-spec.js";
import { type Polish, polishByNewton } from "./newton-polish.js";
import { applyPreconditioner } from "./preconditioner.js";
import { uncertaintyOf } from "./prediction-intervals.js";
import { type RegressionMetrics, regressionMetrics } from "./regression-metrics.js";
import { type ScoreWeights, scoreOf, scoreWeights, softmaxOf } from "./scores.js";
import { findSeparation } from "./separation.js";
import { type StandardErrors, standardErrors } from "./standard-errors.js";

/** Something a reader of the result should know. */
export interface Finding {
  readonly code: string;
  readonly severity: "info" | "warning";
  readonly message: string;
  readonly columns?: readonly string[];
}

/** One number of the model in the units of the table. */
export interface Coefficient {
  /** The term it belongs to; null for the intercept. */
  readonly name: string | null;
  /** The class whose score it is part of; absent where there is one score. */
  readonly class?: ClassLabel;
  readonly value: number;
  /** Standard deviation of the estimate in repeated samples; null where theory has none: penalties, Huber, softmax, no unique fit. */
  readonly standardError: number | null;
  /**
   * Holds the truth in 95 % of repeated samples: t standard errors to both sides, t of Student's distribution for
   * least squares, of the normal one for classes.
   */
  readonly interval: readonly [low: number, high: number] | null;
}

const CONFIDENCE = 0.95;

/** The same model without descending. */
export interface ClosedForm {
  readonly solver: "qr" | "normal-equations";
  /** null without intercept. */
  readonly intercept: number | null;
  readonly weights: Float64Array;
  /** Largest |descent − closed form| / |closed form| of a coefficient, intercept included. */
  readonly largestRelativeDifference: number;
}

export interface FitReport {
  /** Intercepts and weights by name. */
  readonly coefficients: readonly Coefficient[];
  /** J at the fit, in the units of the table. */
  readonly objective: number;
  /** The model with every number settled. */
  readonly model: SettledModel;
  /** Verdict, tests, steps, …; its params and value are those of the standardized problem. */
  readonly solution: Solution<FitParams>;
  readonly curvature: FitCurvature;
  readonly choice: FitChoice;
  /** QR of the table; absent where there is no closed form, the table is too large for it, or no unique fit exists. */
  readonly crossCheck: ClosedForm | undefined;
  /**
   * Cholesky of the Gram matrix: it loses twice the digits that QR does, but needs one pass over any number of rows. Up to 128 features.
   */
  readonly normalEquations: ClosedForm | undefined;
  /** What Newton's method added after the descent: the last digits, where no closed form is to be compared with. */
  readonly polish: Polish | undefined;
  /** On the rows of the fit, computed when they are first read: of rows in a file while that is open. One of the two is there. */
  readonly regressionMetrics: RegressionMetrics | undefined;
  readonly classificationMetrics: ClassificationMetrics | undefined;
  readonly findings: readonly Finding[];
}

/** What was chosen, and why. */
export interface FitChoice {
  readonly model: ModelKind;
  readonly modelReason: string;
  readonly method: string;
  readonly methodReason: string;
  /** Absent where the method has none, or its own. */
  readonly learningRate: number | undefined;
  readonly preconditioned: boolean;
}

export type FittedRegression = RegressionModel & FitReport;
export type FittedClassification = ClassificationModel & FitReport;
export type FittedModel = FittedRegression | FittedClassification;

export interface ReportContext {
  readonly problem: FitProblem;
  readonly descent: Descent<FitParams>;
  readonly method: ChosenMethod;
  readonly choice: FitChoice;
  readonly curvature: FitCurvature;
  readonly classes: readonly ClassLabel[] | undefined;
  readonly rawNames: readonly string[];
  readonly degree: number;
  readonly valueUnit: number;
}

export function reportFit(context: ReportContext): FittedModel {
  const { problem, descent, method, choice, curvature, classes, valueUnit } = context;
  const polish = shouldPolish(context) ? polishByNewton(problem, descent, method.preconditioner) : undefined;
  const ended = descent.solution();
  // The tests looked at the last point. The best one seen is as low to rounding, and with momentum that rounding hides half the digits
  const params = applyPreconditioner(ended.converged ? descent.params : ended.params, problem.z.width, method.preconditioner);
  const findings = constantColumns(problem);
  const solution = withSeparation(context, ended, params, findings);
  const scores = scoreWeights(problem, params);
  const isLeastSquares = problem.model.loss === "squared" && problem.l1 === 0;
  const byQr = isLeastSquares && problem.pieces === undefined && affordable(problem);
  const exact = byQr ? solveByQr(problem) : undefined;
  if (byQr && exact === undefined) findings.push(dependence(problem));
  const trusted = solution.verdict === "converged" || solution.verdict === "precision-floor";
  const uncertainty = trusted && exact !== undefined && problem.l2 === 0 ? uncertaintyOf(problem, params, exact.information) : undefined;
  const data: ModelData = { ...modelData(context, scores), ...(uncertainty === undefined ? {} : { uncertainty }) };
  const model = modelOf(data);
  const gram = isLeastSquares && activeColumns(problem).length < EXACT_ORDER ? solveByNormalEquations(problem) : undefined;
  const normal = gram && (modelOf(modelData(context, scoreWeights(problem, gram))) as RegressionModel);
  const [ofNumbers, ofClasses] = [once(() => metricsOfRegression(problem, scores)), once(() => metricsOfClasses(problem, scores))];
  const fitted = {
    ...model,
    coefficients: coefficientsOf(context, data, errorsOf(context, solution, params, exact)),
    objective: (ended.converged ? descent.value : ended.value) * valueUnit,
    model: problem.model,
    solution,
    curvature,
    choice,
    crossCheck: exact && closedForm("qr", exact, problem, model as RegressionModel),
    normalEquations: normal && closedForm("normal-equations", normal, problem, model as RegressionModel),
    polish,
    get regressionMetrics() {
      return classes === undefined ? ofNumbers() : undefined;
    },
    get classificationMetrics() {
      return classes === undefined ? undefined : ofClasses();
    },
    findings,
  } as FittedModel;
  const subject = subjectOf(descent);
  if (subject !== undefined) rememberSubject(fitted, subject);
  return fitted;
}

/** A value that is computed when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** Only where the descent itself came to an end: what a budget cut off is not continued behind its back. */
function shouldPolish({ method, descent }: ReportContext): boolean {
  return (
    method.polishes &&
    descent.reasons.some((reason) => reason === "gradient-tolerance" || reason === "step-tolerance" || reason === "line-search-failed")
  );
}

function affordable(problem: FitProblem): boolean {
  const order = activeColumns(problem).length + 1;
  return problem.z.rows * order * order <= DENSE_WORK;
}

/** The verdict where classes separate: the loss has no minimum, whatever the tests say of the point where the descent gave up. */
function withSeparation(
  context: ReportContext,
  solution: Solution<FitParams>,
  params: FitParams,
  findings: Finding[],
): Solution<FitParams> {
  const { problem } = context;
  if (context.classes === undefined || problem.l1 > 0 || problem.l2 > 0) return solution;
  const separation = findSeparation(problem, params);
  if (separation === undefined) return solution;
  findings.push({
    code: "SEPARATION",
    severity: "warning",
    message:
      separation.kind === "complete"
        ? "The features separate the classes completely: without a penalty the loss falls for ever as the weights grow, and no best weights exist. Add a penalty (lambda > 0)."
        : `The features separate ${separation.rows} of ${problem.z.rows} rows from the other classes: without a penalty some weights grow for ever, and no best weights exist. Add a penalty (lambda > 0).`,
  });
  return { ...solution, verdict: "infimum-not-attained", converged: false };
}

function constantColumns({ z, features }: FitProblem): Finding[] {
  if (z.constant.length === 0) return [];
  const columns = z.constant.map((k) => features.names[k]!);
  return [
    {
      code: "CONSTANT_COLUMNS",
      severity: "warning",
      message: `${columns.join(", ")}: the same in every row, so the coefficient is 0.`,
      columns,
    },
  ];
}

function dependence(problem: FitProblem): Finding {
  const design = designMatrix(problem, () => 1, 0);
  const factored = factorDesign(design);
  const dependent = "dependent" in factored ? factored.dependent : undefined;
  if (design.rows < design.cols) {
    return {
      code: "UNDERDETERMINED",
      severity: "warning",
      message: `${design.cols} coefficients from ${problem.z.rows} rows: many models fit these rows equally well; this one has the smallest standardized weights.`,
    };
  }
  const name = dependent === undefined ? "the intercept" : problem.features.names[dependent]!;
  return {
    code: "DEPENDENT_COLUMNS",
    severity: "warning",
    message: `${name} is, to rounding, a combination of the other columns: predictions are determined, single coefficients are not.`,
    columns: dependent === undefined ? [] : [name],
  };
}

/** wₖ = ωₖ·s/sₖ, and the prediction at the centers. */
function modelData({ problem, choice, rawNames, degree, classes }: ReportContext, { intercepts, weights }: ScoreWeights): ModelData {
  const { z, targetCenter, targetDeviation: s } = problem;
  return {
    format: "descend-model",
    version: 1,
    kind: choice.model,
    featureNames: rawNames,
    degree,
    centers: Array.from(z.centers),
    offsets: Array.from(intercepts, (b) => targetCenter + s * b),
    coefficients: weights.map((row) => Array.from(row, (weight, k) => weight * (s / z.scales[k]!))),
    ...(classes === undefined ? {} : { classes }),
  };
}

function closedForm(
  solver: ClosedForm["solver"],
  exact: { readonly intercept: number; readonly weights: Float64Array },
  { intercept }: FitProblem,
  descended: RegressionModel,
): ClosedForm {
  const differences = Array.from(exact.weights, (weight, k) => relativeDifference(descended.weights[k]!, weight));
  if (intercept) differences.push(relativeDifference(descended.intercept, exact.intercept));
  return { solver, intercept: intercept ? exact.intercept : null, weights: exact.weights, largestRelativeDifference: maxNorm(differences) };
}

/** Where theory has standard errors: no penalty, a minimum, and a design whose columns do not depend on each other. */
function errorsOf(
  { problem }: ReportContext,
  solution: Solution<FitParams>,
  params: FitParams,
  exact: QrSolution | undefined,
): StandardErrors | undefined {
  if (solution.verdict !== "converged" && solution.verdict !== "precision-floor") return undefined;
  if (problem.l1 > 0 || problem.l2 > 0) return undefined;
  if (problem.model.loss === "squared") return exact && standardErrors(problem, params, exact.information);
  if (problem.model.loss !== "logistic" || !affordable(problem)) return undefined;
  const information = inverseInformation(problem, params);
  return information && standardErrors(problem, params, information);
}

function relativeDifference(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.abs(b);
}

function coefficientsOf({ problem, classes }: ReportContext, data: ModelData, errors: StandardErrors | undefined): Coefficient[] {
  const model = modelOf(data);
  const intercepts = "intercepts" in model ? model.intercepts : [model.intercept];
  const rows = "intercepts" in model ? model.weights : [model.weights];
  const reach = errors === undefined ? 0 : studentQuantile(CONFIDENCE, errors.degreesOfFreedom);
  return rows.flatMap((row, o) => {
    const label = rows.length > 1 ? { class: classes![o]! } : {};
    const estimate = (name: string | null, value: number, standardError: number | null): Coefficient => ({
      name,
      ...label,
      value,
      standardError,
      interval: standardError === null ? null : [value - reach * standardError, value + reach * standardError],
    });
    const terms = Array.from(row, (value, k) => estimate(model.terms[k]!, value, errors?.weights[k] ?? null));
    return problem.intercept ? [estimate(null, intercepts[o]!, errors?.intercept ?? null), ...terms] : terms;
  });
}

function metricsOfRegression(problem: FitProblem, scores: ScoreWeights): RegressionMetrics {
  const { z, target, targetCenter, targetDeviation, pieces } = problem;
  if (pieces !== undefined) return streamedRegressionMetrics(pieces(), scores, targetDeviation);
  const inUnits = (t: number): number => targetCenter + targetDeviation * t;
  return regressionMetrics(
    target.map(inUnits),
    Float64Array.from({ length: z.rows }, (_, i) => inUnits(scoreOf(problem, scores, i, 0))),
  );
}

/** In units of the target; the scaled target is near 0 on average, so its squares lose no digits to the mean. */
function streamedRegressionMetrics(pieces: Iterable<FitProblem>, scores: ScoreWeights, unit: number): RegressionMetrics {
  let [rows, squared, absolute, sum, squares] = [0, 0, 0, 0, 0];
  for (const piece of pieces) {
    piece.target.forEach((t, i) => {
      const error = t - scoreOf(piece, scores, i, 0);
      squared += error * error;
      absolute += Math.abs(error);
      sum += t;
      squares += t * t;
    });
    rows += piece.z.rows;
  }
  const total = squares - (sum * sum) / rows;
  return { rows, rmse: unit * Math.sqrt(squared / rows), mae: (unit * absolute) / rows, r2: total > 0 ? 1 - squared / total : null };
}

function metricsOfClasses(problem: FitProblem, scores: ScoreWeights): ClassificationMetrics {
  const { target, classes, pieces } = problem;
  if (pieces === undefined) return classificationMetrics(target, probabilitiesOf(problem, scores));
  const metrics = createClassificationMetrics(classes);
  for (const piece of pieces()) metrics.add(piece.target, probabilitiesOf(piece, scores));
  return metrics.finish()!;
}

/** [rows][classes] */
function probabilitiesOf(problem: FitProblem, scores: ScoreWeights): Float64Array[] {
  const { z, model, classes } = problem;
  return Array.from({ length: z.rows }, (_, i) => {
    if (model.loss === "softmax") return softmaxOf(Float64Array.from({ length: classes }, (_, c) => scoreOf(problem, scores, i, c)));
    const score = scoreOf(problem, scores, i, 0);
    return Float64Array.of(sigmoid(-score), sigmoid(score));
  });
}
