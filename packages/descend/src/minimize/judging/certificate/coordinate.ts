/**
 * Does any single parameter still lead down? Where curvatures differ by more than their rounding, Newton's step sees the steep parameters alone; what a
 * flat one would still gain is seen when it moves by itself.
 *
 * Along a parameter the objective is −aτ + qτ² near the point, τ in units of its size: a from the gradient, q from one value. Its lowest place is tried where it
 * promises more than a minimizer may have left, and counts if the value there is lower and the way falls from the beginning.
 */

import { coordinateScales, isSingle, type PointEvidence, valueRounding } from "./point-evidence.js";
import { REMAINING_DECREASE } from "./remaining.js";
import { short, type Test } from "./test.js";

/** Parameters that are looked at: those along which the slope is largest. */
const MOST_PARAMETERS = 12;
/** Values of a lower place that is looked at. */
const TRIED_VALUES = 5;
/** Where the way is checked for rises. */
const FRACTIONS: readonly number[] = [0.75, 0.4, 0.1];
/** Near the point, and the share of what the slope promises there that it must fall by. */
const [NEAR, KEPT] = [0.02, 0.5];

/**
 * @param mayLook - whether so many values may still be asked for.
 * @returns a test that has failed, or undefined where no parameter leads down.
 *
 * Cost: a value for each parameter.
 */
export function coordinateTest(point: PointEvidence, mayLook: (values: number) => boolean): Test | undefined {
  const { params, gradient, value, startValue, roundoff, evaluate } = point;
  const scales = coordinateScales(point);
  const slopes = gradient.map((g, i) => Math.abs(g) * scales[i]!);
  const order = Array.from(slopes.keys())
    .filter((i) => slopes[i]! > 0)
    .sort((i, j) => slopes[j]! - slopes[i]!);
  const threshold = Math.max(REMAINING_DECREASE[isSingle(point) ? "single" : "double"] * (startValue - value), valueRounding(point));
  const slack = 8 * roundoff * Math.abs(value);
  for (const i of order.slice(0, MOST_PARAMETERS)) {
    if (!mayLook(1)) return undefined;
    const changeAt = (length: number): number => {
      const there = params.slice();
      there[i]! -= Math.sign(gradient[i]!) * length * scales[i]!;
      return evaluate(there) - value;
    };
    const slope = slopes[i]!;
    const bend = Math.max(changeAt(1) + slope, slack, Number.MIN_VALUE);
    if (!(slope * (slope / (4 * bend)) > threshold && mayLook(TRIED_VALUES))) continue;
    const length = slope / (2 * bend);
    const change = changeAt(length);
    const falls = change < -threshold && changeAt(NEAR * length) < slack - KEPT * NEAR * length * slope;
    if (!falls || !FRACTIONS.every((fraction) => changeAt(fraction * length) <= slack)) continue;
    const evidence = `one parameter alone, changed by ${short(length * scales[i]!)}, changes the objective by ${short(change)}`;
    return { name: "coordinate", passed: false, value: change, threshold: -threshold, evidence };
  }
  return undefined;
}
