/** Many descents of one objective from different starts: where they end, how often, and the lowest of all. */

import { DataError } from "../../errors.js";
import { wilsonInterval } from "../../numeric/wilson-interval.js";
import { flatten, type Params } from "../../tree/tree.js";
import { allTools, type PlainObjective, type RowObjective, refuseConstraints, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import { check, type DescentOptions, expectObject } from "../options.js";
import type { Signal } from "../signal.js";
import type { Solution } from "../solution.js";
import type { Verdict } from "../verdict.js";
import { type BasinTolerances, groupEndings } from "./basins.js";
import { LockstepDescent } from "./lockstep-descent.js";
import { type StartRegion, startPoints } from "./start-points.js";

/** Those of `minimize`; `seed` is also behind the starts, budgets are those of each descent. */
export interface MultistartOptions extends Omit<DescentOptions, "checkpoint" | "constraints"> {
  /** Ends this close are one: along each parameter, relative to it and to the spread of the starts. > 0. Default 1e-3. */
  readonly distanceTolerance?: number | undefined;
  /** And with values this close, relative to them and to the fall from the start. > 0. Default 1e-6. */
  readonly valueTolerance?: number | undefined;
  /**
   * Steps of the update rule that all starts make side by side, in lanes of the machine's vectors, before any of them is looked at: no test
   * ends them, and a step costs a fraction of one alone. Then, of those that have come to one place, the lowest goes on as a descent of its
   * own, with its tests, and speaks for all of them; who has no finite place by then descends alone from its start. Whole, ≥ 1, counted in
   * `maxSteps`; for update rules and objectives that can be compiled, without a table. Default: each start descends alone.
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
  /**
   * The solution of the run with the lowest end, in full; of ends at a finite place where there are
   * any. Its history has no steps in lockstep.
   */
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
   * How likely it is that the best of `n` starts comes as low as the best one here: 1 − (1 − p)ⁿ for the share p of the starts that did,
   * whichever of equally low basins they met, and for the ends of its interval. A lower basin that no start has met is not in it.
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
 * @returns the same table for the same arguments, whatever the machine; each run is what `minimize` makes of its start, bit for bit (in
 * lockstep the steps are the same up to rounding). With a `signal` that is aborted there are fewer runs, at least one.
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
  expectObject("starts", starts, "a list of starts, or a region such as { count: 20, center: { x: 0 }, scale: 5 }");
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
  const {
    outcomes,
    speaker,
    starts: flatStarts,
    startValues,
  } = stepsTogether === undefined
    ? walkAlone(descent, points, options.signal)
    : walkInLockstep(descent, points, stepsTogether, tolerances, options.signal);
  const trials = speaker.length;
  const size = flatStarts.length / trials;
  const endings = {
    size,
    starts: flatStarts,
    ends: new Float64Array(trials * size),
    startValues,
    values: new Float64Array(trials),
    kinds: new Array<string>(trials),
  };
  for (let i = 0; i < trials; i++) {
    const { end, value, kind } = outcomes[speaker[i]!]!;
    for (let j = 0; j < size; j++) endings.ends[i * size + j] = end[j]!;
    endings.values[i] = value;
    endings.kinds[i] = kind;
  }
  const groups = groupEndings(endings, tolerances);
  const basinOf = new Int32Array(trials);
  groups.forEach((members, k) => {
    for (const run of members) basinOf[run] = k;
  });
  const outcome = (run: number): Outcome<P> => outcomes[speaker[run]!]!;
  const basins = groups.map((members): Basin<P> => {
    const { params, value, verdict } = outcome(members[0]!);
    const count = members.length;
    return { params, value, verdict, count, frequency: count / trials, interval: wilsonInterval(count, trials) };
  });
  const bestRun = groups[0]![0]!;
  const lowest = outcome(bestRun);
  const lowestFall = Math.abs(startValues[bestRun]! - lowest.value);
  let low = 0;
  endings.values.forEach((value, i) => {
    const scale = Math.max(Math.abs(lowest.value), Math.abs(startValues[i]! - value), lowestFall);
    if (endings.kinds[i] === lowest.kind && Math.abs(value - lowest.value) <= valueTolerance * scale) low++;
  });
  // History and the look at curvature belong to a descent that stands where it ended. One that is without
  // history and cannot be interrupted has been made.
  const isMade = stepsTogether !== undefined && !options.history && options.signal === undefined;
  const last = isMade ? descent.restart(points[bestRun]!) : newDescent(points[bestRun]!, { signal: undefined });
  const best = lowest.continued(last).run().solution();
  const atLeastOnce = (p: number, n: number): number => -Math.expm1(n * Math.log1p(-p));
  const runs = new Array<MultistartRun<P>>(trials);
  for (let i = 0; i < trials; i++) {
    const { params, value, verdict, steps } = outcome(i);
    runs[i] = { start: points[i]!, end: params, value, verdict, steps, basin: basinOf[i]! };
  }
  return {
    best,
    bestRun,
    runs,
    basins,
    seed,
    chanceOfBest: (n) => {
      const [lower, upper] = wilsonInterval(low, trials);
      return { probability: atLeastOnce(low / trials, n), interval: [atLeastOnce(lower, n), atLeastOnce(upper, n)] };
    },
  };
}

/** Where a descent ended that speaks for one start or for several. */
interface Outcome<P> extends Pick<Solution<P>, "params" | "value" | "verdict" | "steps"> {
  /** Params, flat. */
  readonly end: Float64Array;
  /** The verdict of an end that is no point; otherwise "". */
  readonly kind: string;
  /** Brings a descent that stands at its start to where it goes on alone. */
  readonly continued: (descent: LockstepDescent<P>) => LockstepDescent<P>;
}

/** How the starts were descended from. */
interface Walks<P> {
  readonly outcomes: readonly Outcome<P>[];
  /** Of each start, whose outcome is its own. */
  readonly speaker: Int32Array;
  /** `[starts, size] row-major`. */
  readonly starts: Float64Array;
  readonly startValues: Float64Array;
}

const flat = (tree: unknown): Float64Array => flatten(tree as Params).values;

/** Where a descent ends that stands at its start. */
function outcomeOf<P>(descent: LockstepDescent<P>, continued: Outcome<P>["continued"] = (other) => other): Outcome<P> {
  const { params, value, verdict, steps } = continued(descent).run().solution();
  return { params, value, verdict, steps, end: flat(params), kind: NO_PLACE.includes(verdict) ? verdict : "", continued };
}

function walkAlone<P>(descent: LockstepDescent<P>, points: readonly P[], signal: Signal | undefined): Walks<P> {
  const outcomes: Outcome<P>[] = [];
  const startValues: number[] = [];
  for (const point of points) {
    if (outcomes.length > 0 && signal?.aborted) break;
    startValues.push(descent.restart(point).value);
    outcomes.push(outcomeOf(descent));
  }
  const starts = Float64Array.from(points.slice(0, outcomes.length).flatMap((point) => [...flat(point)]));
  return { outcomes, speaker: Int32Array.from(outcomes.keys()), starts, startValues: Float64Array.from(startValues) };
}

/**
 * All of them first make `steps` steps together; one descent goes on for those that meet. Who has no finite
 * place by then descends alone from its start.
 */
function walkInLockstep<P>(
  descent: LockstepDescent<P>,
  points: readonly P[],
  steps: number,
  tolerances: BasinTolerances,
  signal: Signal | undefined,
): Walks<P> {
  const { count, starts, startValues, params, values, reached } = descent.walkTogether(points, steps, () => signal?.aborted === true);
  const size = params.length / count;
  const kinds = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    let isPlace = Number.isFinite(values[i]!);
    for (let j = 0; j < size; j++) isPlace &&= Number.isFinite(params[i * size + j]!);
    kinds[i] = isPlace ? "" : "nowhere";
  }
  const outcomes: Outcome<P>[] = [];
  const speaker = new Int32Array(count);
  for (const members of groupEndings({ size, starts, ends: params, startValues, values, kinds }, tolerances)) {
    const [lowest] = members as [number];
    if (kinds[lowest] === "") {
      for (const i of members) speaker[i] = outcomes.length;
      outcomes.push(outcomeOf(descent, (other) => other.continueFrom(points[lowest]!, reached(lowest))));
      continue;
    }
    for (const i of members) {
      const point = points[i]!;
      startValues[i] = descent.restart(point).value;
      starts.set(flat(point), i * size);
      speaker[i] = outcomes.length;
      outcomes.push(outcomeOf(descent));
    }
  }
  return { outcomes, speaker, starts, startValues };
}
