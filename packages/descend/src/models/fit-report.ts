/** From where a descent ended to what the user asked for: a model in the units of the table, and the evidence for it. */

import type { Descent } from "../minimize/descent.js";
import type { Solution } from "../minimize/solution.js";
import { rememberSubject, subjectOf } from "../minimize/subject.js";
import { maxNorm } from "../numeric/blas1.js";
import { studentQuantile } from "../numeric/student-quantile.js";
import type { ChosenMethod } from "./choose-method.js";
import type { ClassificationMetrics } from "./classification-metrics.js";
import { inverseInformation, type QrSolution, solveByNormalEquations, solveByQr } from "./closed-form.js";
import { activeColumns, DENSE_WORK, EXACT_ORDER, type FitCurvature } from "./curvature.js";
import { constantColumns, dependence, type Finding, separationFound } from "./fit-findings.js";
import { metricsOfClasses, metricsOfRegression } from "./fit-metrics.js";
import type { FitParams, FitProblem, SettledModel } from "./fit-problem.js";
import { type ClassificationModel, type ModelData, modelOf, type RegressionModel } from "./model.js";
import type { ClassLabel, ModelKind } from "./model-spec.js";
import { type Polish, polishByNewton } from "./newton-polish.js";
import { applyPreconditioner } from "./preconditioner.js";
import { uncertaintyOf } from "./prediction-intervals.js";
import type { RegressionMetrics } from "./regression-metrics.js";
import { type ScoreWeights, scoreWeights } from "./scores.js";
import { findSeparation } from "./separation.js";
import { type StandardErrors, standardErrors } from "./standard-errors.js";

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
  /**
   * Largest |descent − closed form| / |closed form| of a coefficient, intercept included. One that is 0 to rounding, beside the largest
   * as they act on standardized features, is compared with that.
   */
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
  findings.push(separationFound(separation, problem));
  return { ...solution, verdict: "infimum-not-attained", converged: false };
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

/** Below this share of the largest a coefficient is 0 to rounding. */
const ZERO = 1e-14;

function closedForm(
  solver: ClosedForm["solver"],
  exact: { readonly intercept: number; readonly weights: Float64Array },
  { intercept, z }: FitProblem,
  descended: RegressionModel,
): ClosedForm {
  const largest = maxNorm(exact.weights.map((weight, k) => weight * z.scales[k]!));
  const relative = (a: number, b: number, scale: number): number =>
    a === b ? 0 : Math.abs(a - b) / (Math.abs(b) * scale > ZERO * largest ? Math.abs(b) : largest / scale);
  const differences = Array.from(exact.weights, (weight, k) => relative(descended.weights[k]!, weight, z.scales[k]!));
  if (intercept) differences.push(relative(descended.intercept, exact.intercept, 1));
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
