/**
 * Several learning rates tried side by side: a range test finds where rates begin to diverge, then the rates of a geometric grid below
 * race, and after each round the worse half retires.
 */

import { resolveRule } from "../../optim/resolve-method.js";
import { exponentialDecay } from "../../optim/schedules/exponential-decay.js";
import type { Transformation } from "../../optim/transformation.js";
import type { Descent } from "../descent.js";
import { createDescent, type PlainObjective, type RowObjective, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import { check, type DescentOptions, refuseUnknown } from "../options.js";
import { learningRateRangeTest, type RangeTest, type RangeTestOptions } from "./learning-rate-range-test.js";

const PASSED = ["data", "batch", "shuffle", "seed", "constants", "gradient", "precision", "signal"] as const;

export interface SweepOptions extends Pick<DescentOptions, (typeof PASSED)[number]> {
  /** A name, or what makes a rule from its rate, a number or a schedule. Default "gradientDescent". */
  readonly method?: RangeTestOptions["method"];
  /** Lowest rate of the grid. > 0. Default 1e-6. */
  readonly from?: number | undefined;
  /** Highest rate of the grid. > from. Default 10. */
  readonly to?: number | undefined;
  /** Rates of the grid, at equal ratios. Whole, ≥ 2. Default 40. */
  readonly count?: number | undefined;
  /** Steps of all descents together, range test included. Whole, ≥ 100. Default 3000: 3 % of the 100 000 steps of a run. */
  readonly maxSteps?: number | undefined;
}

/** One rate of the grid that raced. */
export interface SweptRate {
  readonly learningRate: number;
  /** Objective after each step, the start first; of one batch each with `batch`. */
  readonly values: Float64Array;
  /** Whether it ended above its start or where nothing is finite. */
  readonly diverged: boolean;
}

export interface LearningRateSweep {
  /** The rate to take; undefined where none led lower. */
  readonly best: number | undefined;
  /** Those that raced, rising: the grid around where rates begin to diverge. */
  readonly swept: readonly SweptRate[];
  readonly rangeTest: RangeTest;
  /** Steps made altogether. */
  readonly steps: number;
}

/** Share of the steps that goes into the range test, and its steps at most. */
const RANGE_TEST = { share: 1 / 3, most: 150 };
/** Rates that race: those from where the range test diverged down to this share of it. */
const REACH = 1 / 40;
/** Share of the last steps that may lead up. */
const RESTLESS = 0.02;
/** Of the whole fall, how close to the lowest value counts as arrived: between two that arrived the sooner is better. */
const ARRIVED = 1e-8;

/**
 * Tries learning rates.
 *
 * @param objective, start - as for `minimize`.
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE; and what `minimize` throws.
 *
 * Of gradient descent the rate found is within a factor of 2 of the best one of the grid on smooth problems (learning-rate-sweep.test.ts).
 * Rates of adaptive methods that are best for few steps are larger than those best for many.
 *
 * Source: Smith 2017, section 3.3, for the range test; Jamieson, Talwalkar 2016, "Non-stochastic best arm identification", for halving.
 *
 * @example sweepLearningRates("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 }).best
 */
export function sweepLearningRates<P, const D extends TableData>(
  objective: RowObjective<P, D>,
  start: P,
  options: Omit<SweepOptions, "data"> & { readonly data: D },
): LearningRateSweep;
export function sweepLearningRates<P>(objective: string | PlainObjective<P>, start: P, options?: SweepOptions): LearningRateSweep;
export function sweepLearningRates<P>(objective: TracedObjective, start: P, options?: SweepOptions): LearningRateSweep;
export function sweepLearningRates<P>(objective: string | ObjectiveFunction, start: P, options: SweepOptions = {}): LearningRateSweep {
  const { method = "gradientDescent", from = 1e-6, to = 10, count = 40, maxSteps = 3000 } = options;
  refuseUnknown("option", options, [...PASSED, "method", "from", "to", "count", "maxSteps"]);
  check("from", from, (v) => v > 0 && Number.isFinite(v), "a finite number > 0");
  check("to", to, (v) => v > from && Number.isFinite(v), `a finite number > from, which is ${from}`);
  check("count", count, (v) => Number.isInteger(v) && v >= 2, "a whole number ≥ 2");
  check("maxSteps", maxSteps, (v) => Number.isInteger(v) && v >= 100, "a whole number ≥ 100");
  const passed: DescentOptions = Object.fromEntries(PASSED.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined));
  const rangeTest = learningRateRangeTest(objective as TracedObjective, start, {
    ...passed,
    method,
    from,
    to,
    steps: Math.min(RANGE_TEST.most, Math.floor(RANGE_TEST.share * maxSteps)),
  });
  const highest = rangeTest.diverged ?? to;
  const grid = Array.from({ length: count }, (_, k) => from * (to / from) ** (k / (count - 1)));
  const isNoisy = options.batch !== undefined && options.batch !== "full";
  const runnerWith = (learningRate: number): Runner => {
    const rule: string | Transformation =
      typeof method === "string" ? resolveRule(method, { learningRate }) : method(exponentialDecay({ initial: learningRate, factor: 1 }));
    const descent = createDescent(objective as TracedObjective, start, {
      ...passed,
      method: rule,
      certify: false,
      maxSteps,
      history: { params: false },
      stopping: { relativeGradientTolerance: 0 },
    });
    // Without memory of earlier steps a value that rises says that the rate is beyond the stable one
    return { learningRate, descent, mayRise: isNoisy || descent.method !== "gradientDescent" };
  };
  const runners: Runner[] = [];
  let steps = rangeTest.values.length;
  let best: number | undefined;
  // Where all that race diverge, those below them do
  for (let top = highest; best === undefined && top >= from && steps < maxSteps; top *= REACH) {
    const near = grid.filter((rate) => rate > REACH * top && rate <= top * (1 + 1e-9)).map(runnerWith);
    if (near.length === 0) continue;
    const raced = race(near, maxSteps - steps, isNoisy);
    runners.unshift(...near);
    steps += raced.steps;
    best = raced.best;
  }
  return {
    best,
    swept: runners.map(({ learningRate, descent }) => ({
      learningRate,
      values: descent.history!.value,
      diverged: hasDiverged(descent, rangeTest.startValue),
    })),
    rangeTest,
    steps,
  };
}

