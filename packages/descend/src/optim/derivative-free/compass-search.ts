import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { decided, type Search, type SearchMethod, type SearchStep, valueAt, valuesAt } from "../search-method.js";
import { Region, ranked } from "./region.js";
import { firstSteps, isDone, stepScales } from "./step-sizes.js";

export interface CompassSearchOptions {
  readonly size?: number;
  readonly tolerance?: number;
  readonly poll?: "first" | "all";
}

/** The rows of {@link CompassSearchOptions}. */
export const compassSearchTable: OptionTable<CompassSearchOptions> = {
  size: { kind: "number", default: 0.5, ...POSITIVE, meaning: "first width of the mesh, relative to max(1, abs(x))" },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "width of the mesh, relative to the parameter, at which the search ends",
  },
  poll: {
    kind: "choice",
    choices: ["first", "all"],
    default: "first",
    meaning: "go to the first lower neighbor, or ask for all and go to the lowest",
  },
};

export type CompassSearchState = {
  /** Width of the mesh in each coordinate, [n]; at least 1 where only whole numbers are taken. */
  readonly widths: Float64Array;
  /** The last successful move, [n]; zeros if there is none to repeat. */
  readonly lastMove: Float64Array;
  /** Coordinate at which the next poll begins. */
  readonly first: number;
};

/**
 * Compass search: look in every direction of the compass, go where it is lower, narrow the mesh where it is not.
 *
 * x ← x ± Δᵢ·eᵢ if that is lower; Δ ← Δ/2 if no neighbor is. A move that helped is tried again, twice as long.
 *
 * It needs no more than comparisons, so it stands kinks, jumps and missing values, and takes whole numbers (neighbors ± 1, at last)
 * and categories (every other value is a neighbor). It ends when the mesh is narrow and no neighbor is lower.
 *
 * @param options.size - first width of the mesh, relative to max(1, |xᵢ|), > 0. Default 0.5.
 * @param options.tolerance - width of the mesh relative to |xᵢ| at which the search ends, > 0. Default 1e-8.
 * @param options.poll - "first": go to the first lower neighbor; "all": ask for all 2n at once, which may be evaluated side by
 * side, and go to the lowest. Default "first".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Kolda, Lewis and Torczon 2003, algorithm 3; Hooke and Jeeves 1961 for repeating a move.
 */
export function compassSearch(options: CompassSearchOptions = {}): SearchMethod<CompassSearchState> {
  const { size, tolerance, poll } = readOptions("compassSearch", compassSearchTable, options);
  return {
    kind: "search",
    name: "compassSearch",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
    init(point, problem) {
      const widths = firstSteps({ ...problem, start: point.params }, new Region(problem), size);
      return decided({ widths, lastMove: new Float64Array(problem.size), first: 0 });
    },
    *step(point, state, problem): Search<SearchStep<CompassSearchState>> {
      const region = new Region(problem);
      const { params, value } = point;
      const took = (to: Float64Array, at: number, widths: Float64Array, first: number): SearchStep<CompassSearchState> => ({
        point: { params: to, value: at, gradient: undefined },
        state: { widths, lastMove: to.map((x, i) => (region.isCategory(i) ? 0 : x - params[i]!)), first },
        extent: extentOf(widths),
      });

      if (state.lastMove.some((move) => move !== 0)) {
        const again = region.settled(params.map((x, i) => x + 2 * state.lastMove[i]!));
        if (again.some((x, i) => x !== params[i])) {
          const further = ranked(yield* valueAt(again));
          if (further < ranked(value)) return took(again, further, state.widths, state.first);
        }
      }

      const neighbors = neighborsOf(params, state, region);
      const points = neighbors.map(({ moved }) => moved);
      const lower = poll === "all" ? yield* lowestOf(points, ranked(value)) : yield* firstLower(points, ranked(value));
      if (lower !== undefined) return took(points[lower.index]!, lower.value, state.widths, neighbors[lower.index]!.coordinate);
      const scales = stepScales(params, firstSteps(problem, region, size));
      if (state.widths.every((width, i) => region.isFixed(i) || (region.isWhole(i) ? width <= 1 : width <= tolerance * scales[i]!)))
        return isDone(point, state);
      const widths = state.widths.map((width, i) => (region.isWhole(i) ? Math.min(width, Math.max(1, Math.round(width / 2))) : width / 2));
      return { point, state: { ...state, widths, lastMove: new Float64Array(params.length) }, extent: extentOf(widths) };
    },
  };
}

interface Neighbor {
  readonly coordinate: number;
  readonly moved: Float64Array;
}

/** All points of the compass, beginning with the coordinate that helped last. */
function neighborsOf(params: Float64Array, { widths, first }: CompassSearchState, region: Region): Neighbor[] {
  const neighbors: Neighbor[] = [];
  const add = (coordinate: number, to: number): void => {
    const settled = region.settle(coordinate, to);
    if (settled === params[coordinate]) return;
    const moved = params.slice();
    moved[coordinate] = settled;
    neighbors.push({ coordinate, moved });
  };
  for (let k = 0; k < params.length; k++) {
    const i = (first + k) % params.length;
    if (region.isCategory(i)) {
      for (let other = region.lower[i]!; other <= region.upper[i]!; other++) add(i, other);
      continue;
    }
    add(i, params[i]! + widths[i]!);
    add(i, params[i]! - widths[i]!);
  }
  return neighbors;
}

function* firstLower(points: readonly Float64Array[], than: number): Search<{ index: number; value: number } | undefined> {
  for (const [index, point] of points.entries()) {
    const value = ranked(yield* valueAt(point));
    if (value < than) return { index, value };
  }
  return undefined;
}

function* lowestOf(points: readonly Float64Array[], than: number): Search<{ index: number; value: number } | undefined> {
  const values = Array.from(yield* valuesAt(points), ranked);
  let lowest: { index: number; value: number } | undefined;
  values.forEach((value, index) => {
    if (value < (lowest?.value ?? than)) lowest = { index, value };
  });
  return lowest;
}

function extentOf(widths: Float64Array): number {
  return widths.reduce((largest, width) => Math.max(largest, width), 0);
}
