/** The Hessian of the smooth part of a fit from its rows, on plain arrays: for what is looked at after the descent. */

import { contrasts } from "./contrasts.js";
import { sumOverPieces } from "./curvature.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { lossCurvature, scoreOf, scoreWeights, softmaxOf } from "./scores.js";

/**
 * ∂²J at `params`, [n, n] row-major in the order of the flat parameters: intercepts, then weights by feature and output.
 *
 * Cost: rows·n² multiplications; n is at most a few hundred where this is called.
 */
export function hessianMatrix(problem: FitProblem, params: FitParams): Float64Array {
  const { z, weights, total, intercept, outputs, classes, model, lossFactor, l2, pieces } = problem;
  if (pieces !== undefined) {
    const sum = sumOverPieces(pieces(), (piece) => hessianMatrix(piece, params));
    const n = Math.sqrt(sum.length);
    for (let j = n - z.width * outputs; j < n; j++) sum[j * n + j]! += l2;
    return sum;
  }
  const scores = scoreWeights(problem, params);
  const count = scores.intercepts.length;
  // Scores depend on intercepts through `basis` and on weights through `basis` or directly
  const basis = model.loss === "softmax" ? contrasts(classes) : [[1]];
  const identity = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => (i === j ? 1 : 0)));
  const throughWeights = outputs === count ? identity : basis;
  const interceptCount = intercept ? basis[0]!.length : 0;
  const n = interceptCount + z.width * outputs;
  const hessian = new Float64Array(n * n);
  // Jacobian of the scores of one row, [count][n], and H_f·Jacobian
  const jacobian = Array.from({ length: count }, () => new Float64Array(n));
  const curved = Array.from({ length: count }, () => new Float64Array(n));
  for (let i = 0; i < z.rows; i++) {
    const f = Float64Array.from({ length: count }, (_, c) => scoreOf(problem, scores, i, c));
    const share = (lossFactor * (weights === undefined ? 1 : weights[i]!)) / total;
    for (let c = 0; c < count; c++) {
      const row = jacobian[c]!;
      for (let j = 0; j < interceptCount; j++) row[j] = basis[c]![j]!;
      for (let k = 0; k < z.width; k++) {
        const value = z.values[i * z.width + k]!;
        for (let o = 0; o < outputs; o++) row[interceptCount + k * outputs + o] = throughWeights[c]![o]! * value;
      }
    }
    if (count === 1) {
      const curvature = share * lossCurvature(problem, f[0]!, i);
      for (let j = 0; j < n; j++) curved[0]![j] = curvature * jacobian[0]![j]!;
    } else {
      const p = softmaxOf(f);
      for (let j = 0; j < n; j++) {
        let mean = 0;
        for (let c = 0; c < count; c++) mean += p[c]! * jacobian[c]![j]!;
        for (let c = 0; c < count; c++) curved[c]![j] = share * p[c]! * (jacobian[c]![j]! - mean);
      }
    }
    for (let c = 0; c < count; c++) {
      const left = jacobian[c]!;
      const right = curved[c]!;
      for (let j = 0; j < n; j++) {
        const value = left[j]!;
        if (value === 0) continue;
        for (let k = 0; k <= j; k++) hessian[j * n + k]! += value * right[k]!;
      }
    }
  }
  for (let j = 0; j < n; j++) {
    if (j >= interceptCount) hessian[j * n + j]! += l2;
    for (let k = j + 1; k < n; k++) hessian[j * n + k] = hessian[k * n + j]!;
  }
  return hessian;
}
