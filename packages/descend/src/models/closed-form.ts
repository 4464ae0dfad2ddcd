/** Least squares and ridge without descending: another way to the same numbers. */

import { DescendError } from "../errors.js";
import { maxNorm } from "../numeric/blas1.js";
import { choleskyFactor, inverseOfLower, solvePositiveDefinite } from "../numeric/cholesky.js";
import { compensatedDot, compensatedDotParts } from "../numeric/compensated-sum.js";
import { householderQr, type QrFactorization } from "../numeric/qr.js";
import { activeColumns, gramMatrix, sumOverPieces } from "./curvature.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { hessianMatrix } from "./hessian.js";
import { lossCurvature, type ScoreWeights, scoreOf, scoreWeights } from "./scores.js";

/** The rows of a weighted least-squares problem in the coordinates of the descent: √weight·(1, z), then √penalty·I. */
export interface DesignMatrix {
  /** [rows, cols] column-major. */
  readonly matrix: Float64Array;
  readonly rows: number;
  readonly cols: number;
  /** Features that the columns after the intercept stand for. */
  readonly active: readonly number[];
}

/**
 * The design of a problem with one score.
 *
 * @param rowWeights - [rows], ≥ 0.
 * @param penalty - added rows √penalty·ω.
 */
export function designMatrix(problem: FitProblem, rowWeights: (row: number) => number, penalty: number): DesignMatrix {
  const { z, intercept } = problem;
  const active = activeColumns(problem);
  const shift = intercept ? 1 : 0;
  const cols = active.length + shift;
  const rows = z.rows + (penalty > 0 ? active.length : 0);
  const matrix = new Float64Array(rows * cols);
  for (let i = 0; i < z.rows; i++) {
    const root = Math.sqrt(rowWeights(i));
    if (intercept) matrix[i] = root;
    for (let k = 0; k < active.length; k++) matrix[(k + shift) * rows + i] = root * z.values[i * z.width + active[k]!]!;
  }
  if (penalty > 0) for (let k = 0; k < active.length; k++) matrix[(k + shift) * rows + z.rows + k] = Math.sqrt(penalty);
  return { matrix, rows, cols, active };
}

/** Factors a design; undefined, with the feature to blame, where its columns depend on each other or outnumber the rows. */
export function factorDesign(design: DesignMatrix): QrFactorization | { readonly dependent: number | undefined } {
  const { matrix, rows, cols, active } = design;
  if (rows < cols) return { dependent: undefined };
  try {
    return householderQr(matrix, rows, cols);
  } catch (error) {
    if (!(error instanceof DescendError) || error.code !== "MATRIX_SINGULAR") throw error;
    const { column } = error.details as { column: number };
    return { dependent: active[column - (cols - active.length)] };
  }
}

/**
 * The minimizer of squared losses by QR, refined, in the units of the table: intercept (0 without), then
 * weights. undefined where it is not unique.
 *
 * Standardizing rounds the table, and least squares amplifies that by up to the square of its condition number. So the solution is refined:
 * the gradient of the table as it is, computed with twice the digits, is brought to 0 by steps with the factors of QR. Source: Björck 1987,
 * "Stability analysis of the method of seminormal equations", section 3.
 */
export function solveByQr(problem: FitProblem): QrSolution | undefined {
  const { z, weights, total, lossFactor, l2, target, intercept, targetDeviation: s, targetCenter } = problem;
  const weightOf = (i: number): number => (weights === undefined ? 1 : weights[i]!);
  const penalty = (l2 * total) / lossFactor;
  const design = designMatrix(problem, weightOf, penalty);
  const factored = factorDesign(design);
  if ("dependent" in factored) return undefined;
  const right = new Float64Array(design.rows);
  for (let i = 0; i < z.rows; i++) right[i] = Math.sqrt(weightOf(i)) * target[i]!;
  const params = paramsOf(factored.solve(right).solution, design.active, z.width, intercept);
  const model = inUnitsOfTable(problem, params.intercept === undefined ? 0 : (params.intercept as number), params.weights);
  const start = { ...model, intercept: intercept ? model.intercept + targetCenter : 0 };
  const factor = factored.inverseFactor();
  return { params, ...refine(problem, start, design.active, factor, penalty / s ** 2), information: { factor, active: design.active } };
}

