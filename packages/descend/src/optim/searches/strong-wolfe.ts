import { COUNT, type OptionTable, type Range, readOptions } from "../options.js";
import type { LineSearch } from "./line-search.js";
import { LOOSE, wolfeSearch } from "./wolfe-search.js";

export interface StrongWolfeOptions {
  readonly decrease?: number;
  readonly curvature?: number;
  readonly maxTrials?: number;
}

const OPEN_UNIT: Range = { minimum: 0, minimumExcluded: true, maximum: 1, maximumExcluded: true };

/** The rows of {@link StrongWolfeOptions}. */
export const strongWolfeTable: OptionTable<StrongWolfeOptions> = {
  decrease: {
    kind: "number",
    default: LOOSE.decrease,
    ...OPEN_UNIT,
    meaning: "c₁: share of the decrease that the slope promises; below curvature",
  },
  curvature: { kind: "number", default: LOOSE.curvature, ...OPEN_UNIT, meaning: "c₂: share of the slope that may remain" },
  maxTrials: { kind: "number", default: LOOSE.maxTrials, ...COUNT, meaning: "trials at most" },
};

/**
 * A line search for the strong Wolfe conditions. If trials run out it takes the best point of sufficient decrease.
 *
 * φ(α) ≤ φ(0) + c₁·α·φ′(0)   and   |φ′(α)| ≤ c₂·|φ′(0)|
 *
 * @param options.decrease - c₁, 0 < c₁ < c₂. Default 1e-4.
 * @param options.curvature - c₂, c₁ < c₂ < 1. Default 0.9.
 * @param options.maxTrials - trials at most, whole, ≥ 1. Default 40.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Moré and Thuente 1994; how we deviate is said at `wolfeSearch`.
 */
export function strongWolfe(options: StrongWolfeOptions = {}): LineSearch {
  return wolfeSearch(readOptions("strongWolfe", strongWolfeTable, options));
}
