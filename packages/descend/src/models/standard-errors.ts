/** How far estimates would scatter in repeated samples. */

import type { InverseInformation } from "./closed-form.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { scoreOf, scoreWeights } from "./scores.js";

/** In the units of the table. */
export interface StandardErrors {
  /** null without intercept. */
  readonly intercept: number | null;
  /** [features]; null for a column that does not vary. */
  readonly weights: readonly (number | null)[];
  /** m − p for least squares; ∞ where the estimates are normal. */
  readonly degreesOfFreedom: number;
}

/**
 * √ of the diagonal of σ²·(AᵀA)⁻¹ for least squares, σ² = Σr²/(m − p), or of the inverse Hessian of the summed
 * log loss, carried to the units of the table.
 *
 * @param information - of the problem at `params`.
 * @returns undefined without degrees of freedom, m ≤ p: weights of rows count as rows.
 *
 * Source: Seber, Lee 2003, "Linear regression analysis", section 3.3; McCullagh, Nelder 1989, section 4.4.
 */
export function standardErrors(problem: FitProblem, params: FitParams, { factor, active }: InverseInformation): StandardErrors | undefined {
  const { model, z, total, intercept, targetDeviation: s } = problem;
  const shift = intercept ? 1 : 0;
  const cols = active.length + shift;
  if (model.loss === "squared" && total <= cols) return undefined;
  const degrees = model.loss === "squared" ? total - cols : Number.POSITIVE_INFINITY;
  const deviation = model.loss === "squared" ? residualDeviation(problem, params, degrees) : 1;
  const weights = new Array<number | null>(z.width).fill(null);
  // The intercept of the table is b − Σ (x̄ₖ/sₖ)·ωₖ
  const toIntercept = new Float64Array(cols).fill(1, 0, shift);
  active.forEach((k, j) => {
    const unit = new Float64Array(cols);
    unit[j + shift] = 1;
    weights[k] = (s / z.scales[k]!) * deviation * lengthThrough(factor, unit);
    toIntercept[j + shift] = -z.centers[k]! / z.scales[k]!;
  });
  return { intercept: intercept ? s * deviation * lengthThrough(factor, toIntercept) : null, weights, degreesOfFreedom: degrees };
}

/** ‖Fᵀ·v‖₂ = √(vᵀ·F·Fᵀ·v). */
function lengthThrough(factor: Float64Array, v: Float64Array): number {
  const cols = v.length;
  let squares = 0;
  for (let c = 0; c < cols; c++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += factor[j * cols + c]! * v[j]!;
    squares += sum * sum;
  }
  return Math.sqrt(squares);
}

/** √(Σr²/degrees) in the scaled unit of the target. */
export function residualDeviation(problem: FitProblem, params: FitParams, degrees: number): number {
  const { z, target, weights } = problem;
  const scores = scoreWeights(problem, params);
  let squares = 0;
  for (let i = 0; i < z.rows; i++) {
    squares += (weights === undefined ? 1 : weights[i]!) * (scoreOf(problem, scores, i, 0) - target[i]!) ** 2;
  }
  return Math.sqrt(squares / degrees);
}
