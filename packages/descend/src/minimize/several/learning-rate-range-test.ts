/**
 * The learning-rate range test: one short descent whose rate grows geometrically from far too small to far too large. Where the value
 * starts to fall, falls fastest and turns up again says which rates are worth trying.
 */

import { OptionError } from "../../errors.js";
import type { MethodName } from "../../optim/method-name.js";
import { resolveRule } from "../../optim/resolve-method.js";
import { exponentialDecay } from "../../optim/schedules/exponential-decay.js";
import type { Schedule } from "../../optim/schedules/schedule.js";
import type { Transformation } from "../../optim/transformation.js";
import { createDescent, type PlainObjective, type RowObjective, type TracedObjective } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import type { TableData } from "../objective/rows.js";
import { checkKinds } from "../option-kinds.js";
import { check, type DescentOptions, refuseUnknown } from "../options.js";

/** What the descent of a range test takes from the options of any descent. */
const PASSED = ["data", "batch", "shuffle", "seed", "constants", "gradient", "precision", "signal"] as const;

export interface RangeTestOptions extends Pick<DescentOptions, (typeof PASSED)[number]> {
  /** A name, or what makes a rule from a schedule of its rate. Default "gradientDescent". */
  readonly method?: MethodName | ((learningRate: Schedule) => Transformation) | undefined;
  /** First rate. > 0. Default 1e-7. */
  readonly from?: number | undefined;
  /** Last rate. > from. Default 10. */
  readonly to?: number | undefined;
  /** Steps from the first rate to the last. Whole, ≥ 10. Default 100. */
  readonly steps?: number | undefined;
  /** The test ends where the value is above the lowest by more than this times the whole fall. > 0. Default 4. */
  readonly divergence?: number | undefined;
}

/** Rates read off a curve; undefined where the value never fell. */
export interface RangeTestSuggestions {
  /** Rate at which the value falls fastest per factor of the rate: a good constant rate. */
  readonly steepest: number;
  /** Rate at which the value was lowest. Rates up to a few times smaller diverge already in a longer run. */
  readonly lowest: number;
  /** A tenth of `lowest`: the cautious choice. */
  readonly tenthOfLowest: number;
  /** Ends for a cycle: where a twentieth of the fall is done, and halfway (on a logarithmic scale) from `steepest` to `lowest`. */
  readonly cycle: { readonly low: number; readonly high: number };
}

export interface RangeTest {
  /** Rate of each step, rising. */
  readonly learningRates: Float64Array;
  /** Objective after each step; of one batch with `batch`. */
  readonly values: Float64Array;
  /** The values without the noise of batches: what suggestions are read from. Equal to `values` without `batch`. */
  readonly smoothed: Float64Array;
  /** Objective before the first step. */
  readonly startValue: number;
  readonly suggestions: RangeTestSuggestions | undefined;
  /** What ended it: the last rate was reached, the value rose too far or was no longer finite, or the signal was aborted. */
  readonly end: "last-rate" | "diverged" | "not-finite" | "stopped-by-caller";
  /** The first rate that diverged, or undefined. */
  readonly diverged: number | undefined;
}

/**
 * Runs a learning-rate range test. All rates share one descent from `start`, so it costs as many gradients as it has steps.
 *
 * α_k = from·(to/from)^(k/(steps − 1))
 *
 * @param objective, start - as for `minimize`.
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE; and what `minimize` throws.
 *
 * On a quadratic, gradient descent diverges at rates above 2/L, L the largest curvature; the curve turns up some steps later, since what
 * has shrunk must first grow again.
 *
 * Source: Smith 2017, section 3.3, for the linear test and the ends of a cycle; the geometric growth
 * and the steepest fall are common practice.
 *
 * @example learningRateRangeTest("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 }).suggestions?.steepest
 */
