/**
 * Levenberg–Marquardt for sums of squares, as a trust-region method.
 *
 * p = argmin ‖J·p + r‖ subject to ‖D·p‖ ≤ Δ;  x ← x + p if the sum of squares falls by at least 10⁻⁴ of what J predicts.
 *
 * D holds the largest column norms of J so far, so the method does not depend on the units of the parameters; Δ grows and shrinks with the
 * ratio of actual to predicted fall.
 *
 * Source: Moré 1978, "The Levenberg–Marquardt algorithm: implementation and theory"; MINPACK `lmder`. We deviate in the tests that end it
 * (see {@link LeastSquaresTolerances}), in a trial that is not finite counting as infinitely large, and in an initial Δ that may be told.
 */

import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import { rankOf, type TriangularFactor } from "../../numeric/triangular-factor.js";
import { dampedStep } from "./damped-step.js";

/** Residuals r(x), [m], as a method sees them: only through their norm and the triangle of their derivatives. */
export interface ResidualModel {
  /** ‖r(x)‖₂; may be NaN or infinite. */
  norm(params: Float64Array): number;
  /** The factor of J(x) and r(x); entries may be NaN or infinite. */
  linearize(params: Float64Array): TriangularFactor;
}

export interface LeastSquaresTolerances {
  /** ‖Qᵀr‖ ≤ this × ‖r‖: the share of the residual that a linear step can still remove. */
  readonly gradient: number;
  /** ‖D·p‖ ≤ this × ‖D·x‖, or a trust region as small. */
  readonly step: number;
  /** Predicted and actual fall of the sum of squares ≤ this × the sum. */
  readonly value: number;
}

/** Plain data; {@link factor} belongs to `params`. */
export interface LevenbergMarquardtState {
  readonly params: Float64Array;
  readonly factor: TriangularFactor;
  /** D, [n]. */
  readonly scale: Float64Array;
  /** Δ. Until the first step it is the initial radius. */
  readonly radius: number;
  /** λ of the last step. */
  readonly damping: number;
  /** Steps taken. */
  readonly steps: number;
  /** p of the last step, [n]. */
  readonly step: Float64Array;
}

export type LeastSquaresEnd = "gradient-tolerance" | "step-tolerance" | "value-tolerance" | "line-search-failed" | "non-finite-gradient";

export interface LeastSquaresAdvance<S> {
  readonly state: S;
  /** Why the method ends here; undefined if it can go on. */
  readonly end: LeastSquaresEnd | undefined;
}

/** Smallest ratio of actual to predicted fall that is accepted. */
const ACCEPTED = 1e-4;
/** Trials of a step; each shrinks Δ to a half at most, so the numbers end before. */
const MAX_TRIALS = 2000;
const EPSILON = 2 ** -52;

/**
 * The state at the start.
 *
 * @param radius - Δ₀ relative to ‖D·x₀‖ (to ‖r‖, which has the same unit, where that is 0), > 0. MINPACK's default is 100; here 1.
 */
export function startLevenbergMarquardt(params: Float64Array, factor: TriangularFactor, radius = 1): LevenbergMarquardtState {
  const scale = factor.columnNorms.map((norm) => (norm > 0 ? norm : 1));
  const length = scaledNorm(scale, params);
  return {
    params,
    factor,
    scale,
    radius: length > 0 ? radius * length : radius,
    damping: 0,
    steps: 0,
    step: new Float64Array(params.length),
  };
}

