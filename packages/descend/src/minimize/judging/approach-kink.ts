/**
 * Down to the bottom of a kink, where line searches along single gradients end: gradient sampling.
 *
 * Gradients from a small box around the point stand for the subgradients; the negative of their smallest convex combination is a way
 * down that all of them agree on. Where none is left, the box shrinks.
 *
 * Source: Burke, Lewis and Overton 2005, "A robust gradient sampling algorithm for nonsmooth, nonconvex optimization", section 2. We
 * deviate in trying longer steps as long as they help, and in leaving out samples that are not finite.
 */

import { twoNorm } from "../../numeric/blas1.js";
import { smallestCombination } from "../../numeric/smallest-combination.js";
import { type GradientAt, sampleGradients } from "./certificate/kink.js";

export interface KinkApproach {
  readonly params: Float64Array;
  readonly value: number;
}

/** Half width of the box, in units of the parameters, in the beginning and in the end. */
const FIRST_RADIUS = 1e-2;
const LAST_RADIUS = { double: 1e-13, single: 1e-6 };
/** A combination below this share of the gradients is none. */
const STATIONARY = 1e-6;
/** Least decrease along a direction, as a share of what its slope promises. */
const SUFFICIENT = 1e-4;

/**
 * @param scales - size of each parameter, [n], > 0.
 * @param maxGradients - of evaluations at most.
 */
export function approachKink(
  gradientAt: GradientAt,
  evaluate: (params: Float64Array) => number,
  start: KinkApproach,
  scales: Float64Array,
  { single, maxGradients, seed }: { readonly single: boolean; readonly maxGradients: number; readonly seed: number },
): KinkApproach {
  let best = start;
  let used = 0;
  let round = 0;
  for (let radius = FIRST_RADIUS; radius >= LAST_RADIUS[single ? "single" : "double"] && used < maxGradients; round++) {
    const sample = sampleGradients(gradientAt, best.params, scales, radius, seed + round);
    used += sample.gradients.length;
    const combination = smallestCombination(sample.gradients);
    const slope = combination === undefined ? 0 : twoNorm(combination);
    const moved = slope > STATIONARY * sample.largest ? searchAlong(best, combination!, slope, radius) : undefined;
    if (moved === undefined) radius *= 0.1;
    else best = moved;
  }
  return best;

  /** Steps of the radius and shorter, then longer ones as long as they help. */
  function searchAlong(from: KinkApproach, combination: Float64Array, slope: number, radius: number): KinkApproach | undefined {
    const at = (length: number): KinkApproach => {
      const params = from.params.map((x, i) => x - (length / slope) * combination[i]! * scales[i]!);
      return { params, value: evaluate(params) };
    };
    const enough = ({ value }: KinkApproach, length: number): boolean => value <= from.value - SUFFICIENT * length * slope;
    let length = radius;
    let reached = at(length);
    for (let halving = 0; halving < 8 && !enough(reached, length); halving++) {
      length /= 2;
      reached = at(length);
    }
    if (!enough(reached, length) || !(reached.value < from.value)) return undefined;
    for (let doubling = 0; doubling < 40; doubling++) {
      const further = at(2 * length);
      if (!enough(further, 2 * length) || !(further.value < reached.value)) break;
      length *= 2;
      reached = further;
    }
    return reached;
  }
}
