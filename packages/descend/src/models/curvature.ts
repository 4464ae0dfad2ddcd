/**
 * Curvature of a fit before its first step: what it says about learning rates and numbers of steps.
 *
 * For losses ℓ of a score, J'' = lossFactor·mean(ℓ''·a·aᵀ) + l2 with a = (1, z) and ℓ'' ≤ ℓ''max: 1 for squares and Huber, 1/4 for
 * logistic, 1/2 for softmax. So the eigenvalues of the table's Gram matrix bound the curvature everywhere.
 */

import { lanczos } from "../numeric/lanczos.js";
import { threefryUniform } from "../numeric/random.js";
import { symmetricEigen } from "../numeric/symmetric-eigen.js";
import type { FitProblem } from "./fit-problem.js";

export interface FitCurvature {
  /**
   * A bound that no curvature exceeds anywhere: attained for squares everywhere, for logistic at the
   * start. In units of J per squared parameter.
   */
  readonly largest: number;
  /** The smallest curvature at the start; 0 where features depend on each other and nothing is penalized. */
  readonly smallest: number;
  /** largest/smallest; null where that is infinite. */
  readonly conditionNumber: number | null;
  /** 2/largest: gradient descent with full batches descends below it. */
  readonly stableLearningRate: number;
  /** Steps of gradient descent at its best constant rate to shrink the error 10⁸ times; null where the smallest curvature is 0. */
  readonly gradientDescentSteps: number | null;
  /** The same for the method in use, where theory has a number: an order of magnitude. */
  readonly predictedSteps: number | null;
  /** "exact" by all eigenvalues of the Gram matrix; "lanczos" by products with it: `smallest` is then an upper estimate. */
  readonly source: "exact" | "lanczos";
}

/** Multiplications worth spending on a matrix of the whole table: about a second. */
export const DENSE_WORK = 4e8;
/**
 * Order up to which the Gram matrix is made and has all its eigenvalues computed: it costs no more than the products Lanczos would take.
 */
export const EXACT_ORDER = 129;
const LANCZOS_PRODUCTS = 60;
const BLOCK_ROWS = 256;
/** Curvatures below this share of the largest are rounding. */
export const RANK_TOLERANCE = 1e-13;
/** ln of how much the error is to shrink, for predictions of steps. */
const SHRINKAGE = Math.log(1e8);

/** Curvature, with the smallest one that is more than rounding. */
export interface MeasuredCurvature extends FitCurvature {
  readonly smallestPositive: number;
}

/** Measures the curvature of a problem; `predictedSteps` is left to {@link predictSteps}. */
export function measureCurvature(problem: FitProblem): MeasuredCurvature {
  const { intercept, lossFactor, l2, model, classes } = problem;
  const active = activeColumns(problem);
  const order = active.length + (intercept ? 1 : 0);
  // At the start all classes are equally likely: p(1 − p) = 1/4 of two, and 1/K of K in the coordinates of softmax
  const bound = { squared: 1, huber: 1, logistic: 1 / 4, softmax: 1 / 2 }[model.loss] * lossFactor;
  const atStart = model.loss === "softmax" ? lossFactor / classes : bound;
  const exact = order <= EXACT_ORDER;
  let lowest: number;
  let lowestPositive: number;
  let highest: number;
  if (exact) {
    const gram = gramMatrix(problem, active);
    const eigenvalues = (factor: number): Float64Array => {
      const matrix = gram.map((value) => factor * value);
      for (let k = intercept ? 1 : 0; k < order; k++) matrix[k * order + k]! += l2;
      return symmetricEigen(matrix, order).values;
    };
    const values = eigenvalues(atStart);
    highest = atStart === bound ? values.at(-1)! : eigenvalues(bound).at(-1)!;
    lowest = values[0]!;
    lowestPositive = values.find((value) => value > RANK_TOLERANCE * highest)!;
  } else {
    const start = Float64Array.from({ length: order }, (_, i) => 2 * threefryUniform(0, 0xc0ef, i) - 1);
    const multiply = gramProduct(problem, active, atStart);
    const { values, bounds } = lanczos(multiply, start, LANCZOS_PRODUCTS);
    highest = ((values.at(-1)! + bounds.at(-1)!) * bound) / atStart;
    lowest = values[0]!;
    lowestPositive = values.find((value) => value > RANK_TOLERANCE * highest)!;
  }
  const smallest = lowest > RANK_TOLERANCE * highest ? lowest : 0;
  const conditionNumber = smallest > 0 ? highest / smallest : null;
  return {
    largest: highest,
    smallest,
    smallestPositive: lowestPositive,
    conditionNumber,
    stableLearningRate: 2 / highest,
    gradientDescentSteps: conditionNumber === null ? null : contractionSteps(conditionNumber),
    predictedSteps: null,
    source: exact ? "exact" : "lanczos",
  };
}