export interface QrSolution {
  readonly params: FitParams;
  readonly intercept: number;
  readonly weights: Float64Array;
  /** Of the design, penalty included. */
  readonly information: InverseInformation;
}

/** F of F·Fᵀ = (Aᵀ·A)⁻¹, row-major by the intercept and the features that vary. */
export interface InverseInformation {
  readonly factor: Float64Array;
  readonly active: readonly number[];
}

const REFINEMENTS = 6;

/** c = ω·s/sₖ and the shift of the intercept that goes with it. */
function inUnitsOfTable(
  { z, targetDeviation: s }: FitProblem,
  b: number,
  scaled: Float64Array,
): { intercept: number; weights: Float64Array } {
  const weights = scaled.map((weight, k) => weight * (s / z.scales[k]!));
  return { intercept: compensatedDot([s, ...weights], [b, ...z.centers.map((center) => -center)]), weights };
}

/** Newton's steps with the inverse `factor`·`factor`ᵀ while they shrink. */
function refine(
  problem: FitProblem,
  start: { intercept: number; weights: Float64Array },
  active: readonly number[],
  factor: Float64Array,
  penalty: number,
): { intercept: number; weights: Float64Array } {
  const { z, intercept, targetDeviation: s } = problem;
  const shift = intercept ? 1 : 0;
  const cols = active.length + shift;
  let current = start;
  let lastSize = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < REFINEMENTS; pass++) {
    const slope = accurateSlope(problem, current, active, penalty);
    const inner = new Float64Array(cols);
    for (let j = 0; j < cols; j++) for (let c = 0; c < cols; c++) inner[c]! += factor[j * cols + c]! * slope[j]!;
    const step = new Float64Array(cols);
    for (let j = 0; j < cols; j++) for (let c = 0; c < cols; c++) step[j]! += factor[j * cols + c]! * inner[c]!;
    const size = maxNorm(step);
    if (!(size < lastSize / 2)) break;
    lastSize = size;
    const scaled = new Float64Array(z.width);
    active.forEach((k, j) => {
      scaled[k] = step[j + shift]! / s;
    });
    const move = inUnitsOfTable(problem, intercept ? step[0]! / s : 0, scaled);
    current = { intercept: current.intercept + move.intercept, weights: current.weights.map((weight, k) => weight + move.weights[k]!) };
  }
  return current;
}

/** Aᵀ(y − prediction) − penalty·ω in the coordinates of the descent, from the table as it is, as if computed with twice the digits. */
function accurateSlope(
  problem: FitProblem,
  { intercept, weights }: { intercept: number; weights: Float64Array },
  active: readonly number[],
  penalty: number,
): Float64Array {
  const { features, rawTarget, z, weights: rowWeights } = problem;
  const columns = active.map((k) => features.columns[k]!);
  const coefficients = [1, -1, ...active.map((k) => -weights[k]!)];
  const residual = new Float64Array(z.rows);
  const rest = new Float64Array(z.rows);
  const values = new Float64Array(coefficients.length);
  for (let i = 0; i < z.rows; i++) {
    values[0] = rawTarget[i]!;
    values[1] = intercept;
    columns.forEach((column, j) => {
      values[j + 2] = column[i]!;
    });
    const [high, low] = compensatedDotParts(coefficients, values);
    const weight = rowWeights === undefined ? 1 : rowWeights[i]!;
    residual[i] = weight * high;
    rest[i] = weight * low;
  }
  const ones = new Float64Array(z.rows).fill(1);
  const product = (column: ArrayLike<number>): [number, number] => {
    const [high, low] = compensatedDotParts(column, residual);
    return [high, low + compensatedDot(column, rest)];
  };
  const [sumHigh, sumLow] = product(ones);
  const slopes = columns.map((column, j) => {
    const k = active[j]!;
    const [high, low] = product(column);
    const centered = compensatedDot([high, low, sumHigh, sumLow], [1, 1, -z.centers[k]!, -z.centers[k]!]);
    return centered / z.scales[k]! - penalty * weights[k]! * z.scales[k]! * problem.targetDeviation ** 2;
  });
  return Float64Array.from(problem.intercept ? [sumHigh + sumLow, ...slopes] : slopes);
}

