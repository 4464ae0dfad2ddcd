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
const MOST_PARAMETERS = 30;
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
    const whole = changeAt(1);
    const bend = Math.max(whole + slope, slack, Number.MIN_VALUE);
    if (!(slope * (slope / (4 * bend)) > threshold && mayLook(TRIED_VALUES))) continue;
    // No farther than a place that is lower.
    const length = whole < -threshold ? Math.min(1, slope / (2 * bend)) : slope / (2 * bend);
    const change = changeAt(length);
    const falls = change < -threshold && changeAt(NEAR * length) < slack - KEPT * NEAR * length * slope;
    if (!falls || !FRACTIONS.every((fraction) => changeAt(fraction * length) <= slack)) continue;
    const evidence = `one parameter alone, changed by ${short(length * scales[i]!)}, changes the objective by ${short(change)}`;
    return { name: "coordinate", passed: false, value: change, threshold: -threshold, evidence };
  }
  return undefined;
}

/** How far on both sides nothing may rise, in units of the parameter. */
const LEVEL_LENGTHS: readonly number[] = [1 / 8, -1 / 8];

/**
 * Is there a parameter that no longer matters here, while the objective is lower where it began? A long step led it off to where the objective is
 * level, and past the place where it would have been best.
 *
 * @returns a test that has failed, or undefined where there is no such parameter.
 *
 * Cost: a value for each parameter.
 */
export function leftBehindTest(point: PointEvidence, mayLook: (values: number) => boolean): Test | undefined {
  const { params, startParams, value, startValue, evaluate } = point;
  const scales = coordinateScales(point);
  const threshold = Math.max(REMAINING_DECREASE[isSingle(point) ? "single" : "double"] * (startValue - value), valueRounding(point));
  for (let i = 0; i < params.length; i++) {
    if (params[i] === startParams[i]) continue;
    if (!mayLook(1 + LEVEL_LENGTHS.length)) return undefined;
    const changeAt = (place: number): number => {
      const there = params.slice();
      there[i] = place;
      return evaluate(there) - value;
    };
    const change = changeAt(startParams[i]!);
    if (!(change < -threshold)) continue;
    if (LEVEL_LENGTHS.some((length) => changeAt(params[i]! + length * scales[i]!) > threshold)) continue;
    const evidence = `where one parameter began, ${short(startParams[i]!)}, the objective changes by ${short(change)}; where it is it no longer matters`;
    return { name: "coordinate", passed: false, value: change, threshold: -threshold, evidence };
  }
  return undefined;
}
