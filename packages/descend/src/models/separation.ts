/**
 * Do classes separate, so that an unpenalized fit has no minimum?
 *
 * If some direction d of the parameters raises, or leaves as it is, the score of every row's own class against every other, and raises one,
 * the loss falls for ever along d: its infimum is not attained. Source: Albert, Anderson 1984, "On the existence of maximum likelihood
 * estimates in logistic regression models", theorems 1 and 2.
 */

import { dot, twoNorm } from "../numeric/blas1.js";
import { nonNegativeLeastSquares } from "../numeric/non-negative-least-squares.js";
import { activeColumns } from "./curvature.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { type ScoreWeights, scoreOf, scoreWeights } from "./scores.js";

export interface Separation {
  /** complete: the fit puts every row in its class. quasi-complete: some rows stay on the boundary. */
  readonly kind: "complete" | "quasi-complete";
  /** Rows whose margin grows without end. */
  readonly rows: number;
}

/** Margins of a direction within this share of the largest are 0: a table is known to some twelve digits of its directions. */
const BOUNDARY = 1e-9;
/** A residual above this share is a direction, below it is rounding. */
const DIRECTION = 1e-9;
/** Numbers of the matrix of margins that are worth a look: 160 MB. */
const SEPARATION_SIZE = 2e7;

/**
 * Decides whether classes separate.
 *
 * Margins of all rows against all other classes are linear in the parameters, Mθ. Either some θ has Mθ ≥ 0, Mθ ≠ 0, or there are λ > 0 with
 * Mᵀλ = 0 (Stiemke 1915): λ = 1 + μ with μ ≥ 0 and Mᵀμ = −Mᵀ1, which non-negative least squares finds, or else its residual is such a θ.
 *
 * Of a table that is streamed only a separation is found that the fit itself shows.
 *
 * @param params - where an unpenalized fit ended, without preconditioner: often separation can be seen there.
 * @returns undefined where the classes overlap, so that a minimum exists.
 */
export function findSeparation(problem: FitProblem, params: FitParams): Separation | undefined {
  if (problem.pieces !== undefined) return visibleSeparation(problem, params);
  const counted = countedRows(problem);
  const fitted = scoreWeights(problem, params);
  if (counted.every((i) => marginOfFit(problem, fitted, i) > 0)) return { kind: "complete", rows: counted.length };
  const others = problem.model.loss === "logistic" ? 1 : problem.classes - 1;
  const dimension = (activeColumns(problem).length + (problem.intercept ? 1 : 0)) * others;
  if (counted.length * others * dimension > SEPARATION_SIZE) return undefined;
  const margins = marginMatrix(problem, counted, dimension);
  const sum = new Float64Array(dimension);
  for (let at = 0; at < margins.length; at++) sum[at % dimension]! -= margins[at]!;
  const found = nonNegativeLeastSquares(margins, dimension, sum);
  if (found === undefined || twoNorm(found.residual) <= DIRECTION * twoNorm(sum)) return undefined;
  // Mᵀ1 + Mᵀμ = −residual: along −residual no margin falls, and their sum grows
  const growth = Float64Array.from(
    { length: margins.length / dimension },
    (_, row) => -dot(margins.subarray(row * dimension, (row + 1) * dimension), found.residual),
  );
  const largest = Math.max(...growth);
  if (growth.some((margin) => margin < -BOUNDARY * largest)) return undefined;
  const rows = counted.filter((_, at) =>
    growth.subarray(at * others, (at + 1) * others).some((margin) => margin > BOUNDARY * largest),
  ).length;
  const all = growth.every((margin) => margin > BOUNDARY * largest);
  return { kind: all ? "complete" : "quasi-complete", rows };
}

/** Whether the fit puts every row in its class. */
function visibleSeparation(problem: FitProblem, params: FitParams): Separation | undefined {
  let rows = 0;
  for (const piece of problem.pieces!()) {
    const fitted = scoreWeights(piece, params);
    for (const i of countedRows(piece)) {
      if (!(marginOfFit(piece, fitted, i) > 0)) return undefined;
      rows++;
    }
  }
  return { kind: "complete", rows };
}

function countedRows({ z, weights }: FitProblem): number[] {
  return Array.from({ length: z.rows }, (_, i) => i).filter((i) => weights === undefined || weights[i]! > 0);
}

/** Score of a row's own class minus the largest of the others. */
function marginOfFit(problem: FitProblem, scores: ScoreWeights, i: number): number {
  const { target, model, classes } = problem;
  if (model.loss === "logistic") return (target[i] === 1 ? 1 : -1) * scoreOf(problem, scores, i, 0);
  let others = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) if (c !== target[i]) others = Math.max(others, scoreOf(problem, scores, i, c));
  return scoreOf(problem, scores, i, target[i]!) - others;
}

/**
 * Own class against each other, row by row: a = (1, z) times the difference of two unit vectors, with class 0 left out as the one whose
 * score is 0. Each of length 1. [rows · others, dimension]
 */
function marginMatrix(problem: FitProblem, counted: readonly number[], dimension: number): Float64Array {
  const { z, target, model, intercept, classes } = problem;
  const active = activeColumns(problem);
  const binary = model.loss === "logistic";
  const others = binary ? 1 : classes - 1;
  const matrix = new Float64Array(counted.length * others * dimension);
  const a = new Float64Array(active.length + (intercept ? 1 : 0)).fill(1);
  counted.forEach((i, at) => {
    active.forEach((k, j) => {
      a[j + (intercept ? 1 : 0)] = z.values[i * z.width + k]!;
    });
    const own = target[i]!;
    let place = at * others;
    const norm = twoNorm(a) || 1;
    for (let c = 0; c < (binary ? 2 : classes); c++) {
      if (c === own) continue;
      const scale = 1 / (norm * (own > 0 && c > 0 ? Math.SQRT2 : 1));
      for (const [label, sign] of [
        [own, 1],
        [c, -1],
      ] as const) {
        if (label === 0) continue;
        const first = place * dimension + (label - 1) * a.length;
        for (let j = 0; j < a.length; j++) matrix[first + j] = sign * scale * a[j]!;
      }
      place++;
    }
  });
  return matrix;
}