/** The minimizer of squared losses by the normal equations: faster, with the square of the condition number. */
export function solveByNormalEquations(problem: FitProblem): FitParams | undefined {
  const { z, lossFactor, l2, intercept } = problem;
  const active = activeColumns(problem);
  const shift = intercept ? 1 : 0;
  const order = active.length + shift;
  const matrix = gramMatrix(problem, active);
  for (let k = shift; k < order; k++) matrix[k * order + k]! += l2 / lossFactor;
  const solution = solvePositiveDefinite(matrix, order, rightHandSide(problem, active));
  return solution === undefined ? undefined : paramsOf(solution, active, z.width, intercept);
}

/** Weighted mean of (1, z)·target over the columns in `active`. */
function rightHandSide(problem: FitProblem, active: readonly number[]): Float64Array {
  const { z, weights, total, target, intercept, pieces } = problem;
  if (pieces !== undefined) return sumOverPieces(pieces(), (piece) => rightHandSide(piece, active));
  const shift = intercept ? 1 : 0;
  const right = new Float64Array(active.length + shift);
  for (let i = 0; i < z.rows; i++) {
    const share = ((weights === undefined ? 1 : weights[i]!) * target[i]!) / total;
    if (intercept) right[0]! += share;
    for (let k = 0; k < active.length; k++) right[k + shift]! += share * z.values[i * z.width + active[k]!]!;
  }
  return right;
}

function paramsOf(solution: Float64Array, active: readonly number[], width: number, intercept: boolean): FitParams {
  const weights = new Float64Array(width);
  active.forEach((k, j) => {
    weights[k] = solution[j + (intercept ? 1 : 0)]!;
  });
  return intercept ? { intercept: solution[0]!, weights } : { weights };
}

/** Of Aᵀ·diag(weight·ℓ'')·A at `params` for one score: what standard errors come from. undefined where it is singular. */
export function inverseInformation(problem: FitProblem, params: FitParams): InverseInformation | undefined {
  const { weights } = problem;
  if (problem.pieces !== undefined) return informationFromHessian(problem, params);
  const scores: ScoreWeights = scoreWeights(problem, params);
  const curvature = (i: number): number =>
    lossCurvature(problem, scoreOf(problem, scores, i, 0), i) * (weights === undefined ? 1 : weights[i]!);
  const design = designMatrix(problem, curvature, 0);
  const factored = factorDesign(design);
  return "dependent" in factored ? undefined : { factor: factored.inverseFactor(), active: design.active };
}

/** The same from the sums that make up the Hessian, for log losses without penalty. */
function informationFromHessian(problem: FitProblem, params: FitParams): InverseInformation | undefined {
  const active = activeColumns(problem);
  const shift = problem.intercept ? 1 : 0;
  const order = active.length + shift;
  const n = problem.z.width + shift;
  const hessian = hessianMatrix(problem, params);
  const kept = [...Array.from({ length: shift }, (_, i) => i), ...active.map((k) => k + shift)];
  const scale = problem.total / problem.lossFactor;
  const matrix = Float64Array.from(
    { length: order * order },
    (_, at) => scale * hessian[kept[Math.floor(at / order)]! * n + kept[at % order]!]!,
  );
  const lower = choleskyFactor(matrix, order);
  if (lower === undefined) return undefined;
  const inverse = inverseOfLower(lower, order);
  const factor = Float64Array.from({ length: order * order }, (_, at) => inverse[(at % order) * order + Math.floor(at / order)]!);
  return { factor, active };
}
