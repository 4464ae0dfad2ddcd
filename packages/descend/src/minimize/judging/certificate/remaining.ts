/**
 * How far would Newton's method still go from here, and how far down? Both must be nothing: the step against each parameter's own size,
 * so that units do not matter, and the decrease against all that the descent has gained, so that scales of the objective do not.
 */

import { newtonFromProbe } from "../../../numeric/krylov-newton.js";
import { type LanczosResult, lanczos } from "../../../numeric/lanczos.js";
import {
  coordinateScales,
  curvatureError,
  EXACT_CURVATURE_ERROR,
  isSingle,
  type PointEvidence,
  parameterScale,
  valueRounding,
} from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Products with the Hessian. */
export const NEWTON_PRODUCTS = 12;
/** Curvatures below this many units of roundoff of the largest are rounding. */
const ROUNDING_MARGIN = 16;
/**
 * A Newton step below this share of the parameters is no step, a decrease below this share of the gain
 * none; nor is a size below it of the largest.
 */
export const REMAINING_STEP = { double: 1e-6, single: 1e-3 };
export const REMAINING_DECREASE = { double: 1e-10, single: 1e-6 };

/** How far from a minimizer a point is at least, and the probe that showed it, to go on with. */
export interface Distance {
  /**
   * Length of Newton's step in units of what a minimizer may have left. Above 1 the point is none yet; 1 or less where that is open, or
   * where curvature is negative, so that there is more to find out than a distance.
   */
  readonly excess: number;
  readonly probe: LanczosResult;
}

/**
 * Whether there is clearly a way to go, by as few products with the Hessian as show it: where curvature is positive,
 * Newton's step in a longer Krylov space is longer.
 *
 * @param first - products before the first look: more of them see more of what else the place may be.
 *
 * Source: Steihaug 1983, theorem 2.1.
 */
export function distanceLeft(point: PointEvidence, multiply: (direction: Float64Array) => Float64Array, first: number): Distance {
  let probe = lanczos(multiply, point.gradient, first);
  for (let products = first; ; products = Math.min(2 * products, NEWTON_PRODUCTS)) {
    probe = probe.extend(products);
    const [lowest, highest] = [probe.values[0]!, probe.values.at(-1)!];
    if (!(lowest >= -curvatureError(point) * Math.max(-lowest, highest))) return { excess: 0, probe };
    const [step] = remainingTests(point, probe);
    const excess = step.value / step.threshold;
    if (excess > 1 || products === NEWTON_PRODUCTS || probe.products < products) return { excess, probe };
  }
}

/** @param probe - of the curvature, begun along the gradient, or complete. */
export function remainingTests(point: PointEvidence, probe: LanczosResult): readonly [step: Test, decrease: Test] {
  const exact = point.curvatureError <= EXACT_CURVATURE_ERROR;
  const format = isSingle(point) ? "single" : "double";
  // A curvature at the rounding of the largest one is no curvature: the gradient along it is
  // rounding as well, and their ratio means nothing
  const floor = Math.max(ROUNDING_MARGIN * point.roundoff, exact ? 0 : point.curvatureError);
  const { step, gap, unresolved } = newtonFromProbe(probe, point.gradient, floor);

  const scales = coordinateScales(point);
  // So few products see the flattest directions of many parameters only in part.
  const tolerance = REMAINING_STEP[format] * (probe.products < step.length ? 0.25 : 1);
  const rounding = valueRounding(point);
  const tiny = REMAINING_DECREASE[format] * parameterScale(point);
  let worst = 0;
  let share = 0;
  for (let i = 0; i < step.length; i++) {
    const size = scales[i]!;
    const length = Math.abs(step[i]!);
    if (length / size <= share) continue;
    // Began at the rounding of a zero: where neither the step nor its whole size changes the value, that size is no unit to measure it by
    if (size < tiny && Math.abs(point.gradient[i]!) * (length + size ** 2 / length) < rounding) continue;
    share = length / size;
    worst = i;
  }
  const gained = Math.max(0, point.startValue - point.value);
  const threshold = Math.max(REMAINING_DECREASE[format] * gained, rounding);

  // Unless it is more than rounding: then there is a slope along directions whose curvature is too small to tell how far it leads.
  const gradientError = (isSingle(point) ? 1e-6 : exact ? 1e-12 : 1e-9) * point.gradientScale;
  const lost = unresolved > gradientError;
  const evidence = lost
    ? `a slope of ${short(unresolved)} along directions whose curvature is lost beside ${short(Math.max(0, probe.values.at(-1)!))}`
    : undefined;
  return [
    {
      name: "remaining-step",
      passed: !lost && share <= tolerance,
      value: lost ? Number.POSITIVE_INFINITY : share,
      threshold: tolerance,
      evidence: evidence ?? `Newton's step from here is ${short(step[worst]!)} in a parameter of size ${short(scales[worst]!)}`,
    },
    {
      name: "remaining-decrease",
      passed: !lost && gap <= threshold,
      value: lost ? Number.POSITIVE_INFINITY : gap,
      threshold,
      evidence: evidence ?? `Newton's step would gain ${short(gap)}, the descent gained ${short(gained)}`,
    },
  ];
}
