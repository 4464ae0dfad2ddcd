/**
 * Do classes separate, so that an unpenalized fit has no minimum?
 *
 * If some direction d of the parameters raises, or leaves as it is, the score of every row's own class against every other, and raises one, the loss
 * falls for ever along d: its infimum is not attained. Source: Albert, Anderson 1984, "On the existence of maximum likelihood estimates in
 * logistic regression models", theorems 1 and 2.
 */

import { maxNorm } from "../numeric/blas1.js";
import { solvePositiveDefinite } from "../numeric/cholesky.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { hessianMatrix, logLossGradient } from "./hessian.js";
import { scoreOf, scoreWeights } from "./scores.js";

export interface Separation {
  /** complete: the fit puts every row in its class. quasi-complete: some rows stay on the boundary. */
  readonly kind: "complete" | "quasi-complete";
  /** Rows whose margin grows without end. */
  readonly rows: number;
}

/** Margins of a direction may be negative by this share of the largest and count as 0: the direction is known to the accuracy of the fit. */
const BOUNDARY = 1e-4;
/** Scores below this are no sign of separation: e⁻¹² of the rows' losses remain. */
const LARGE_SCORE = 12;

/**
 * Looks for separation along the fit itself and along Newton's step from it.
 *
 * @param params - where an unpenalized fit ended, without preconditioner.
 * @returns undefined where neither direction separates.
 */
export function findSeparation(problem: FitProblem, params: FitParams): Separation | undefined {
  const margins = marginsOf(problem, params);
  if (margins.every((margin) => margin > 0)) return { kind: "complete", rows: margins.length };
  if (maxNorm(margins) < LARGE_SCORE) return undefined;
  const direction = newtonDirection(problem, params);
  if (direction === undefined) return undefined;
  const growth = marginsOf(problem, direction);
  const largest = Math.max(...growth);
  if (!(largest > 0) || growth.some((margin) => margin < -BOUNDARY * largest)) return undefined;
  const rows = growth.filter((margin) => margin > BOUNDARY * largest).length;
  return { kind: rows === growth.length ? "complete" : "quasi-complete", rows };
}

/** Score of a row's own class minus the largest of the others, of rows that count. */
function marginsOf(problem: FitProblem, params: FitParams): number[] {
  const { z, target, weights, model } = problem;
  const scores = scoreWeights(problem, params);
  const margins: number[] = [];
  for (let i = 0; i < z.rows; i++) {
    if (weights !== undefined && weights[i] === 0) continue;
    if (model.loss === "logistic") {
      margins.push((target[i] === 1 ? 1 : -1) * scoreOf(problem, scores, i, 0));
      continue;
    }
    let others = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < problem.classes; c++) if (c !== target[i]) others = Math.max(others, scoreOf(problem, scores, i, c));
    margins.push(scoreOf(problem, scores, i, target[i]!) - others);
  }
  return margins;
}

function newtonDirection(problem: FitProblem, params: FitParams): FitParams | undefined {
  const slope = logLossGradient(problem, params);
  const n = slope.length;
  const hessian = hessianMatrix(problem, params);
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, hessian[k * n + k]!);
  // Along a separating direction the curvature has all but vanished: lift the matrix just above rounding where it has to be
  for (let lift = 0; lift <= 1e-8; lift = lift === 0 ? 1e-15 : 10 * lift) {
    const lifted = hessian.map((value, at) => (at % (n + 1) === 0 ? value + lift * largest : value));
    const step = solvePositiveDefinite(
      lifted,
      n,
      slope.map((g) => -g),
    );
    if (step === undefined) continue;
    const count = n - params.weights.length;
    const weights = step.slice(count);
    if (params.intercept === undefined) return { weights };
    return { intercept: typeof params.intercept === "number" ? step[0]! : step.slice(0, count), weights };
  }
  return undefined;
}
