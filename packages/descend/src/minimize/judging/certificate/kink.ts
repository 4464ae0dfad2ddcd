/**
 * Is the point at a kink, and if so, is it a minimizer there? Gradients from around a kink differ however close they are; at a minimizer
 * 0 is among their convex combinations.
 *
 * Source: Burke, Lewis and Overton 2005, "A robust gradient sampling algorithm for nonsmooth, nonconvex optimization".
 */

import { maxNorm, twoNorm } from "../../../numeric/blas1.js";
import { threefryUniform } from "../../../numeric/random.js";
import { smallestCombination } from "../../../numeric/smallest-combination.js";
import { short, type Test } from "./test.js";

/** Value and gradient at a point; what is not finite is left out. */
export type GradientAt = (params: Float64Array) => { readonly value: number; readonly gradient: ArrayLike<number> };

/** Gradients around a point in coordinates in which each parameter has size 1. */
export interface GradientSample {
  readonly gradients: readonly Float64Array[];
  /** Largest ‖g‖₂, and of the differences to the one at the center. */
  readonly largest: number;
  readonly jump: number;
  /** Where the difference is largest. */
  readonly farthest: Float64Array;
}

/** Parameters up to which gradients are sampled: more need more samples than the descent had gradients. */
export const MAX_KINK_SIZE = 50;
/** Radius in units of the parameters within which a kink must be. */
const RADIUS = { double: 1e-7, single: 1e-4 };
/** A change of this share of the largest gradient within the radius may be a kink. */
const JUMP = 0.05;
/** Halvings of a segment in search of a kink, and the share of the change that a kink keeps: a smooth gradient keeps 2⁻⁸ or less. */
const HALVINGS = 8;
const KEPT = 0.2;
/** The last two halvings leave a kink more than this share of its change, and an exponential that grew by many orders along the segment less. */
const STEADY = 0.7;
/** Gradients by which a segment is halved so often. */
export const SEGMENT_GRADIENTS: number = HALVINGS + 2;
const POLE = 1e-3;
/** A change of the value this many times as large as slopes explain is a jump. */
const STEP_MARGIN = 10;
const GROWN = 1.5;
/** Of the smallest combination, against the largest gradient. */
const TOLERANCE = { double: 1e-5, single: 1e-2 };

/**
 * Gradients at `center` and at random points of the box around it whose half widths are radius·scales. The points come in pairs on
 * opposite sides, so that a kink through the center is seen from both: as many as there are parameters, if that is not too many.
 */
export function sampleGradients(
  gradientAt: GradientAt,
  center: Float64Array,
  scales: Float64Array,
  radius: number,
  seed: number,
  maxPairs: number = Number.POSITIVE_INFINITY,
): GradientSample {
  const n = center.length;
  const gradients: Float64Array[] = [];
  let largest = 0;
  let jump = 0;
  let farthest = center;
  const take = (at: Float64Array): void => {
    const gradient = scaledGradient(gradientAt, at, scales);
    if (!gradient.every(Number.isFinite)) return;
    gradients.push(gradient);
    largest = Math.max(largest, twoNorm(gradient));
    const change = twoNorm(gradient.map((value, i) => value - gradients[0]![i]!));
    if (change > jump) [jump, farthest] = [change, at];
  };
  take(center);
  for (let pair = 0; pair < Math.min(Math.max(3, n), maxPairs); pair++) {
    const move = scales.map((scale, i) => radius * scale * (2 * threefryUniform(seed, 0x6b1c + pair, i) - 1));
    take(center.map((x, i) => x + move[i]!));
    take(center.map((x, i) => x - move[i]!));
  }
  return { gradients, largest, jump, farthest };
}

