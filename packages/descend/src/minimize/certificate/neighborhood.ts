/**
 * Is there a way down to a point close by? Derivatives at one point see neither kinks nor jumps, nor what higher orders do where
 * curvature vanishes; the values around it do.
 */

import { maxNorm } from "../../numeric/blas1.js";
import { isSingle, type PointEvidence, parameterScale, randomDirection } from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Directions that come from chance, each looked at both ways. */
const NEIGHBORS = 12;
/** Where a way down is checked for rises. */
const FRACTIONS: readonly number[] = [0.75, 0.5, 0.25, 0.1, 0.03, 0.01];

export interface Neighborhood {
  /** The direction of lowest curvature, where it is known. */
  readonly along: Float64Array | undefined;
  /** Where curvature says nothing, the objective must also rise somewhere. */
  readonly mustRise: boolean;
}

/** The test, and whether nothing changes at all around the point. */
export interface NeighborhoodFindings {
  readonly test: Test;
  readonly flat: boolean;
}

export function neighborhoodTest(point: PointEvidence, { along, mustRise }: Neighborhood): NeighborhoodFindings {
  const scale = parameterScale(point);
  // Well beyond the step that may remain, so that a minimizer missed by that much is not taken for a slope.
  const radii = isSingle(point) ? [1e-1, 3e-2, 1e-2] : [1e-3, 1e-4, 1e-5];
  const changeAt = (direction: Float64Array, length: number): number => {
    const unit = (length * scale) / maxNorm(direction);
    return point.evaluate(point.params.map((x, i) => x + unit * direction[i]!)) - point.value;
  };
  const random = Array.from({ length: NEIGHBORS }, (_, k) => randomDirection(point.params.length, point.seed + 1 + k));
  const largestAt = (radius: number): number =>
    Math.max(
      0,
      ...random
        .slice(0, 3)
        .map((direction) => Math.abs(changeAt(direction, radius)))
        .filter(Number.isFinite),
    );
  // What next to nothing changes is rounding, unless it is as much as anything changes: that is a jump.
  const noise = Math.min(4 * largestAt(4 * point.roundoff), 1e-3 * largestAt(radii[0]!));
  const rounding = Math.max(8 * point.roundoff * Math.abs(point.value), noise);

  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let count = 0;
  const look = (direction: Float64Array, length: number): void => {
    for (const signed of [length, -length]) {
      const change = changeAt(direction, signed);
      count++;
      // Behind a rise lies another valley.
      const behindRise = change < -rounding && FRACTIONS.some((fraction) => !(changeAt(direction, fraction * signed) <= rounding));
      if (change < lowest && !behindRise) lowest = change;
      if (change > highest) highest = change;
    }
  };
  random.forEach((direction, k) => {
    look(direction, radii[k % 3]!);
  });
  if (along !== undefined) for (const radius of radii) look(along, radius);
  const test: Test = {
    name: "neighborhood",
    passed: lowest >= -rounding && (!(mustRise && point.movable) || highest > rounding),
    value: lowest,
    threshold: -rounding,
    evidence: `${count} points within ${short(radii[0]! * scale)}: the objective changes by ${short(lowest)} to ${short(highest)}`,
  };
  return { test, flat: highest <= rounding && lowest >= -rounding };
}