/**
 * Steps until the error has shrunk 10⁸ times, by theory for quadratics: (κ−1)/(κ+1) a step for gradient descent,
 * (√κ−1)/(√κ+1) with momentum at its best. L-BFGS builds up the inverse Hessian: by experience within three steps a
 * parameter, if the rate with momentum is not better still.
 */
export function predictSteps(method: string, { conditionNumber }: FitCurvature, parameters: number): number | null {
  if (conditionNumber === null) return null;
  if (method === "gradientDescent") return contractionSteps(conditionNumber);
  const accelerated = contractionSteps(Math.sqrt(conditionNumber));
  if (method === "momentum" || method === "nesterov" || method === "proximalGradient") return accelerated;
  if (method === "lbfgs") return Math.min(3 * parameters, accelerated);
  return null;
}

function contractionSteps(condition: number): number {
  return condition <= 1 + 1e-9 ? 1 : Math.ceil(SHRINKAGE / Math.log1p(2 / (condition - 1)));
}

/** Indices of the columns that vary. */
export function activeColumns({ z }: FitProblem): number[] {
  const constant = new Set(z.constant);
  return Array.from({ length: z.width }, (_, k) => k).filter((k) => !constant.has(k));
}

/** Weighted mean of a·aᵀ with a = (1, z) or z over the columns in `active`, [order, order]. */
export function gramMatrix(problem: FitProblem, active: readonly number[]): Float64Array {
  const { total, intercept, pieces } = problem;
  const shift = intercept ? 1 : 0;
  const order = active.length + shift;
  const gram = new Float64Array(order * order);
  if (pieces === undefined) addToGram(gram, problem, active);
  else for (const piece of pieces()) addToGram(gram, { ...piece, intercept }, active);
  for (let j = 0; j < order; j++) {
    for (let k = 0; k <= j; k++) {
      gram[j * order + k]! /= total;
      gram[k * order + j] = gram[j * order + k]!;
    }
  }
  return gram;
}

/** Adds the weighted sum of a·aᵀ to the lower triangle. Pieces of whole blocks give the bits of all rows at once. */
function addToGram(gram: Float64Array, { z, weights, intercept }: FitProblem, active: readonly number[]): void {
  const shift = intercept ? 1 : 0;
  const order = active.length + shift;
  // Columns of a block of rows at a time, so that inner loops run along memory
  const columns = Array.from({ length: order }, () => new Float64Array(BLOCK_ROWS).fill(1));
  const weighted = new Float64Array(BLOCK_ROWS);
  for (let first = 0; first < z.rows; first += BLOCK_ROWS) {
    const length = Math.min(BLOCK_ROWS, z.rows - first);
    active.forEach((column, k) => {
      const target = columns[k + shift]!;
      for (let i = 0; i < length; i++) target[i] = z.values[(first + i) * z.width + column]!;
    });
    for (let j = 0; j < order; j++) {
      const left = columns[j]!;
      for (let i = 0; i < length; i++) weighted[i] = left[i]! * (weights === undefined ? 1 : weights[first + i]!);
      for (let k = 0; k <= j; k++) {
        const right = columns[k]!;
        let sum = 0;
        for (let i = 0; i < length; i++) sum += weighted[i]! * right[i]!;
        gram[j * order + k]! += sum;
      }
    }
  }
}

/** The sum of arrays of one length. */
export function sumOverPieces(pieces: Iterable<FitProblem>, part: (piece: FitProblem) => Float64Array): Float64Array {
  let sum: Float64Array | undefined;
  for (const piece of pieces) {
    const values = part(piece);
    if (sum === undefined) sum = values;
    else for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  }
  return sum!;
}

/** v ↦ factor·Gram·v + l2·v without the matrix. */
function gramProduct(problem: FitProblem, active: readonly number[], factor: number): (v: Float64Array) => Float64Array {
  const { z, weights, total, intercept, l2, pieces } = problem;
  const shift = intercept ? 1 : 0;
  if (pieces !== undefined) {
    return (v) => {
      const product = sumOverPieces(pieces(), (piece) => gramProduct(piece, active, factor)(v));
      for (let k = shift; k < v.length; k++) product[k]! += l2 * v[k]!;
      return product;
    };
  }
  return (v) => {
    const product = new Float64Array(v.length);
    for (let i = 0; i < z.rows; i++) {
      const base = i * z.width;
      let score = intercept ? v[0]! : 0;
      for (let k = 0; k < active.length; k++) score += v[k + shift]! * z.values[base + active[k]!]!;
      score *= (factor * (weights === undefined ? 1 : weights[i]!)) / total;
      if (intercept) product[0]! += score;
      for (let k = 0; k < active.length; k++) product[k + shift]! += score * z.values[base + active[k]!]!;
    }
    for (let k = shift; k < v.length; k++) product[k]! += l2 * v[k]!;
    return product;
  };
}