/** One accepted step, however many trials it takes, or the reason why there is none. */
export function levenbergMarquardtStep(
  before: LevenbergMarquardtState,
  model: ResidualModel,
  tolerances: LeastSquaresTolerances,
): LeastSquaresAdvance<LevenbergMarquardtState> {
  const { params, factor, steps } = before;
  const stationary = gradientEnd(factor, tolerances.gradient);
  if (stationary !== undefined) return { state: before, end: stationary };
  const { residualNorm } = factor;
  const n = params.length;
  const scale = before.scale.map((s, j) => Math.max(s, factor.columnNorms[j]!));
  const paramsNorm = scaledNorm(scale, params);
  let { radius, damping } = before;
  for (let trials = 1; ; trials++) {
    const trial = dampedStep(factor, scale, radius, damping);
    damping = trial.damping;
    const moved = new Float64Array(n);
    for (let j = 0; j < n; j++) moved[j] = params[j]! + trial.step[j]!;
    const { scaledNorm: length } = trial;
    if (steps === 0) radius = Math.min(radius, length);

    const computed = model.norm(moved);
    const trialNorm = Number.isNaN(computed) ? Number.POSITIVE_INFINITY : computed;
    // Fall of the sum of squares, relative to the sum: as it is, and as the linear model has it
    const actual = 0.1 * trialNorm < residualNorm ? 1 - (trialNorm / residualNorm) ** 2 : -1;
    const linear = linearChange(factor, trial.step) / residualNorm;
    const penalty = (Math.sqrt(damping) * length) / residualNorm;
    const predicted = linear * linear + 2 * penalty * penalty;
    const slope = -(linear * linear + penalty * penalty);
    // Near the smallest numbers either may be no number at all
    const ratio = predicted > 0 && predicted < Number.POSITIVE_INFINITY ? actual / predicted : 0;

    if (ratio <= 0.25) {
      let shrink = actual >= 0 ? 0.5 : (0.5 * slope) / (slope + 0.5 * actual);
      if (0.1 * trialNorm >= residualNorm || !(shrink >= 0.1)) shrink = 0.1;
      radius = shrink * Math.min(radius, 10 * length);
      damping /= shrink;
    } else if (damping === 0 || ratio >= 0.75) {
      radius = 2 * length;
      damping *= 0.5;
    }

    const accepted = ratio >= ACCEPTED;
    const negligible = Math.abs(actual) <= tolerances.value && predicted <= tolerances.value && 0.5 * ratio <= 1;
    const unresolved = Math.abs(actual) <= EPSILON && predicted <= EPSILON && 0.5 * ratio <= 1;
    const current = accepted ? scaledNorm(scale, moved) : paramsNorm;
    const short = radius <= Math.max(tolerances.step, EPSILON) * current;
    const end =
      negligible || unresolved ? "value-tolerance" : short || radius === 0 || trials === MAX_TRIALS ? "step-tolerance" : undefined;
    if (accepted) {
      const next = model.linearize(moved);
      if (isFiniteFactor(next)) {
        return { state: { params: moved, factor: next, scale, radius, damping, steps: steps + 1, step: trial.step }, end };
      }
      // A point without derivatives is no place to go
      radius = 0.1 * length;
      damping = 0;
      if (radius <= EPSILON * paramsNorm || trials === MAX_TRIALS) return { state: before, end: "non-finite-gradient" };
    } else if (end !== undefined) return { state: { ...before, scale, radius, damping }, end };
  }
}

/** Whether nothing is left to gain: r = 0, or r orthogonal to the columns of J. */
export function gradientEnd(factor: TriangularFactor, tolerance: number): LeastSquaresEnd | undefined {
  return factor.residualNorm === 0 || reducibleNorm(factor) <= tolerance * factor.residualNorm ? "gradient-tolerance" : undefined;
}

/** ‖Qᵀr‖₂ over the range of J: what a linear step can still remove from r. */
export function reducibleNorm(factor: TriangularFactor): number {
  return twoNorm(factor.transformed.subarray(0, rankOf(factor)));
}

/** ‖J·p‖₂ = ‖R·Pᵀp‖₂. */
function linearChange({ n, triangle, order }: TriangularFactor, step: Float64Array): number {
  const out = new Float64Array(n);
  for (let k = 0; k < n; k++) for (let j = k; j < n; j++) out[k]! += triangle[k * n + j]! * step[order[j]!]!;
  return twoNorm(out);
}

function scaledNorm(scale: Float64Array, params: Float64Array): number {
  return twoNorm(params.map((x, j) => x * scale[j]!));
}

export function isFiniteFactor({ columnNorms, residualNorm, transformed }: TriangularFactor): boolean {
  return Number.isFinite(maxNorm(columnNorms)) && Number.isFinite(residualNorm) && Number.isFinite(maxNorm(transformed));
}
