import { maxNorm } from "../../numeric/blas1.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { decided, type Search, type SearchMethod, type SearchStep, valueAt } from "../search-method.js";
import { lineStep, type Valued } from "./line-step.js";
import { Region, ranked, scaledDistance } from "./region.js";
import { firstSteps, goesOn, isDone, PROBE, stepScales } from "./step-sizes.js";

export interface PowellOptions {
  readonly size?: number;
  readonly tolerance?: number;
}

/** The rows of {@link PowellOptions}. */
export const powellTable: OptionTable<PowellOptions> = {
  size: { kind: "number", default: 0.1, ...POSITIVE, meaning: "first trial along a direction, relative to max(1, abs(x))" },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "ends when a sweep moves no parameter by more than this, relative to the parameter",
  },
};

/** The directions, each as long as the last move along it. */
export type PowellState = {
  readonly directions: readonly Float64Array[];
  /** 1 if they are the coordinate axes. */
  readonly axes: number;
};

const LINE_ACCURACY = 1e-2;

/**
 * Powell's directions: line minima along n directions, which become conjugate as the search learns from its own steps.
 *
 * After a sweep over the directions from x₀ to xₙ, the move xₙ − x₀ takes the place of the direction of the largest fall, unless a point
 * as far again shows that the fall was used up or that the directions would become dependent.
 *
 * The search ends when a sweep along the coordinate axes moves nothing; one along other directions that moves nothing is
 * followed by it.
 *
 * @param options.size - first trial along a direction, relative to max(1, |xᵢ|), > 0. Default 0.1.
 * @param options.tolerance - movement of a sweep, relative to |xᵢ|, at which the search ends, > 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: some 8 values for each direction. Lines end at the faces of the box.
 * Source: Powell 1964, with the criterion of Brent 1973, section 7.3, as in Press et al. 2007, section 10.7; line minima by Brent 1973.
 */
export function powell(options: PowellOptions = {}): SearchMethod<PowellState> {
  const { size, tolerance } = readOptions("powell", powellTable, options);
  return {
    kind: "search",
    name: "powell",
    uses: "values",
    handles: { box: true, integers: false },
    init(point, problem) {
      return decided(axes(firstSteps({ ...problem, start: point.params }, new Region(problem), size)));
    },
    *step(point, state, problem): Search<SearchStep<PowellState>> {
      const region = new Region(problem);
      const scales = stepScales(point.params, firstSteps(problem, region, size));
      let here: Valued = point;
      let [largestFall, steepest] = [0, 0];
      const directions = state.directions.slice();
      for (const [k, direction] of directions.entries()) {
        const next = yield* along(here, direction, region, scales, tolerance);
        if (here.value - next.value > largestFall) [largestFall, steepest] = [here.value - next.value, k];
        directions[k] = lengthened(direction, next.t, scales, tolerance);
        here = next;
      }
      const moved = scaledDistance(here.params, point.params, scales);
      if (moved <= tolerance) {
        if (state.axes === 1 && !(here.value < point.value)) return isDone(point, state);
        return goesOn(here.params, here.value, axes(lastLook(scales, region)), 0, scales);
      }

      const total = here.params.map((x, i) => x - point.params[i]!);
      const beyond = region.settled(here.params.map((x, i) => x + total[i]!));
      const further = ranked(yield* valueAt(beyond));
      const fall = ranked(point.value) - here.value;
      const curvature = 2 * (ranked(point.value) - 2 * here.value + further);
      let isAxes = state.axes;
      if (further < point.value && curvature * (fall - largestFall) ** 2 < largestFall * (point.value - further) ** 2) {
        const next = yield* along(here, total, region, scales, tolerance);
        directions[steepest] = directions.at(-1)!;
        directions[directions.length - 1] = next.t === 0 ? total : lengthened(total, next.t, scales, tolerance);
        isAxes = 0;
        here = next;
      }
      return goesOn(here.params, here.value, { directions, axes: isAxes }, maxNorm(total), scales);
    },
  };
}

function* along(
  here: Valued,
  direction: Float64Array,
  region: Region,
  scales: Float64Array,
  tolerance: number,
): Search<Valued & { readonly t: number }> {
  const length = relativeLength(direction, scales);
  if (length === 0) return { ...here, t: 0 };
  return yield* lineStep(here, direction, region, { first: 1, relative: LINE_ACCURACY, absolute: tolerance / length / 4 });
}

/** A direction as long as the move along it, but not shorter than a trial that shows a difference. */
function lengthened(direction: Float64Array, t: number, scales: Float64Array, tolerance: number): Float64Array {
  const shortest = (4 * tolerance) / relativeLength(direction, scales);
  const factor = Math.abs(t) > shortest ? t : Math.sign(t || 1) * Math.min(1, Math.max(shortest, 0.1));
  return direction.map((d) => factor * d);
}

function relativeLength(direction: Float64Array, scales: Float64Array): number {
  return direction.reduce((length, d, i) => Math.max(length, Math.abs(d) / scales[i]!), 0);
}

/** The coordinate axes with the given lengths; a fixed coordinate has none. */
function axes(lengths: Float64Array): PowellState {
  const free = Array.from(lengths, (_, i) => i).filter((i) => lengths[i]! > 0);
  const directions = free.map((i) => lengths.map((length, j) => (j === i ? length : 0)));
  return { directions, axes: 1 };
}

/** Lengths of the trials of a last sweep. */
function lastLook(scales: Float64Array, region: Region): Float64Array {
  return scales.map((scale, i) => (region.isFixed(i) ? 0 : PROBE * scale));
}
