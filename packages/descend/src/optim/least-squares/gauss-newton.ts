/**
 * Gauss–Newton with step halving.
 *
 * p = argmin ‖J·p + r‖;  x ← x + t·p for the first t in 1, ½, ¼, … that lowers the sum of squares by 10⁻⁴·t of what J predicts.
 *
 * Quadratic convergence where the residuals vanish, linear elsewhere; without a trust region it can be led astray where J is nearly
 * singular, which is what Levenberg–Marquardt is for.
 *
 * Source: Dennis and Schnabel 1996, section 10.2 (the damped Gauss–Newton method).
 */

import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import type { TriangularFactor } from "../../numeric/triangular-factor.js";
import { gaussNewtonDirection } from "./damped-step.js";
import {
  gradientEnd,
  isFiniteFactor,
  type LeastSquaresAdvance,
  type LeastSquaresTolerances,
  type ResidualModel,
  reducibleNorm,
} from "./levenberg-marquardt.js";

export interface GaussNewtonState {
  readonly params: Float64Array;
  readonly factor: TriangularFactor;
  readonly steps: number;
  readonly step: Float64Array;
}

const DECREASE = 1e-4;
const MAX_HALVINGS = 50;
const EPSILON = 2 ** -52;

/** One accepted step, or the reason why there is none. */
export function gaussNewtonStep(
  before: GaussNewtonState,
  model: ResidualModel,
  tolerances: LeastSquaresTolerances,
): LeastSquaresAdvance<GaussNewtonState> {
  const { params, factor, steps } = before;
  const stationary = gradientEnd(factor, tolerances.gradient);
  if (stationary !== undefined) return { state: before, end: stationary };
  const direction = gaussNewtonDirection(factor);
  const { residualNorm } = factor;
  // Share of the sum of squares that the full step removes from the linear model
  const predicted = (reducibleNorm(factor) / residualNorm) ** 2;
  for (let halving = 0, size = 1; halving <= MAX_HALVINGS; halving++, size /= 2) {
    const moved = params.map((x, j) => x - size * direction[j]!);
    const trialNorm = model.norm(moved);
    const actual = 1 - (trialNorm / residualNorm) ** 2;
    const unresolved = predicted <= Math.max(EPSILON, tolerances.value) && Math.abs(actual) <= Math.max(EPSILON, tolerances.value);
    const accepted = actual >= 2 * DECREASE * size * predicted;
    if (!accepted && unresolved) return { state: before, end: "value-tolerance" };
    if (!accepted) continue;
    const next = model.linearize(moved);
    if (!isFiniteFactor(next)) continue;
    const step = params.map((x, j) => moved[j]! - x);
    const scaled = twoNorm(step.map((p, j) => p * next.columnNorms[j]!));
    const short = scaled <= tolerances.step * twoNorm(moved.map((x, j) => x * next.columnNorms[j]!)) || maxNorm(step) === 0;
    return {
      state: { params: moved, factor: next, steps: steps + 1, step },
      end: unresolved ? "value-tolerance" : short ? "step-tolerance" : undefined,
    };
  }
  return { state: before, end: "line-search-failed" };
}
