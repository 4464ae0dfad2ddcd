/**
 * Gradients estimated from values at random points: two values for any number of parameters, and noise in return.
 *
 * Both look at pairs x ± d and are exact in the mean up to order ‖d‖²; what one estimate tells is the slope along one random direction.
 * The draws are a function of seed and `draw`, so an estimate can be repeated.
 */

import { OptionError } from "../errors.js";
import { maxNorm } from "../numeric/blas1.js";
import { type Box, nearestInBox } from "../numeric/box.js";
import { threefryUniform } from "../numeric/random.js";
import type { VectorFunction } from "./noise-level.js";

export interface EstimatedGradientOptions {
  /** Length of the perturbation of each coordinate, relative to max(1, ‖x‖∞), > 0. Default 1e-4 for SPSA, 1e-3 for smoothing. */
  readonly size?: number;
  /** Pairs of points whose estimates are averaged, whole, ≥ 1. Default 1 for SPSA, 8 for smoothing. */
  readonly pairs?: number;
  /** Whole, ≥ 0. Default 0. */
  readonly seed?: number;
  /** Number of the estimate: each has draws of its own. Whole, ≥ 0. Default 0. */
  readonly draw?: number;
  /** No point lies outside of it. A pair around a point near a face is moved inside. */
  readonly box?: Box;
}

/** How a gradient is estimated: what a user passes as `gradient`. */
export interface GradientEstimator extends Pick<EstimatedGradientOptions, "size" | "pairs"> {
  readonly kind: "estimator";
  readonly name: "spsa" | "gaussian-smoothing";
}

/**
 * Gradients by {@link spsaGradient}.
 *
 * @param options.size - perturbation of each coordinate relative to max(1, ‖x‖∞), > 0. Default 1e-4.
 * @param options.pairs - pairs of points averaged, whole, ≥ 1. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function spsa(options: Pick<EstimatedGradientOptions, "size" | "pairs"> = {}): GradientEstimator {
  return estimator("spsa", options);
}

/**
 * Gradients by {@link smoothedGradient}.
 *
 * @param options.size - σ relative to max(1, ‖x‖∞), > 0: what is narrower is smoothed away. Default 1e-3.
 * @param options.pairs - pairs of points averaged, whole, ≥ 1. Default 8.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function gaussianSmoothing(options: Pick<EstimatedGradientOptions, "size" | "pairs"> = {}): GradientEstimator {
  return estimator("gaussian-smoothing", options);
}

/** The estimate of a kind at a point; arguments as for the functions named by it. */
export function estimatedGradient(
  { name, size, pairs }: GradientEstimator,
  f: VectorFunction,
  x: ArrayLike<number>,
  options: Pick<EstimatedGradientOptions, "seed" | "draw" | "box"> = {},
): EstimatedGradient {
  const given = { ...(size === undefined ? {} : { size }), ...(pairs === undefined ? {} : { pairs }), ...options };
  return name === "spsa" ? spsaGradient(f, x, given) : smoothedGradient(f, x, given);
}

function estimator(name: GradientEstimator["name"], options: Pick<EstimatedGradientOptions, "size" | "pairs">): GradientEstimator {
  const { size, pairs } = options;
  if (size !== undefined) checkSize(size);
  if (pairs !== undefined) checkPairs(pairs);
  return { kind: "estimator", name, ...options };
}

export interface EstimatedGradient {
  readonly gradient: Float64Array;
  /** Calls of f: two a pair. */
  readonly evaluations: number;
}

const SPSA_STREAM = 0x5b5a;
const SMOOTHING_STREAM = 0x6a55;

/**
 * Simultaneous perturbation: g ≈ (f(x + c·Δ) − f(x − c·Δ))/(2c)·Δ with Δᵢ = ±1 at random.
 *
 * @param x - the point, [n]; not changed.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Variance of a component: Σ of the squares of the others, over the number of pairs. Source: Spall 1992.
 */
