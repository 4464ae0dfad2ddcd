/**
 * A line search for the strong Wolfe conditions that works down to rounding and survives undefined regions.
 *
 * φ(α) ≤ φ(0) + c₁·α·φ′(0)   and   |φ′(α)| ≤ c₂·|φ′(0)|
 *
 * The search keeps an interval whose lower end decreases enough and still slopes down, and whose upper end does not
 * decrease enough, slopes up, or is not finite; such an interval holds a Wolfe point. Trials come from cubic
 * interpolation, with a bisection whenever two trials have not shrunk the interval to two thirds.
 *
 * Near a minimum the first condition drowns in the rounding of φ. There the approximate condition of Hager and Zhang
 * decides by slopes: φ(α) ≤ φ(0) + ε|φ(0)| and φ′(α) ≤ (2c₁ − 1)·φ′(0).
 *
 * Source: Nocedal and Wright 2006, section 3.5; Moré and Thuente 1994 for the interval and its safeguard; Hager and Zhang
 * 2005, equation 4.1 for the approximate condition. We deviate in treating a non-finite trial as an upper end.
 */

import type { LinePoint, LineSearch } from "./line-search.js";

export interface WolfeConditions {
  /** c₁ */
  readonly decrease: number;
  /** c₂ */
  readonly curvature: number;
  readonly maxTrials: number;
}

/** What quasi-Newton directions need: nearly any decrease and curvature will do. */
export const LOOSE: WolfeConditions = { decrease: 1e-4, curvature: 0.9, maxTrials: 40 };

/** Rounding of φ, relative to |φ(0)|, below which slopes decide instead of values. */
const VALUE_ROUNDING = 1e-14;

/** Trials whose first-order gain is below that rounding: where slopes have not decided after so many they do not. */
const MOST_IDLE = 4;

/** Trials up to which each goes four times as far as the one before; behind, the factor is squared each time, this often. */
const STEADY = 11;
const MOST_DOUBLINGS = 6;

/** The search with checked options; the way to it is `strongWolfe`. Apart, since the default descent needs it and not its table. */
export function wolfeSearch({ decrease, curvature, maxTrials }: WolfeConditions): LineSearch {
  return function* ({ value, slope, initial, reference = value, maximum = Number.POSITIVE_INFINITY }) {
    const rounding = VALUE_ROUNDING * Math.abs(value);
    let lower: LinePoint = { stepSize: 0, value, slope };
    let upper: LinePoint | undefined;
    let stepSize = initial;
    let width = Number.POSITIVE_INFINITY;
    let widthBefore = width;
    let idle = 0;

    for (let trial = 0; trial < maxTrials; trial++) {
      if (-slope * stepSize < rounding && idle++ >= MOST_IDLE) break;
      const point = yield { stepSize, slope: true };
      const defined = Number.isFinite(point.value) && Number.isFinite(point.slope);
      const decreases = point.value <= reference + decrease * stepSize * slope;
      const decreasesApproximately = point.value <= value + rounding && point.slope <= (2 * decrease - 1) * slope;
      if (!defined || !(decreases || decreasesApproximately)) upper = point;
      else if (Math.abs(point.slope) <= curvature * Math.abs(slope)) return point;
      else if (point.slope > 0) upper = point;
      else lower = point;

      if (upper === undefined) {
        if (stepSize >= maximum) break;
        stepSize = Math.min(maximum, extrapolation(trial) * stepSize);
        continue;
      }
      widthBefore = width;
      width = upper.stepSize - lower.stepSize;
      if (width <= Number.EPSILON * upper.stepSize) break;
      const shrinksWell = width <= 0.66 * widthBefore;
      stepSize = shrinksWell && defined ? interpolate(lower, upper) : lower.stepSize + (defined ? 0.5 : 0.1) * width;
    }
    return lower.stepSize > 0 ? lower : undefined;
  };
}

/**
 * How much farther behind a point that still slopes down: four times, and ever more where a dozen trials found nothing but the same slope.
 */
function extrapolation(trial: number): number {
  return 4 ** (2 ** Math.min(MOST_DOUBLINGS, Math.max(0, trial - STEADY)));
}

/**
 * Minimum of the cubic through two points and slopes, kept a tenth of the interval away from both ends; the middle where that is no number.
 */
function interpolate(lower: LinePoint, upper: LinePoint): number {
  const width = upper.stepSize - lower.stepSize;
  const d1 = lower.slope + upper.slope - (3 * (upper.value - lower.value)) / width;
  // In a unit near d1: squares of slopes may be no numbers
  const unit = 2 ** Math.round(Math.log2(Math.max(Math.abs(d1), -lower.slope)));
  const discriminant = (d1 / unit) * (d1 / unit) - (lower.slope / unit) * (upper.slope / unit);
  const d2 = unit * Math.sqrt(Math.max(0, discriminant));
  const fraction = 1 - (upper.slope + d2 - d1) / (upper.slope - lower.slope + 2 * d2);
  return lower.stepSize + (Math.min(0.9, Math.max(0.1, fraction)) || 0.5) * width;
}
