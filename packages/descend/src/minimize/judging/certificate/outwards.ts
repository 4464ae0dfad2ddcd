/**
 * What is first seen to change on the way out along a line without curvature: does the objective rise, or fall?
 *
 * Near the point rounding hides what higher orders do: below a height of 10⁶ the fall of −x⁶ is seen from a hundredth on. So lengths grow until
 * something is seen. Slopes are looked at beside values where they are those of a formula, since no height hides them.
 */

import { dot } from "../../../numeric/blas1.js";
import type { GradientAt } from "./kink.js";
import { EXACT_CURVATURE_ERROR, isSingle, type PointEvidence, valueRounding } from "./point-evidence.js";
import { REMAINING_DECREASE } from "./remaining.js";

/** A line, or the floor of a valley. */
export interface Line {
  /** The point at a length in units of the parameters. */
  readonly at: (length: number) => Float64Array;
  /** Its direction, per unit of length. */
  readonly direction: Float64Array;
  /** Size of the gradient's change per unit of length across the line: what its rounding is a share of. ≥ 0. */
  readonly steepest: number;
  /** Length along it of the way back to where the descent began. */
  readonly start: number;
}

export interface WayOut {
  /** Undefined where nothing is seen to change, or it rises. */
  readonly falls: { readonly length: number; readonly change: number; readonly sloping: boolean } | undefined;
  readonly rises: boolean;
  /** Whether anything is seen to change, if only by what a minimizer may have left. */
  readonly changes: boolean;
}

/** In units of the parameters, which may be far smaller than those of the objective. */
const LENGTHS: readonly number[] = [1 / 8, 1, 8, 256, 2 ** 13, 2 ** 18, 2 ** 23, 2 ** 28];
/** Where the way to a lower point is looked at for rises, as shares of it. */
const FRACTIONS: readonly number[] = [0.6, 0.3, 0.1, 0.03];
/** A slope promises this share of itself times the length at least: that of the eighth order does. */
const PROMISED = 1 / 8;
/** Share of a fall that the slope at the point explains where it is a slope's. */
const SLOPING = 0.1;
/** How well differences of values find the bottom of a valley, as a share of the parameters. */
const DIFFERENCED_PLACE = 1e-9;
/** Units of roundoff that the slope along a line may be wrong by. */
const SLOPE_ROUNDING = 64;

/** Whether slopes are no differences, and at bounds and kinks those of one side. */
export function hasExactSlopes(point: PointEvidence): boolean {
  return point.curvatureError <= EXACT_CURVATURE_ERROR && point.box === undefined && !point.held;
}

/** Changes of the value along a line that are rounding: a point is known to that of its coordinates, and that far up the walls it may be. */
export function roundingAlong(point: PointEvidence, { steepest }: Pick<Line, "steepest">, length: number): number {
  const error = point.curvatureError <= EXACT_CURVATURE_ERROR ? Math.SQRT2 * 2 * point.roundoff : DIFFERENCED_PLACE;
  return Math.max(valueRounding(point), steepest * (error * (1 + Math.abs(length))) ** 2);
}

/**
 * @param side - 1 or −1: to which side of the point.
 * @param mayLook - whether so many points may still be looked at, of one value and gradient each.
 *
 * Cost: 1 point where the objective rises at once, up to 12 otherwise.
 */
export function lookOutwards(
  point: PointEvidence,
  line: Line,
  side: 1 | -1,
  gradientAt: GradientAt,
  mayLook: (points: number) => boolean,
): WayOut {
  const { roundoff } = point;
  if (!mayLook(2)) return { falls: undefined, rises: false, changes: false };
  let changes = false;
  const exact = hasExactSlopes(point);
  const gained = REMAINING_DECREASE[isSingle(point) ? "single" : "double"] * Math.max(0, point.startValue - point.value);
  const base = point.evaluate(line.at(0));
  const slopeHere = side * dot(point.gradient, line.direction);
  /** Change of the value, 0 if it is rounding; where the value does not tell, what the slope makes of it. */
  const changeAt = (length: number): number => {
    const at = line.at(side * length);
    const rounding = roundingAlong(point, line, length);
    if (!exact) {
      const change = point.evaluate(at) - base;
      return Math.abs(change) > rounding ? change : 0;
    }
    const { value, gradient } = gradientAt(at);
    if (Math.abs(value - base) > rounding) return value - base;
    let slope = 0;
    let terms = 0;
    for (let i = 0; i < at.length; i++) {
      const term = gradient[i]! * line.direction[i]!;
      slope += side * term;
      terms += Math.abs(term);
    }
    const slopeRounding = SLOPE_ROUNDING * roundoff * (terms + line.steepest * (1 + length));
    return Math.abs(slope) > slopeRounding ? PROMISED * slope * length : 0;
  };
  for (const [k, length] of LENGTHS.entries()) {
    if (!mayLook(1)) break;
    const change = changeAt(length);
    if (Number.isNaN(change)) break;
    changes ||= change !== 0;
    if (change > gained) return { falls: undefined, rises: true, changes };
    if (!(change < -gained)) continue;
    const before = k === 0 ? 0 : LENGTHS[k - 1]!;
    const inside = FRACTIONS.filter((share) => share * length > before);
    if (inside.some((share) => mayLook(1) && changeAt(share * length) > 0)) return { falls: undefined, rises: true, changes };
    return { falls: { length, change, sloping: -slopeHere * length > SLOPING * -change }, rises: false, changes };
  }
  return { falls: undefined, rises: false, changes };
}
