/** How long steps are at first, and when they, and differences of values, are too small to mean anything. */

import type { SearchPoint, SearchProblem, SearchState, SearchStep } from "../search-method.js";
import type { Region } from "./region.js";

/**
 * How far a local search goes from the start at first, per coordinate, [n], > 0 unless the coordinate is fixed.
 *
 * relative · max(1, |startᵢ|), at most a quarter of the width of the box, at least 1 where only whole numbers are taken.
 */
export function firstSteps({ start }: SearchProblem, region: Region, relative: number): Float64Array {
  return Float64Array.from(start, (x, i) => {
    if (region.isFixed(i)) return 0;
    const step = Math.min(relative * Math.max(1, Math.abs(x)), region.width(i) / 4);
    return region.isWhole(i) ? Math.max(1, Math.round(step)) : step;
  });
}

/** What counts as the size of each coordinate when steps are called small, [n], > 0: its amount, or the first step if that is larger. */
export function stepScales(params: ArrayLike<number>, steps: Float64Array): Float64Array {
  return steps.map((step, i) => Math.max(Math.abs(params[i]!), step, Number.MIN_VALUE));
}

/** Whether two points are the same, coordinate by coordinate. */
export function samePoint(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** How much lower than `value` another one must be to be more than rounding. */
export function roundingOf(value: number): number {
  return Number.isFinite(value) ? 8 * Number.EPSILON * Math.abs(value) : 0;
}

/** Distance, relative to |x|, at which a local search that sees nothing lower looks once more before it ends. */
export const PROBE = 1e-4;

/** A step of a search that goes on: until its last look it still extends to the distance of that look. */
export function goesOn<S extends SearchState>(
  params: Float64Array,
  value: number,
  state: S,
  extent: number,
  scales: Float64Array,
): SearchStep<S> {
  const last = scales.reduce((largest, scale) => Math.max(largest, PROBE * scale), 0);
  return { point: { params, value, gradient: undefined }, state, extent: Math.max(extent, last) };
}

/** A step of a search that has nothing left to look at. */
export function isDone<S extends SearchState>(point: SearchPoint, state: S): SearchStep<S> {
  return { point, state, extent: 0 };
}
