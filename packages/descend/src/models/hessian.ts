/** The Hessian of the smooth part of a fit from its rows, on plain arrays: for what is looked at after the descent. */

import { contrasts } from "./contrasts.js";
import { sumOverPieces } from "./curvature.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { lossCurvature, scoreOf, scoreWeights, softmaxOf } from "./scores.js";

/**
 * ∂²J at `params`, [n, n] row-major in the order of the flat parameters: intercepts, then weights by feature and output.
 *
 * With M the map from intercepts and from the weights of one feature to scores, and F the curvature of a row's loss in its scores, a row
 * adds G = Mᵀ·F·M times products of (1, z): Σ z̃ₖ·z̃ₗ·G.
 *
 * Cost: rows·n²/2 multiplications; n is at most a few hundred where this is called.
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
  const first = intercept ? basis[0]!.length : 0;
  const map = Float64Array.from(
    basis.flatMap((row, c) => [...row.slice(0, first), ...(outputs === count ? basis.map((_, o) => (o === c ? 1 : 0)) : row)]),
  );
  const n = first + z.width * outputs;
  const hessian = new Float64Array(n * n);
  const f = new Float64Array(count);
  const g = new Float64Array((first + outputs) ** 2);
  for (let i = 0; i < z.rows; i++) {
    for (let c = 0; c < count; c++) f[c] = scoreOf(problem, scores, i, c);
    const share = (lossFactor * (weights === undefined ? 1 : weights[i]!)) / total;
    if (count === 1) g.fill(share * lossCurvature(problem, f[0]!, i));
    else softmaxCurvature(g, map, softmaxOf(f), share);
    addRow(hessian, g, z.values.subarray(i * z.width, (i + 1) * z.width), first, outputs);
  }
  for (let j = 0; j < n; j++) {
    if (j >= first) hessian[j * n + j]! += l2;
    for (let k = j + 1; k < n; k++) hessian[j * n + k] = hessian[k * n + j]!;
  }
  return hessian;
}

/** share·Mᵀ·(diag(p) − p·pᵀ)·M. */
function softmaxCurvature(g: Float64Array, map: Float64Array, p: Float64Array, share: number): void {
  const d = map.length / p.length;
  for (let b = 0; b < d; b++) {
    let mean = 0;
    for (let c = 0; c < p.length; c++) mean += p[c]! * map[c * d + b]!;
    for (let a = 0; a < d; a++) {
      let sum = 0;
      for (let c = 0; c < p.length; c++) sum += map[c * d + a]! * p[c]! * (map[c * d + b]! - mean);
      g[a * d + b] = share * sum;
    }
  }
}

/** Adds z̃ₖ·z̃ₗ·G to the lower triangle: G once for the intercepts, and once for each pair of features. */
function addRow(hessian: Float64Array, g: Float64Array, z: Float64Array, first: number, outputs: number): void {
  const n = first + z.length * outputs;
  const d = first + outputs;
  for (let a = 0; a < first; a++) for (let b = 0; b <= a; b++) hessian[a * n + b]! += g[a * d + b]!;
  for (let k = 0; k < z.length; k++) {
    const value = z[k]!;
    if (value === 0) continue;
    for (let o = 0; o < outputs; o++) {
      const row = (first + k * outputs + o) * n;
      const from = (first + o) * d;
      for (let b = 0; b < first; b++) hessian[row + b]! += value * g[from + b]!;
      for (let other = 0; other < outputs; other++) {
        const factor = value * g[from + first + other]!;
        let at = row + first + other;
        for (let l = 0; l <= k; l++, at += outputs) hessian[at]! += factor * z[l]!;
      }
    }
  }
}
