/**
 * Did the descent come down to a limit, of which rounding makes a place? Along a direction without curvature values fell over many orders
 * long before the end and do not rise beyond: f has an infimum out of sight, which it never has.
 *
 * Looked at along a straight line, from values alone. Where a fall dies away for ever it is still seen to die half as far again, while that to a minimizer where
 * the objective is flat on the other side, of up to the eighth order, has decayed only in the last third of the way.
 */

import { maxNorm } from "../../../numeric/blas1.js";
import { DECAYED } from "./decay.js";
import { type PointEvidence, parameterScale, valueRounding } from "./point-evidence.js";

/** Ways that are shorter, in units of the parameters, lead nowhere out of sight. */
const SHORTEST = 3e-2;
/** Shares of a direction that are rounding beside the largest: far out they would lead up the walls of a valley. */
const ALIGNED = 1e-6;
/** Where the search for a decayed value begins, as a share of the way. */
const NEAREST = 2 ** -48;
/** How much farther out it must still be decaying. */
const FARTHER = 1.5;
/** Values without which nothing can be said. */
const LEAST_VALUES = 4;

/**
 * @param flattest - direction of the lowest curvature, of any length.
 * @param mayLook - whether so many values may still be asked for.
 * @returns how far the way has come if its end is a limit; otherwise undefined.
 *
 * Cost: 4 to some 12 values.
 */
export function distanceToLimit(point: PointEvidence, flattest: Float64Array, mayLook: (values: number) => boolean): number | undefined {
  const { params, startParams, value, evaluate } = point;
  const largest = maxNorm(flattest);
  const direction = flattest.map((d) => (Math.abs(d) < ALIGNED * largest ? 0 : d));
  let along = 0;
  let square = 0;
  direction.forEach((d, i) => {
    along += (startParams[i]! - params[i]!) * d;
    square += d * d;
  });
  /** From the point back to where the way began. */
  const back = direction.map((d) => (along / square) * d);
  const distance = maxNorm(back);
  if (!(distance > SHORTEST * parameterScale(point) && Number.isFinite(distance))) return undefined;
  if (!mayLook(LEAST_VALUES)) return undefined;
  const rounding = valueRounding(point);
  /** What is left of the fall at a share of the way. */
  const restAt = (share: number): number => evaluate(params.map((x, i) => x + (1 - share) * back[i]!)) - value;
  const whole = restAt(0);
  if (!(whole > rounding && restAt(2) <= rounding)) return undefined;
  const hasDecayed = (rest: number): boolean => rest < DECAYED * whole;
  const isDecaying = (share: number): boolean => {
    const rest = restAt(share);
    return hasDecayed(rest) && rest > rounding;
  };
  let [fallen, level] = [NEAREST, 1];
  for (let share = 0.5; level > FARTHER * fallen && mayLook(2); share = Math.sqrt(fallen * level)) {
    const rest = restAt(share);
    if (!hasDecayed(rest)) fallen = share;
    else if (rest <= rounding) level = share;
    else return isDecaying(FARTHER * share) || (mayLook(1) && isDecaying(share / FARTHER)) ? distance : undefined;
    // Not half way: whatever is left decays in the last stretch.
    if (fallen === 0.5) return undefined;
  }
  return undefined;
}