/** Two points close to each other between which the gradient jumps. */
interface Jump {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Where the gradient jumps between two points, if it does: its change stays as the segment around it is halved. */
export function jumpBetween(gradientAt: GradientAt, a: Float64Array, b: Float64Array, scales: Float64Array): Jump | undefined {
  const change = (g: Float64Array, h: Float64Array): number => maxNorm(g.map((value, i) => value - h[i]!));
  let [left, right] = [a, b];
  let [before, after] = [scaledGradient(gradientAt, a, scales), scaledGradient(gradientAt, b, scales)];
  const whole = change(before, after);
  if (!(whole > JUMP * Math.max(maxNorm(before), maxNorm(after)))) return undefined;
  let earlier = whole;
  for (let k = 0; k < HALVINGS; k++) {
    if (k === HALVINGS - 2) earlier = change(before, after);
    const middle = left.map((x, i) => 0.5 * (x + right[i]!));
    const gradient = scaledGradient(gradientAt, middle, scales);
    if (change(before, gradient) >= change(gradient, after)) [right, after] = [middle, gradient];
    else [left, before] = [middle, gradient];
  }
  // At a pole the change even grows.
  const rest = change(before, after);
  return rest > Math.max(KEPT * whole, STEADY * earlier) && rest < GROWN * whole ? { left, right } : undefined;
}

/**
 * How far values are from what the slopes at both ends of a segment say, where these are no slopes of theirs: differences that reach across a jump further
 * away. Otherwise 0. Slopes between those at the ends are let pass, since there may be kinks on the way.
 */
function foreignSlope(gradientAt: GradientAt, a: Float64Array, b: Float64Array): number {
  const [here, there] = [gradientAt(a), gradientAt(b)];
  const along = (gradient: ArrayLike<number>): number => a.reduce((sum, x, i) => sum + gradient[i]! * (b[i]! - x), 0);
  const [first, last] = [along(here.gradient), along(there.gradient)];
  const change = there.value - here.value;
  const outside = Math.max(Math.min(first, last) - change, change - Math.max(first, last));
  const rounding = 2 ** -50 * (Math.abs(here.value) + Math.abs(there.value));
  return outside > 0.5 * Math.max(Math.abs(first), Math.abs(last)) + rounding ? outside : 0;
}

/**
 * By how much values differ between two points close by, if it is far more than the slopes at both explain: then they jump. Otherwise 0.
 */
function valueStep(gradientAt: GradientAt, a: Float64Array, b: Float64Array): number {
  const [here, there] = [gradientAt(a), gradientAt(b)];
  let explained = 0;
  for (let i = 0; i < a.length; i++) explained += (Math.abs(here.gradient[i]!) + Math.abs(there.gradient[i]!)) * Math.abs(a[i]! - b[i]!);
  const step = Math.abs(there.value - here.value);
  const rounding = 2 ** -20 * (Math.abs(here.value) + Math.abs(there.value));
  return step > STEP_MARGIN * explained + rounding ? step : 0;
}

/** In coordinates in which each parameter has size 1. */
function scaledGradient(gradientAt: GradientAt, at: Float64Array, scales: Float64Array): Float64Array {
  return Float64Array.from(gradientAt(at).gradient, (g, i) => g * scales[i]!);
}

export interface KinkFindings {
  readonly test: Test;
  /** Directions, in units of the parameters, along which gradients do not jump. */
  readonly smooth: readonly Float64Array[];
}

export interface KinkOptions {
  readonly single: boolean;
  /** Size of gradients, each component times the size of its parameter, that is rounding. */
  readonly rounding: number;
  readonly seed: number;
  /** To be spent at most; with fewer than there are parameters 0 is harder to find among their combinations. */
  readonly maxGradients: number;
}

/** @returns undefined where there is no kink, or too little to spend to see one. */
export function kinkTest(
  gradientAt: GradientAt,
  params: Float64Array,
  scales: Float64Array,
  { single, rounding, seed, maxGradients }: KinkOptions,
): KinkFindings | undefined {
  const format = single ? "single" : "double";
  const pairs = Math.floor((maxGradients - SEGMENT_GRADIENTS - 1) / 2);
  if (pairs < 1) return undefined;
  const sample = sampleGradients(gradientAt, params, scales, RADIUS[format], seed, pairs);
  const { jump, largest, farthest, gradients } = sample;
  // Next to a pole one gradient dwarfs the others; far out on a plateau all of them are rounding.
  const others = Math.max(...gradients.slice(1).map((g) => twoNorm(g)));
  if (!(jump > JUMP * largest) || largest <= rounding || others < POLE * largest) return undefined;
  const place = jumpBetween(gradientAt, params, farthest, scales);
  if (place === undefined) return undefined;
  const broken = (value: number, what: string): KinkFindings => {
    const evidence = `the objective is not continuous here: ${what}`;
    return { test: { name: "kink", passed: false, value, threshold: 0, evidence }, smooth: [] };
  };
  const step = valueStep(gradientAt, params, farthest);
  if (step > 0)
    return broken(step, `it changes by ${short(step)} within ${RADIUS[format]} of the parameters, more than its slopes explain`);
  // On both sides of the place, and on the other side of the point
  const opposite = params.map((x, i) => 2 * x - farthest[i]!);
  const segments = [
    [params, place.left],
    [place.right, farthest],
    [params, opposite],
  ] as const;
  const foreign = Math.max(...segments.map(([a, b]) => foreignSlope(gradientAt, a, b)));
  if (foreign > 0 && !single) return broken(foreign, "its differences reach across a jump close by, and are no slopes of its values");
  const combination = smallestCombination(sample.gradients);
  const share = combination === undefined ? 1 : twoNorm(combination) / sample.largest;
  return {
    test: {
      name: "kink",
      passed: share <= TOLERANCE[format],
      value: share,
      threshold: TOLERANCE[format],
      evidence: `the objective is not smooth here: within ${RADIUS[format]} of the parameters gradients differ by ${short(sample.jump / sample.largest)} of their size; their smallest convex combination is ${short(share)} of it`,
    },
    smooth: smoothDirections(sample, scales, seed),
  };
}

/** A few random directions without the part along which gradients jump. */
function smoothDirections({ gradients, largest }: GradientSample, scales: Float64Array, seed: number): Float64Array[] {
  const n = scales.length;
  const jumps: Float64Array[] = [];
  for (const g of gradients.slice(1)) {
    const rest = without(
      g.map((value, i) => value - gradients[0]![i]!),
      jumps,
    );
    const size = twoNorm(rest);
    if (size > JUMP * largest) jumps.push(rest.map((value) => value / size));
  }
  if (jumps.length >= n) return [];
  return [0, 1, 2].flatMap((k) => {
    const rest = without(
      Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(seed, 0x510 + k, i) - 1),
      jumps,
    );
    const size = twoNorm(rest);
    return size > 1e-6 ? [rest.map((value, i) => (value / size) * scales[i]!)] : [];
  });
}

function without(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = vector.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (const q of basis) {
      let c = 0;
      for (let i = 0; i < rest.length; i++) c += q[i]! * rest[i]!;
      for (let i = 0; i < rest.length; i++) rest[i]! -= c * q[i]!;
    }
  }
  return rest;
}
