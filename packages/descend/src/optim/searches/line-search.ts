/**
 * What a line search is: a computation along φ(α) = f(x + α·d) that asks for values and slopes at step sizes of its choice.
 *
 * It knows neither x nor d, so each is tested on functions of one variable; {@link searchAlong} puts it to work around an objective.
 */

import { laneDot, maxNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { gradientAt, type Search, type SearchPoint, valueAt } from "../search-method.js";

/** φ and φ′ at one step size. The slope is NaN where it was not asked for. */
export interface LinePoint {
  readonly stepSize: number;
  readonly value: number;
  readonly slope: number;
}

/** What a line search asks for: φ(stepSize), and φ′ if it needs the slope. */
export interface LineQuestion {
  readonly stepSize: number;
  readonly slope: boolean;
}

/** What is known before the first trial. */
export interface LineStart {
  /** φ(0), finite. */
  readonly value: number;
  /** φ′(0) < 0. */
  readonly slope: number;
  /** First trial, > 0. */
  readonly initial: number;
  /** What decrease is measured from, ≥ φ(0): above it for searches that let the objective rise for a while. Default φ(0). */
  readonly reference?: number;
  /** No trial lies beyond. Default ∞. */
  readonly maximum?: number;
}

/** Finds a step size; undefined if there is none that helps. */
export type LineSearch = (start: LineStart) => Generator<LineQuestion, LinePoint | undefined, LinePoint>;

/** A step along a line, and the point it leads to. */
export interface LineStep {
  readonly stepSize: number;
  readonly point: SearchPoint & { readonly gradient: Float64Array };
}

/**
 * Runs a line search from a point along a direction.
 *
 * @param options.initial - first trial, > 0, in units of the direction. Default 1.
 * @param options.reference - what decrease is measured from. Default: the value of the point.
 * @param options.maximum - longest trial. Default ∞.
 * @param options.box - holds every trial up to rounding, which is cut off.
 * @returns undefined if the direction does not descend, the search fails, or its step is lost in the rounding of the parameters.
 */
export function* searchAlong(
  search: LineSearch,
  { params, value, gradient }: SearchPoint,
  direction: Float64Array,
  options: { readonly initial?: number; readonly reference?: number; readonly maximum?: number; readonly box?: Box | undefined } = {},
): Search<LineStep | undefined> {
  const slope = laneDot(gradient!, direction);
  if (!(slope < 0) || !Number.isFinite(slope)) return undefined;
  const { initial = 1, reference = value, maximum = Number.POSITIVE_INFINITY, box } = options;
  const trials = search({ value, slope, initial: Math.min(initial, maximum), reference, maximum });
  let last: (SearchPoint & { readonly gradient: Float64Array }) | undefined;
  let lastStepSize = 0;
  let next = trials.next();
  while (!next.done) {
    const { stepSize, slope: asksSlope } = next.value;
    const trial = moved(params, direction, stepSize, box);
    if (asksSlope) {
      last = yield* gradientAt(trial);
      lastStepSize = stepSize;
      next = trials.next({ stepSize, value: last.value, slope: laneDot(last.gradient, direction) });
    } else {
      next = trials.next({ stepSize, value: yield* valueAt(trial), slope: Number.NaN });
    }
  }
  const accepted = next.value;
  if (accepted === undefined) return undefined;
  const { stepSize } = accepted;
  const point = lastStepSize === stepSize ? last! : yield* gradientAt(moved(params, direction, stepSize, box));
  return isMoved(point.params, params) ? { stepSize, point } : undefined;
}

function isMoved(params: Float64Array, from: Float64Array): boolean {
  for (let i = 0; i < params.length; i++) if (params[i] !== from[i]) return true;
  return false;
}

function moved(params: Float64Array, direction: Float64Array, stepSize: number, box: Box | undefined): Float64Array {
  const trial = new Float64Array(params.length);
  for (let i = 0; i < trial.length; i++) trial[i] = params[i]! + stepSize * direction[i]!;
  return box === undefined ? trial : nearestInBox(box, trial);
}

/**
 * A first trial for a direction whose length says nothing about the length of the step: it moves by a tenth of the parameters at most.
 *
 * @returns a step size ≤ 1.
 */
export function smallMove(params: Float64Array, direction: Float64Array): number {
  return Math.min(1, (0.1 * Math.max(maxNorm(params), 1)) / maxNorm(direction));
}

/** Runs a line search to its end on a function of one variable. */
export function searchedOn(
  search: LineSearch,
  start: LineStart,
  evaluate: (stepSize: number) => { readonly value: number; readonly slope: number },
): LinePoint | undefined {
  const trials = search(start);
  let next = trials.next();
  while (!next.done) {
    const { stepSize } = next.value;
    next = trials.next({ stepSize, ...evaluate(stepSize) });
  }
  return next.value;
}