export function learningRateRangeTest<P, const D extends TableData>(
  objective: RowObjective<P, D>,
  start: P,
  options: Omit<RangeTestOptions, "data"> & { readonly data: D },
): RangeTest;
export function learningRateRangeTest<P>(objective: string | PlainObjective<P>, start: P, options?: RangeTestOptions): RangeTest;
export function learningRateRangeTest<P>(objective: TracedObjective, start: P, options?: RangeTestOptions): RangeTest;
export function learningRateRangeTest<P>(objective: string | ObjectiveFunction, start: P, options: RangeTestOptions = {}): RangeTest {
  const { method = "gradientDescent", from = 1e-7, to = 10, steps = 100, divergence = 4 } = options;
  refuseUnknown("option", options, [...PASSED, "method", "from", "to", "steps", "divergence"]);
  check("from", from, (v) => v > 0 && Number.isFinite(v), "a finite number > 0");
  check("to", to, (v) => v > from && Number.isFinite(v), `a finite number > from, which is ${from}`);
  check("steps", steps, (v) => Number.isInteger(v) && v >= 10, "a whole number ≥ 10");
  check("divergence", divergence, (v) => v > 0, "a number > 0");
  const rate = exponentialDecay({ initial: from, factor: (to / from) ** (1 / (steps - 1)) });
  const passed: DescentOptions = Object.fromEntries(PASSED.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined));
  const whole: DescentOptions = { ...passed, method: ruleFor(method, rate), certify: false, maxSteps: steps };
  checkKinds(whole);

  const descent = createDescent(objective as TracedObjective, start, whole);
  const startValue = descent.value;
  const rates: number[] = [];
  const values: number[] = [];
  const stochastic = options.batch !== undefined && options.batch !== "full";
  // Where batches differ, the first rates, too small to matter, tell how much.
  const width = Math.max(3, Math.round(steps / 20));
  const startOf = (v: readonly number[]): number => (stochastic ? mean(v.slice(0, width)) : startValue);
  const noiseOf = (v: readonly number[]): number => (stochastic ? deviation(v.slice(0, width)) : 0);
  let end: RangeTest["end"] = Number.isFinite(startValue) ? "last-rate" : "not-finite";
  let diverged: number | undefined;
  while (end === "last-rate" && values.length < steps) {
    const alpha = from * (to / from) ** (values.length / (steps - 1));
    if (descent.step() === 0) {
      end = descent.reasons.includes("stopped-by-caller") ? "stopped-by-caller" : "not-finite";
    } else {
      rates.push(alpha);
      values.push(descent.value);
      if (hasDiverged(stochastic ? trailing(values, width) : values, startOf(values), divergence, noiseOf(values))) end = "diverged";
    }
    if (end === "diverged" || end === "not-finite") diverged = alpha;
  }
  const smoothed = stochastic ? averaged(values, width) : Float64Array.from(values);
  return {
    learningRates: Float64Array.from(rates),
    values: Float64Array.from(values),
    smoothed,
    startValue,
    suggestions: suggestionsFrom(rates, smoothed, startOf(values), noiseOf(values)),
    end,
    diverged,
  };
}

function ruleFor(method: string | ((learningRate: Schedule) => Transformation), rate: Schedule): Transformation {
  if (typeof method === "function") return method(rate);
  if (typeof method === "string") return resolveRule(method, { learningRate: rate });
  const expected = 'a name such as "adam", or a function such as (learningRate) => adam({ learningRate })';
  throw new OptionError("OPTION_OUT_OF_RANGE", `method: expected ${expected}, got ${typeof method}.`, {
    option: "method",
    expected,
    got: typeof method,
  });
}

/** Whether the value stands above the lowest one by more than `factor` falls; noise counts as a fall. */
function hasDiverged(values: readonly number[], startValue: number, factor: number, noise: number): boolean {
  const lowest = values.reduce((least, value) => Math.min(least, value), startValue);
  const last = values.at(-1) ?? startValue;
  return last - lowest > factor * Math.max(startValue - lowest, noise) && last > startValue;
}

function suggestionsFrom(
  rates: readonly number[],
  values: Float64Array,
  startValue: number,
  noise: number,
): RangeTestSuggestions | undefined {
  const lowestAt = values.reduce((best, value, k) => (value < values[best]! ? k : best), 0);
  const fall = startValue - (values[lowestAt] ?? startValue);
  if (!(fall > noise)) return undefined;
  let steepestAt = 0;
  let largestDrop = 0;
  for (let k = 0; k <= lowestAt; k++) {
    const drop = (k === 0 ? startValue : values[k - 1]!) - values[k]!;
    if (drop > largestDrop) [steepestAt, largestDrop] = [k, drop];
  }
  const low = rates[values.findIndex((value) => startValue - value >= fall / 20)]!;
  const [steepest, lowest] = [rates[steepestAt]!, rates[lowestAt]!];
  const high = Math.max(Math.sqrt(steepest * lowest), low);
  return { steepest, lowest, tenthOfLowest: lowest / 10, cycle: { low, high } };
}

/** The mean of each run of `width` values. */
function trailing(values: readonly number[], width: number): number[] {
  return values.slice(width - 1).map((_, k) => mean(values.slice(k, k + width)));
}

/** Means over up to `width` neighbors on either side, weighted by a triangle. */
function averaged(values: readonly number[], width: number): Float64Array {
  return Float64Array.from(values, (_, k) => {
    let sum = 0;
    let weights = 0;
    for (let j = Math.max(-width, -k); j <= Math.min(width, values.length - 1 - k); j++) {
      const weight = width + 1 - Math.abs(j);
      sum += weight * values[k + j]!;
      weights += weight;
    }
    return sum / weights;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
}
