/** A linear model fitted by descent, judged on rows it has not seen, and checked against the closed form. */

import {
  createDescent,
  DescendError,
  type LinearModel,
  leastSquaresByQr,
  linearLeastSquares,
  methodCatalogue,
  predictLinear,
  type RegressionMetrics,
  regressionMetrics,
  type Solution,
} from "descend";
import { descendWithProgress } from "./descend-with-progress.js";
import { type Prepared, pick } from "./prepare.js";

export interface FitSettings {
  readonly method?: string | undefined;
  readonly learningRate?: number | undefined;
  readonly maxSteps?: number | undefined;
  readonly seed: number;
}

export interface ClosedForm {
  readonly model: LinearModel;
  /** Largest relative difference of a coefficient, intercept included, between descent and closed form. */
  readonly largestDifference: number;
}

/** Something a reader of the result should know. */
export interface Finding {
  readonly code: string;
  readonly severity: "info" | "warning";
  readonly message: string;
  readonly columns?: readonly string[];
}

export interface LinearFit {
  readonly model: LinearModel;
  readonly solution: Solution<unknown>;
  readonly interrupted: boolean;
  /** The learning rate in force, if the method has one and it was given or derived from the curvature. */
  readonly learningRate: number | undefined;
  /** Largest over smallest curvature of the standardized problem; Infinity where columns depend on each other. */
  readonly conditionNumber: number | undefined;
  readonly train: RegressionMetrics;
  /** null without test rows. */
  readonly test: RegressionMetrics | null;
  /** Absent where the columns depend on each other or outnumber the rows. */
  readonly closedForm: ClosedForm | undefined;
  readonly findings: readonly Finding[];
}

/** Curvatures below this share of the largest are rounding: the columns depend on each other. */
const RANK_TOLERANCE = 1e-13;
/** ‖g‖∞ relative to the start at which a fit ends: coefficients then have about 12 digits less those of the condition number. */
const GRADIENT_TOLERANCE = 1e-13;

export async function fitLinear(prepared: Prepared, settings: FitSettings): Promise<LinearFit> {
  const { rows, features } = prepared;
  const trainColumns = prepared.featureValues.map((values) => pick(values, rows.train));
  const trainTarget = pick(prepared.targetValues, rows.train);
  const problem = linearLeastSquares(trainColumns, trainTarget);
  const learningRate = settings.learningRate ?? curvatureLearningRate(settings.method, problem.curvatures);
  const descent = createDescent(problem.objective, problem.start, {
    data: problem.data,
    method: settings.method,
    learningRate,
    maxSteps: settings.maxSteps,
    seed: settings.seed,
    stopping: { relativeGradientTolerance: GRADIENT_TOLERANCE },
  });
  const { solution, interrupted } = await descendWithProgress(descent, settings.maxSteps);
  // The tests looked at the last point. The best one seen is as low to rounding, and with momentum that rounding hides half the digits
  const model = problem.modelOf(solution.converged ? descent.params : solution.params);
  const findings: Finding[] = [];
  const closedForm = solveClosedForm(trainColumns, trainTarget, model, features, findings);
  return {
    model,
    solution,
    interrupted,
    learningRate,
    conditionNumber: conditionNumberOf(problem.curvatures),
    train: metricsOf(model, prepared, rows.train),
    test: rows.test.length === 0 ? null : metricsOf(model, prepared, rows.test),
    closedForm,
    findings,
  };
}

/**
 * The learning rate of plain rules, from the largest and smallest curvature L and μ: 2/(L + μ) is the best constant one for gradient descent
 * (contraction (κ−1)/(κ+1)); 1/L is stable with momentum. Undefined leaves the choice to the method.
 */
function curvatureLearningRate(method: string | undefined, curvatures: Float64Array | undefined): number | undefined {
  if (method === undefined || curvatures === undefined) return undefined;
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, "");
  const record = methodCatalogue.find(({ name, aliases }) => [name, ...aliases].some((known) => plain(known) === plain(method)));
  const largest = curvatures.at(-1)!;
  if (record?.name === "gradientDescent") return 2 / (largest + smallestCurvature(curvatures));
  return record?.name === "momentum" || record?.name === "nesterov" ? 1 / largest : undefined;
}

/** The smallest curvature that is more than rounding. */
function smallestCurvature(curvatures: Float64Array): number {
  return curvatures.find((curvature) => curvature > RANK_TOLERANCE * curvatures.at(-1)!)!;
}

function conditionNumberOf(curvatures: Float64Array | undefined): number | undefined {
  if (curvatures === undefined) return undefined;
  return curvatures[0]! <= RANK_TOLERANCE * curvatures.at(-1)! ? Number.POSITIVE_INFINITY : curvatures.at(-1)! / curvatures[0]!;
}

function metricsOf(model: LinearModel, prepared: Prepared, rows: Int32Array): RegressionMetrics {
  return regressionMetrics(pick(prepared.targetValues, rows), predictLinear(model, prepared.featureValues, rows));
}

/** Householder QR on the raw columns and a column of ones: another way to the same numbers. */
function solveClosedForm(
  columns: readonly Float64Array[],
  target: Float64Array,
  descended: LinearModel,
  names: readonly string[],
  findings: Finding[],
): ClosedForm | undefined {
  const rows = target.length;
  const cols = columns.length + 1;
  if (rows < cols) {
    findings.push({
      code: "UNDERDETERMINED",
      severity: "warning",
      message: `${cols} coefficients from ${rows} rows: many models fit these rows equally well; this one has the smallest standardized weights.`,
    });
    return undefined;
  }
  const matrix = new Float64Array(rows * cols).fill(1, 0, rows);
  columns.forEach((column, k) => {
    matrix.set(column, (k + 1) * rows);
  });
  try {
    const { solution } = leastSquaresByQr(matrix, rows, cols, target);
    const model: LinearModel = { intercept: solution[0]!, weights: solution.subarray(1) };
    const differences = Array.from(model.weights, (weight, k) => Math.abs(descended.weights[k]! - weight) / Math.abs(weight));
    differences.push(Math.abs(descended.intercept - model.intercept) / Math.abs(model.intercept));
    return { model, largestDifference: Math.max(...differences.map((difference) => (Number.isNaN(difference) ? 0 : difference))) };
  } catch (error) {
    if (!(error instanceof DescendError) || error.code !== "MATRIX_SINGULAR") throw error;
    const { column } = error.details as { column: number };
    const name = column === 0 ? "the intercept" : names[column - 1]!;
    findings.push({
      code: "DEPENDENT_COLUMNS",
      severity: "warning",
      message: `${name} is a combination of the other columns: predictions are determined, single coefficients are not.`,
      columns: column === 0 ? [] : [name],
    });
    return undefined;
  }
}
