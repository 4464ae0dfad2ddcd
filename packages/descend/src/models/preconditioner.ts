/** Coordinates u of the weights, ω = P·u, in which the features are uncorrelated and all curvatures alike. */

import { choleskyFactor, inverseOfLower } from "../numeric/cholesky.js";
import { designMatrix, factorDesign } from "./closed-form.js";
import { activeColumns, gramMatrix } from "./curvature.js";
import type { FitParams, FitProblem } from "./fit-problem.js";

/**
 * P: the inverse factor of the design without intercept, times √m. undefined where the columns depend on each other.
 *
 * @returns [features, features] row-major; constant features keep 1.
 */
export function preconditionerOf(problem: FitProblem): Float64Array | undefined {
  const { z, weights, total, lossFactor, l2 } = problem;
  const curvature = { squared: 1, huber: 1, logistic: 1 / 4, softmax: 1 / problem.classes }[problem.model.loss];
  const penalty = (l2 * total) / (lossFactor * curvature);
  if (problem.pieces !== undefined) return preconditionerFromMoments(problem, penalty / total);
  const design = designMatrix({ ...problem, intercept: false }, (i) => (weights === undefined ? 1 : weights[i]!), penalty);
  const factored = factorDesign(design);
  if ("dependent" in factored) return undefined;
  const factor = factored.inverseFactor();
  const { width } = z;
  const matrix = new Float64Array(width * width);
  for (const k of z.constant) matrix[k * width + k] = 1;
  const root = Math.sqrt(total);
  design.active.forEach((k, j) => {
    design.active.forEach((l, c) => {
      matrix[k * width + l] = root * factor[j * design.cols + c]!;
    });
  });
  return matrix;
}

/**
 * The same from sums of squares and products, where rows come once at a time: undefined as well
 * where the condition number is above some 10⁷.
 */
function preconditionerFromMoments(problem: FitProblem, penalty: number): Float64Array | undefined {
  const { width, constant } = problem.z;
  const active = activeColumns(problem);
  const order = active.length;
  const gram = gramMatrix({ ...problem, intercept: false }, active);
  for (let k = 0; k < order; k++) gram[k * order + k]! += penalty;
  const factor = choleskyFactor(gram, order);
  const inverse = factor && inverseOfLower(factor, order);
  if (inverse === undefined) return undefined;
  const matrix = new Float64Array(width * width);
  for (const k of constant) matrix[k * width + k] = 1;
  active.forEach((k, j) => {
    active.forEach((l, c) => {
      matrix[k * width + l] = inverse[c * order + j]!;
    });
  });
  return matrix;
}

/** Params in the coordinates of the features from those of the descent. */
export function applyPreconditioner(params: FitParams, width: number, preconditioner: Float64Array | undefined): FitParams {
  if (preconditioner === undefined) return params;
  const outputs = params.weights.length / width;
  const weights = new Float64Array(params.weights.length);
  for (let k = 0; k < width; k++) {
    for (let l = 0; l < width; l++) {
      for (let o = 0; o < outputs; o++) weights[k * outputs + o]! += preconditioner[k * width + l]! * params.weights[l * outputs + o]!;
    }
  }
  return { ...params, weights };
}

/**
 * Tᵀ·H·T with T the identity on the first `first` coordinates and P on the features of the rest.
 *
 * @param hessian - [n, n] row-major.
 */
export function preconditionedHessian(
  hessian: Float64Array,
  n: number,
  first: number,
  width: number,
  preconditioner: Float64Array | undefined,
): Float64Array {
  if (preconditioner === undefined) return hessian;
  return transformRows(transpose(transformRows(hessian, n, first, width, preconditioner), n), n, first, width, preconditioner);
}

/** Tᵀ·A. */
function transformRows(a: Float64Array, n: number, first: number, width: number, preconditioner: Float64Array): Float64Array {
  const outputs = (n - first) / width;
  const result = new Float64Array(n * n);
  result.set(a.subarray(0, first * n));
  for (let k = 0; k < width; k++) {
    for (let l = 0; l < width; l++) {
      const factor = preconditioner[l * width + k]!;
      if (factor === 0) continue;
      for (let o = 0; o < outputs; o++) {
        const to = (first + k * outputs + o) * n;
        const from = (first + l * outputs + o) * n;
        for (let j = 0; j < n; j++) result[to + j]! += factor * a[from + j]!;
      }
    }
  }
  return result;
}

function transpose(a: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => a[(at % n) * n + Math.floor(at / n)]!);
}
