/**
 * How far would Newton's method still go from here, and how far down? Both must be nothing: the step against each parameter's own size,
 * so that units do not matter, and the decrease against all that the descent has gained, so that scales of the objective do not.
 */

import { krylovNewton } from "../../numeric/krylov-newton.js";
import { coordinateScales, EXACT_CURVATURE_ERROR, isSingle, type PointEvidence, valueRounding } from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Products with the Hessian. */
export const NEWTON_PRODUCTS = 12;
/** Curvatures below this many units of roundoff of the largest are rounding. */
const ROUNDING_MARGIN = 16;
/** A Newton step below this share of the parameters is no step, a decrease below this share of the gain none. */
const REMAINING_STEP = { double: 1e-6, single: 1e-3 };
const REMAINING_DECREASE = { double: 1e-10, single: 1e-6 };

export function remainingTests(
  point: PointEvidence,
  multiply: (direction: Float64Array) => Float64Array,
): readonly [step: Test, decrease: Test] {
  const exact = point.curvatureError <= EXACT_CURVATURE_ERROR;
  const format = isSingle(point) ? "single" : "double";
  // A curvature at the rounding of the largest one is no curvature: the gradient along it is rounding as well, and their ratio means nothing
  const floor = Math.max(ROUNDING_MARGIN * point.roundoff, exact ? 0 : point.curvatureError);
  const { step, gap, unresolved, probe } = krylovNewton(multiply, point.gradient, { products: NEWTON_PRODUCTS, floor });

  const scales = coordinateScales(point);
  // So few products see the flattest directions of many parameters only in part.
  const tolerance = REMAINING_STEP[format] * (probe.products < step.length ? 0.25 : 1);
  let worst = 0;
  for (let i = 0; i < step.length; i++) if (!(Math.abs(step[i]!) / scales[i]! <= Math.abs(step[worst]!) / scales[worst]!)) worst = i;
  const share = Math.abs(step[worst]!) / scales[worst]!;
  const gained = Math.max(0, point.startValue - point.value);
  const threshold = Math.max(REMAINING_DECREASE[format] * gained, valueRounding(point));

  // Unless it is more than rounding: then there is a slope along directions whose curvature is too small to tell how far it leads.
  const gradientError = (isSingle(point) ? 1e-6 : exact ? 1e-12 : 1e-9) * point.gradientScale;
  const lost = unresolved > gradientError;
  const evidence = lost
    ? `a slope of ${short(unresolved)} along directions whose curvature is lost beside the largest, ${short(Math.max(0, probe.values.at(-1)!))}`
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
      evidence: evidence ?? `Newton's step would gain ${short(gap)}, the descent has gained ${short(gained)}`,
    },
  ];
}
