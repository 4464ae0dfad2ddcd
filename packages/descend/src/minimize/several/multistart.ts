/** Many descents of one objective from different starts: where they end, how often, and the lowest of all. */

import { DataError } from "../../errors.js";
import { wilsonInterval } from "../../numeric/wilson-interval.js";
import { flatten, type Params } from "../../tree/tree.js";
import { allTools, type PlainObjective, type RowObjective, refuseConstraints, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import { check, type DescentOptions } from "../options.js";
import type { Solution } from "../solution.js";
import type { Verdict } from "../verdict.js";
import { type BasinTolerances, type Ending, groupEndings } from "./basins.js";
import { LockstepDescent } from "./lockstep-descent.js";
import { type StartRegion, startPoints } from "./start-points.js";

/** Those of `minimize`; `seed` is also behind the starts, budgets are those of each descent. */
export interface MultistartOptions extends Omit<DescentOptions, "checkpoint" | "constraints"> {
  /** Ends this close are one: along each parameter, relative to it and to the spread of the starts. > 0. Default 1e-3. */
  readonly distanceTolerance?: number | undefined;
  /** And with values this close, relative to them and to the fall from the start. > 0. Default 1e-6. */
  readonly valueTolerance?: number | undefined;
  /**
   * Steps of the update rule that all starts make side by side, in lanes of the machine's vectors, before any of them is looked at: no test ends them, and
   * a step costs a fraction of one alone. Then, of those that have come to one place, the lowest goes on as a descent of its own, with its tests, and
   * speaks for all of them; who has no finite place by then descends alone from its start. Whole, ≥ 1, counted in `maxSteps`; for update rules and
   * objectives that can be compiled, without a table. Default: each start descends alone.
   */
  readonly lockstep?: number | undefined;
}

/** One descent. */
export interface MultistartRun<P> {
  readonly start: P;
  /** Where it ended; after steps in lockstep, where the descent ended that went on for it. */
  readonly end: P;
  readonly value: number;
  readonly verdict: Verdict;
  /** Those in lockstep included. */
  readonly steps: number;
  /** Index in `basins`. */
  readonly basin: number;
}

/** Starts that lead to one end. */
export interface Basin<P> {
  /** The lowest of the ends; where the objective falls without end, merely how far one came. */
  readonly params: P;
  readonly value: number;
  readonly verdict: Verdict;
  /** Descents that ended there, and their share of all. */
  readonly count: number;
  readonly frequency: number;
  /** Where the probability behind that share lies, with a confidence of 95 %. */
  readonly interval: readonly [lower: number, upper: number];
}

export interface Multistart<P> {
  /** The solution of the run with the lowest end, in full; of ends at a finite place where there are any. Its history has no steps in lockstep. */
  readonly best: Solution<P>;
  /** Index of that run. */
  readonly bestRun: number;
  /** One a start, in their order. */
  readonly runs: readonly MultistartRun<P>[];
  /** The lowest first; what has no finite place last. */
  readonly basins: readonly Basin<P>[];
  /** Behind the starts and all else that is random. */
  readonly seed: number;
  /**
   * How likely it is that the best of `n` starts comes as low as the best one here: 1 − (1 − p)ⁿ for the share p of the starts that did, whichever of equally
   * low basins they met, and for the ends of its interval. A lower basin that no start has met is not in it.
   */
  readonly chanceOfBest: (n: number) => { readonly probability: number; readonly interval: readonly [lower: number, upper: number] };
}

/** Ends that are no point: the descent would have gone on without end, or never began. */
const NO_PLACE: readonly Verdict[] = ["unbounded", "infimum-not-attained", "broken-input"];

/**
 * Minimizes from many starts. The objective is compiled once.
 *
 * @param objective - as for `minimize`.
 * @param starts - the starts, all of one shape, or a region to draw them from.
 * @returns the same table for the same arguments, whatever the machine; each run is what `minimize` makes of its start, bit for bit (in lockstep the steps
 * are the same up to rounding). With a `signal` that is aborted there are fewer runs, at least one.
 * @throws OptionError and DataError, as `minimize`; DataError PARAMS_EMPTY without starts.
 *
 * @example
 * multistart("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", { count: 40, center: { x: 0, y: 0 }, scale: 5 }).basins.length; // 4
 */
export function multistart<P, const D extends TableData>(
  objective: RowObjective<P, D>,
  starts: readonly P[] | StartRegion<P>,
  options: Omit<MultistartOptions, "data"> & { readonly data: D },
): Multistart<P>;
export function multistart<P>(
  objective: string | PlainObjective<P>,
  starts: readonly P[] | StartRegion<P>,
  options?: MultistartOptions,
): Multistart<P>;
export function multistart<P>(
  objective: TracedObjective,
  starts: readonly P[] | StartRegion<P>,
  options?: MultistartOptions,
): Multistart<P>;
export function multistart<P>(
  objective: string | ObjectiveFunction,
  starts: readonly P[] | StartRegion<P>,
  options: MultistartOptions = {},
): Multistart<P> {
  const { distanceTolerance = 1e-3, valueTolerance = 1e-6, lockstep: stepsTogether, ...descentOptions } = options;
  check("distanceTolerance", distanceTolerance, (v) => v > 0, "a number > 0");
  check("valueTolerance", valueTolerance, (v) => v > 0, "a number > 0");
  if (stepsTogether !== undefined) check("lockstep", stepsTogether, (v) => Number.isInteger(v) && v >= 1, "a whole number of steps ≥ 1");
  const seed = options.seed ?? 0;
  const points = Array.isArray(starts) ? (starts as readonly P[]) : startPoints(starts as StartRegion<P>, seed);
  if (points.length === 0) throw new DataError("PARAMS_EMPTY", "starts: expected at least one start, got none.", { where: "starts" });
  const tolerances = { distance: distanceTolerance, value: valueTolerance };

  refuseConstraints(descentOptions);
  const newDescent = (start: P, more: DescentOptions): LockstepDescent<P> =>
    new LockstepDescent(objective, start, { ...descentOptions, ...more }, 1, allTools);

  const descent = newDescent(points[0]!, { history: false });
  const walks: Walk<P>[] = [];
  if (stepsTogether !== undefined) {
    walks.push(...walkInLockstep(descent, points, stepsTogether, tolerances, options.signal));
  } else {
    for (const point of points) {
      if (walks.length > 0 && options.signal?.aborted) break;
      walks.push(walkAlone(descent, point));
    }
  }
  const endings = walks.map(({ solution: { value, verdict }, start, end, startValue }): Ending => {
    const kind = NO_PLACE.includes(verdict) ? verdict : "";
    return { start, end, startValue, value, kind };
  });
  const groups = groupEndings(endings, (kind) => kind === "", tolerances);
  const basinOf = new Map(groups.flatMap((members, k) => members.map((run) => [run, k] as const)));
  const trials = walks.length;
  const basins = groups.map((members): Basin<P> => {
    const { params, value, verdict } = walks[members[0]!]!.solution;
    const count = members.length;
    return { params, value, verdict, count, frequency: count / trials, interval: wilsonInterval(count, trials) };
  });
  const bestRun = groups[0]![0]!;
  const lowest = endings[bestRun]!;
  const low = endings.filter(({ value, startValue, kind }) => {
    const scale = Math.max(Math.abs(lowest.value), Math.abs(startValue - value), Math.abs(lowest.startValue - lowest.value));
    return kind === lowest.kind && Math.abs(value - lowest.value) <= valueTolerance * scale;
  }).length;
  // History and the look at curvature belong to a descent that stands where it ended
  const best = walks[bestRun]!.continued(newDescent(points[bestRun]!, { signal: undefined }))
    .run()
    .solution();
  const atLeastOnce = (p: number, n: number): number => -Math.expm1(n * Math.log1p(-p));
  return {
    best,
    bestRun,
    runs: walks.map(({ solution: { params, value, verdict, steps } }, i) => ({
      start: points[i]!,
      end: params,
      value,
      verdict,
      steps,
      basin: basinOf.get(i)!,
    })),
    basins,
    seed,
    chanceOfBest: (n) => {
      const [lower, upper] = wilsonInterval(low, trials);
      return { probability: atLeastOnce(low / trials, n), interval: [atLeastOnce(lower, n), atLeastOnce(upper, n)] };
    },
  };
}

/** How one start was descended from; `continued` brings a descent that begins there to where that of the solution went on alone. */
interface Walk<P> {
  /** Flat. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly startValue: number;
  readonly solution: Solution<P>;
  readonly continued: (descent: LockstepDescent<P>) => LockstepDescent<P>;
}

const flat = (tree: unknown): Float64Array => flatten(tree as Params).values;

function walkAlone<P>(descent: LockstepDescent<P>, point: P): Walk<P> {
  descent.restart(point);
  const startValue = descent.value;
  const solution = descent.run().solution();
  return { start: flat(point), end: flat(solution.params), startValue, solution, continued: (other) => other };
}

/** All of them first make `steps` steps together; one descent goes on for those that meet. Who has no finite place by then descends alone from its start. */
function walkInLockstep<P>(
  descent: LockstepDescent<P>,
  points: readonly P[],
  steps: number,
  tolerances: BasinTolerances,
  signal: AbortSignal | undefined,
): Walk<P>[] {
  const { starts, ends } = descent.walkTogether(points, steps, () => signal?.aborted === true);
  const endings = ends.map(({ startValue, params, value }, i): Ending => {
    const kind = Number.isFinite(value) && params.every(Number.isFinite) ? "" : "nowhere";
    return { start: starts[i]!, end: params, startValue, value, kind };
  });
  const walks: Walk<P>[] = [];
  for (const members of groupEndings(endings, (kind) => kind === "", tolerances)) {
    const [lowest] = members;
    if (endings[lowest!]!.kind === "") {
      const { reached } = ends[lowest!]!;
      const continued = (other: LockstepDescent<P>): LockstepDescent<P> => other.continueFrom(points[lowest!]!, reached);
      const solution = continued(descent).run().solution();
      const end = flat(solution.params);
      for (const i of members) walks[i] = { start: starts[i]!, end, startValue: ends[i]!.startValue, solution, continued };
    } else {
      for (const i of members) walks[i] = walkAlone(descent, points[i]!);
    }
  }
  return walks;
}
