/** The bottom of a kink that stops a descent along single gradients, if there is one. */

import { maxNorm } from "../../numeric/blas1.js";
import { approachKink, type KinkApproach } from "./approach-kink.js";
import { type GradientAt, jumpBetween, MAX_KINK_SIZE, SEGMENT_GRADIENTS } from "./certificate/kink.js";
import { atBound, coordinateScales, isSingle, type PointEvidence, randomDirection } from "./certificate/point-evidence.js";

/** Where to look for the other side of a kink, in units of the parameters. */
const REACHES: readonly number[] = [1e-8, 1e-5, 1e-2];
/** Gradients that the approach may take, in units of those around one point. */
const ROUNDS = 150;

/** A point that a descent came by, with its gradient. */
export interface WayPoint {
  readonly params: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * Whether a kink is next to a point, or on the way on from there.
 *
 * @param way - the point, and where the descent would go next; empty if it searches along lines.
 * @param maxGradients - to be spent at most.
 */
export function kinkIsNear(point: PointEvidence, gradientAt: GradientAt, way: readonly WayPoint[], maxGradients: number): boolean {
  if (point.params.length > MAX_KINK_SIZE || atBound(point)) return false;
  const scales = coordinateScales(point);
  return way.length === 0
    ? REACHES.slice(0, Math.max(0, Math.floor(maxGradients / SEGMENT_GRADIENTS))).some(
        (reach) => jumpBetween(gradientAt, point.params, downhill(point, scales, reach), scales) !== undefined,
      )
    : crossesKink(gradientAt, way, scales);
}

/**
 * @param maxGradients - evaluations that are left.
 * @returns undefined if nothing lower than the point is found.
 */
export function kinkNearby(point: PointEvidence, gradientAt: GradientAt, maxGradients: number): KinkApproach | undefined {
  const reached = approachKink(gradientAt, point.evaluate, { params: point.params, value: point.value }, coordinateScales(point), {
    single: isSingle(point),
    maxGradients: Math.min(maxGradients, ROUNDS * (2 * point.params.length + 1)),
    seed: point.seed,
  });
  return reached.value < point.value ? reached : undefined;
}

/** Whether there is a kink on the step along which the gradient changes most. */
function crossesKink(gradientAt: GradientAt, way: readonly WayPoint[], scales: Float64Array): boolean {
  const gradients = way.map(({ gradient }) => gradient.map((g, i) => g * scales[i]!));
  let most = 0;
  let step = 1;
  for (let k = 1; k < way.length; k++) {
    const change = maxNorm(gradients[k]!.map((g, i) => g - gradients[k - 1]![i]!));
    if (change > most) [most, step] = [change, k];
  }
  return most > 0 && jumpBetween(gradientAt, way[step - 1]!.params, way[step]!.params, scales) !== undefined;
}

/** A point down the slope, a little aside so that it does not lie on the same kink by symmetry. */
function downhill({ params, gradient, seed }: PointEvidence, scales: Float64Array, reach: number): Float64Array {
  const slope = gradient.map((g, i) => g * scales[i]!);
  const size = maxNorm(slope);
  const aside = randomDirection(params.length, seed + 7);
  return params.map((x, i) => x - reach * scales[i]! * (size > 0 ? slope[i]! / size + 0.1 * aside[i]! : aside[i]!));
}