interface Runner {
  readonly learningRate: number;
  readonly descent: Descent<unknown>;
  readonly mayRise: boolean;
}

/** Rounds of equal cost: the better half runs on, twice as far. */
function race(runners: readonly Runner[], budget: number, noisy: boolean): { readonly steps: number; readonly best: number | undefined } {
  const startValue = runners[0]!.descent.value;
  const rounds = Math.ceil(Math.log2(Math.max(2, runners.length)));
  let alive = [...runners];
  let steps = 0;
  for (let round = 0; round < rounds; round++) {
    const share = Math.floor((budget - steps) / ((rounds - round) * alive.length));
    for (const { descent } of alive) steps += descent.step(share);
    alive = alive.filter(({ descent }) => !hasDiverged(descent, startValue));
    alive.sort(byProgress(alive, startValue, noisy));
    alive = alive.slice(0, Math.ceil(alive.length / 2));
  }
  return { steps, best: alive[0]?.learningRate };
}

function hasDiverged({ value, reasons }: Descent<unknown>, startValue: number): boolean {
  const broken = reasons.some((reason) => reason === "diverged" || reason === "non-finite-value" || reason === "non-finite-gradient");
  return broken || !(value <= startValue);
}

/** Who arrived sooner; else who is lower. Of noisy values the mean of the last quarter counts. */
function byProgress(runners: readonly Runner[], startValue: number, noisy: boolean): (a: Runner, b: Runner) => number {
  const value = ({ descent }: Runner): number => {
    const values = descent.history!.value;
    const last = noisy ? values.subarray(Math.floor((3 * values.length) / 4)) : values.subarray(-1);
    return last.reduce((sum, entry) => sum + entry, 0) / last.length;
  };
  const lowest = runners.reduce((least, runner) => Math.min(least, value(runner)), Number.POSITIVE_INFINITY);
  const near = lowest + ARRIVED * (startValue - lowest);
  const arrival = ({ descent }: Runner): number => {
    const at = noisy ? -1 : descent.history!.value.findIndex((entry) => entry <= near);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  };
  const ranks = new Map(
    runners.map((runner) => [runner, { restless: isRestless(runner) ? 1 : 0, arrival: arrival(runner), value: value(runner) }]),
  );
  return (a, b) => {
    const [left, right] = [ranks.get(a)!, ranks.get(b)!];
    if (left.restless !== right.restless) return left.restless - right.restless;
    return left.arrival === right.arrival ? left.value - right.value : left.arrival - right.arrival;
  };
}

/** Whether values rose, by more than rounding, in more than a few of the last steps. */
function isRestless({ descent, mayRise }: Runner): boolean {
  if (mayRise) return false;
  const values = descent.history!.value;
  const first = Math.floor(values.length / 2);
  let rises = 0;
  for (let k = first + 1; k < values.length; k++) if (values[k]! > values[k - 1]! + 1e-12 * Math.abs(values[k - 1]!)) rises++;
  return rises > RESTLESS * (values.length - first);
}