export function spsaGradient(f: VectorFunction, x: ArrayLike<number>, options: EstimatedGradientOptions = {}): EstimatedGradient {
  const sign = (draws: (index: number) => number, index: number): number => (draws(index) < 0.5 ? -1 : 1);
  return averaged(f, x, { size: 1e-4, pairs: 1, ...options }, SPSA_STREAM, sign);
}

/**
 * The gradient of f smoothed by a Gaussian: g ≈ mean over pairs of (f(x + σ·u) − f(x − σ·u))/(2σ)·u, u ~ N(0, I).
 *
 * What is narrower than σ is smoothed away: the choice for objectives with ripples or steps. Each pair is antithetic, so that the value
 * itself adds no noise.
 *
 * @param x - the point, [n]; not changed.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Nesterov and Spokoiny 2017; Salimans et al. 2017 for pairs.
 */
export function smoothedGradient(f: VectorFunction, x: ArrayLike<number>, options: EstimatedGradientOptions = {}): EstimatedGradient {
  return averaged(f, x, { size: 1e-3, pairs: 8, ...options }, SMOOTHING_STREAM, normal);
}

type Direction = (draws: (index: number) => number, index: number) => number;
type Settled = EstimatedGradientOptions & { readonly size: number; readonly pairs: number };

function averaged(f: VectorFunction, x: ArrayLike<number>, options: Settled, stream: number, direction: Direction): EstimatedGradient {
  const { size, pairs, seed = 0, draw = 0, box } = options;
  checkSize(size);
  checkPairs(pairs);
  const point = Float64Array.from(x);
  const n = point.length;
  const length = size * Math.max(1, maxNorm(point));
  const gradient = new Float64Array(n);
  for (let pair = 0; pair < pairs; pair++) {
    const first = (draw * pairs + pair) * n;
    const along = Float64Array.from(point, (_, i) => direction((index) => threefryUniform(seed, stream, index), first + i));
    const center = box === undefined ? point : withRoom(point, along, length, box);
    const ahead = center.map((c, i) => c + length * along[i]!);
    const behind = center.map((c, i) => c - length * along[i]!);
    const [right, left] = box === undefined ? [ahead, behind] : [nearestInBox(box, ahead), nearestInBox(box, behind)];
    const slope = (f(right) - f(left)) / (2 * length);
    for (let i = 0; i < n; i++) gradient[i]! += (slope * along[i]!) / pairs;
  }
  return { gradient, evaluations: 2 * pairs };
}

/** The point moved inward by as much as keeps both points of a pair inside; the middle where the box is too narrow. */
function withRoom(point: Float64Array, along: Float64Array, length: number, { lower, upper }: Box): Float64Array {
  return point.map((x, i) => {
    const reach = Math.min(length * Math.abs(along[i]!), (upper[i]! - lower[i]!) / 2);
    return Math.min(Math.max(x, lower[i]! + reach), upper[i]! - reach);
  });
}

/**
 * Standard normal from one place of the stream: the sum of twelve uniform numbers less six, each from a place of its own.
 *
 * Mean 0 and variance 1 exactly, tails cut at ± 6: enough for a direction, and made of additions alone, so that its bits do not
 * depend on the host's logarithm.
 */
function normal(draws: (index: number) => number, index: number): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += draws(12 * index + k);
  return sum;
}

function checkSize(size: number): void {
  if (!(size > 0 && Number.isFinite(size))) throw outOfRange("size", "a number > 0", size);
}

function checkPairs(pairs: number): void {
  if (!(Number.isInteger(pairs) && pairs >= 1)) throw outOfRange("pairs", "a whole number ≥ 1", pairs);
}

function outOfRange(option: string, expected: string, got: unknown): OptionError {
  return new OptionError("OPTION_OUT_OF_RANGE", `gradient: { ${option} }: expected ${expected}, got ${String(got)}.`, {
    option,
    expected,
    got,
  });
}
