import { COUNT, type OptionTable, type Range, readOptions } from "../options.js";
import type { LineSearch } from "./line-search.js";

export interface BacktrackingOptions {
  readonly decrease?: number;
  readonly maxTrials?: number;
}

const OPEN_UNIT: Range = { minimum: 0, minimumExcluded: true, maximum: 1, maximumExcluded: true };

/** The rows of {@link BacktrackingOptions}. */
export const backtrackingTable: OptionTable<BacktrackingOptions> = {
  decrease: { kind: "number", default: 1e-4, ...OPEN_UNIT, meaning: "c₁: share of the decrease that the slope promises" },
  maxTrials: { kind: "number", default: 40, ...COUNT, meaning: "trials at most" },
};

/** Share of a trial that the next one keeps, at least and at most. */
const SHRINK = { least: 0.1, most: 0.5 };
/** The same after a trial that is not finite: nothing is known but that it was too long. */
const SHRINK_UNDEFINED = 0.1;
/** Rounding of φ, relative to |φ(0)|: near a minimum the promised decrease is less. */
const VALUE_ROUNDING = 1e-15;

/**
 * Backtracking: the first trial that decreases enough.
 *
 * φ(α) ≤ r + c₁·α·φ′(0),  r = φ(0) or a reference above it
 *
 * Shorter trials come from the parabola through φ(0), φ′(0) and the last trial, between a tenth and a half of
 * it; a tenth where the trial is not finite.
 *
 * @param options.decrease - c₁, 0 < c₁ < 1. Default 1e-4.
 * @param options.maxTrials - trials at most, whole, ≥ 1. Default 40.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Only the first trial asks for the slope, since it is the one most often taken.
 * Source: Armijo 1966; Nocedal and Wright 2006, section 3.5.
 */
export function backtracking(options: BacktrackingOptions = {}): LineSearch {
  const { decrease, maxTrials } = readOptions("backtracking", backtrackingTable, options);
  return function* ({ value, slope, initial, reference = value }) {
    const rounding = VALUE_ROUNDING * Math.abs(value);
    let stepSize = initial;
    for (let trial = 0; trial < maxTrials && stepSize > 0; trial++) {
      const point = yield { stepSize, slope: trial === 0 };
      const defined = Number.isFinite(point.value) && (trial > 0 || Number.isFinite(point.slope));
      if (defined && point.value <= reference + decrease * stepSize * slope + rounding) return point;
      const parabola = (-slope * stepSize * stepSize) / (2 * (point.value - value - slope * stepSize));
      stepSize = defined ? Math.min(SHRINK.most * stepSize, Math.max(SHRINK.least * stepSize, parabola)) : SHRINK_UNDEFINED * stepSize;
    }
    return undefined;
  };
}
