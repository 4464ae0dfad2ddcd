/** What methods do whose direction comes from memory: try it, and start over from the steepest descent where it leads nowhere. */

import { maxNorm } from "../../numeric/blas1.js";
import type { Search, SearchPoint, SearchProblem } from "../search-method.js";
import { type LineSearch, type LineStep, searchAlong, smallMove } from "./line-search.js";

export interface RestartedStep extends LineStep {
  /** The direction it was found along. */
  readonly direction: Float64Array;
  /** Whether that was the steepest descent: what is remembered should be forgotten. */
  readonly restarted: boolean;
}

/** Gradients whose squares may overflow; below one over it they may vanish. */
const MOST_STEEP = 1e150;

/**
 * @param remembered - direction from memory and its first trial; undefined as long as there is none.
 */
export function* restartingSearch(
  search: LineSearch,
  point: SearchPoint,
  { start }: SearchProblem,
  remembered: { readonly direction: Float64Array; readonly initial: number } | undefined,
): Search<RestartedStep | undefined> {
  if (remembered !== undefined) {
    const { direction, initial } = remembered;
    const found = yield* searchAlong(search, point, direction, { initial });
    if (found !== undefined) return { ...found, direction, restarted: false };
  }
  const { params } = point;
  const steepness = maxNorm(point.gradient!);
  // The slope along it is a sum of squares.
  const unit = steepness > MOST_STEEP || steepness < 1 / MOST_STEEP ? 1 / steepness : 1;
  const direction = point.gradient!.map((g) => -g * unit);
  let found = yield* searchAlong(search, point, direction, { initial: smallMove(params, direction) });
  // Gradients or parameters that are tiny by their unit alone: only the size of the start tells how far the first step may lead.
  const size = maxNorm(params);
  if (found === undefined && size > 0 && params.every((x, i) => x === start[i])) {
    found = yield* searchAlong(search, point, direction, { initial: (0.1 * size) / maxNorm(direction) });
  }
  return found && { ...found, direction, restarted: true };
}
