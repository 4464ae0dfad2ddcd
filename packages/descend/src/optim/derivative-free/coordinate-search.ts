import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { decided, type Search, type SearchMethod, type SearchStep } from "../search-method.js";
import { lineStep, type Valued } from "./line-step.js";
import { Region } from "./region.js";
import { firstSteps, goesOn, isDone, stepScales } from "./step-sizes.js";

export interface CoordinateSearchOptions {
  readonly size?: number;
  readonly tolerance?: number;
}

/** The rows of {@link CoordinateSearchOptions}. */
export const coordinateSearchTable: OptionTable<CoordinateSearchOptions> = {
  size: { kind: "number", default: 0.1, ...POSITIVE, meaning: "first trial along a coordinate, relative to max(1, abs(x))" },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "ends when a sweep moves no coordinate by more than this, relative to the parameter",
  },
};

/** The last move along each coordinate, [n]. */
export type CoordinateSearchState = { readonly moves: Float64Array };

/** Accuracy of a line minimum relative to its distance: one far away need not be found to many digits. */
const LINE_ACCURACY = 1e-2;

/**
 * One coordinate after the other, each to its minimum: coordinate descent from values alone.
 *
 * xᵢ ← argmin over t of f(x₁, …, t, …, xₙ), for i = 1 … n; a step is one sweep.
 *
 * Right where the objective is (nearly) a sum over coordinates. In a narrow oblique valley its steps become short, and at a kink that
 * is not along the coordinates it stops short of the minimum: the tests at the end say so.
 *
 * @param options.size - first trial along a coordinate, relative to max(1, |xᵢ|), > 0. Default 0.1.
 * @param options.tolerance - movement of a sweep, relative to |xᵢ|, at which the search ends, > 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: some 8 values for each coordinate. Source: Brent 1973, section 7.1.
 */
export function coordinateSearch(options: CoordinateSearchOptions = {}): SearchMethod<CoordinateSearchState> {
  const { size, tolerance } = readOptions("coordinateSearch", coordinateSearchTable, options);
  return {
    kind: "search",
    name: "coordinateSearch",
    uses: "values",
    handles: { box: true, integers: false },
    init(point, problem) {
      return decided({ moves: firstSteps({ ...problem, start: point.params }, new Region(problem), size) });
    },
    *step(point, state, problem): Search<SearchStep<CoordinateSearchState>> {
      const region = new Region(problem);
      const scales = stepScales(point.params, firstSteps(problem, region, size));
      const moves = state.moves.slice();
      let here: Valued = point;
      let moved = 0;
      let extent = 0;
      for (let i = 0; i < moves.length; i++) {
        if (region.isFixed(i)) continue;
        const direction = new Float64Array(moves.length);
        direction[i] = 1;
        const smallest = tolerance * scales[i]!;
        const next = yield* lineStep(here, direction, region, {
          first: firstTrial(moves[i]!, smallest),
          relative: LINE_ACCURACY,
          absolute: smallest / 4,
        });
        moves[i] = next.t;
        moved = Math.max(moved, Math.abs(next.t) / scales[i]!);
        extent = Math.max(extent, Math.abs(next.t));
        here = next;
      }
      if (moved <= tolerance && !(here.value < point.value)) return isDone(point, { moves });
      return goesOn(here.params, here.value, { moves }, extent, scales);
    },
  };
}

/** A trial of the length of the last move, but not too short to show a difference. */
function firstTrial(move: number, smallest: number): number {
  return Math.abs(move) > 4 * smallest ? move : 4 * smallest * (move < 0 ? -1 : 1);
}
