import { COUNT, type OptionTable, POSITIVE, readOptions } from "../options.js";
import {
  type Search,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchStep,
  valueAt,
  valuesAt,
} from "../search-method.js";
import { Draws } from "./draws.js";
import { latinHypercube } from "./population.js";
import { Region, ranked } from "./region.js";
import { firstSteps, isDone, samePoint, stepScales } from "./step-sizes.js";

export interface SimulatedAnnealingOptions {
  readonly cooling?: number;
  readonly sweeps?: number;
  readonly acceptance?: number;
  readonly restarts?: number;
  readonly tolerance?: number;
}

/** The rows of {@link SimulatedAnnealingOptions}. */
export const simulatedAnnealingTable: OptionTable<SimulatedAnnealingOptions> = {
  cooling: {
    kind: "number",
    default: 0.85,
    minimum: 0,
    minimumExcluded: true,
    maximum: 1,
    maximumExcluded: true,
    meaning: "the temperature is multiplied by this after every step",
  },
  sweeps: { kind: "number", default: 20, ...COUNT, meaning: "moves of each parameter at a temperature" },
  acceptance: {
    kind: "number",
    default: 0.8,
    minimum: 0,
    minimumExcluded: true,
    maximum: 1,
    maximumExcluded: true,
    meaning: "share of the rises that the first temperature lets pass",
  },
  restarts: {
    kind: "number",
    default: 0,
    minimum: 0,
    whole: true,
    meaning: "times it is heated again after it has frozen, from another place",
  },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "width of the moves, relative to the parameter, at which it counts as frozen",
  },
};

export type SimulatedAnnealingState = {
  /** Where the walk is, which is not always the best point seen. */
  readonly current: Float64Array;
  readonly currentValue: number;
  readonly temperature: number;
  readonly firstTemperature: number;
  /** Half-width of the moves of each coordinate, [n]. */
  readonly widths: Float64Array;
  /** Steps in a row that let no rise pass and found nothing better. */
  readonly still: number;
  /** Steps in a row that met one value only. */
  readonly flat: number;
  readonly restarts: number;
  readonly counter: number;
};

const STREAM = 0x5a01;
/** Sweeps between adaptations of the widths. */
const ADAPT_EVERY = 10;
/** How fast widths follow the share of accepted moves: factors from 1/(1 + this) to 1 + this. */
const GAIN = 2;
/** Share of moves that may go anywhere: without them narrow moves lock the walk into the basin where it happens to cool. */
const FAR = 0.1;
/** Steps without a rise that was let pass or a better point, after which whole numbers and categories count as settled; and steps without
 * any difference, after which there is nothing to search. */
const PATIENCE = 4;

/**
 * Simulated annealing: a random walk that takes every fall and, with probability exp(−Δf/T), a rise; T falls step by step.
 *
 * Schedule: T_k = T₀·coolingᵏ. T₀ lets pass the share `acceptance` of the mean rise between random points of the region. A step is one
 * temperature: `sweeps` moves xᵢ ← xᵢ + U(−1, 1)·wᵢ of each coordinate in turn, one in ten of them
 * across the whole region. After every ten sweeps wᵢ is widened if more than 60 % of
 * its moves were taken and narrowed if fewer than 40 %, so that moves stay useful as it cools. Each temperature begins at the best point.
 *
 * It ends when the widths are below the tolerance; with `restarts` it is heated again from a random point.
 *
 * @param options.cooling - 0 < … < 1. Default 0.85.
 * @param options.sweeps - moves of each parameter at a temperature, whole, ≥ 1. Default 20.
 * @param options.acceptance - 0 < … < 1. Default 0.8.
 * @param options.restarts - whole, ≥ 0. Default 0.
 * @param options.tolerance - width of the moves relative to |xᵢ| at which it ends, > 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: sweeps·n values a step, one after the other. Source: Kirkpatrick, Gelatt and Vecchi 1983; Corana et al. 1987 for moves, widths and
 * schedule. We deviate in fewer sweeps at each temperature, and in the far moves.
 */
export function simulatedAnnealing(options: SimulatedAnnealingOptions = {}): SearchMethod<SimulatedAnnealingState> {
  const { cooling, sweeps, acceptance, restarts, tolerance } = readOptions("simulatedAnnealing", simulatedAnnealingTable, options);

  function* init(point: SearchPoint, problem: SearchProblem): Search<SimulatedAnnealingState> {
    const region = new Region(problem);
    const draws = new Draws(problem.seed, STREAM, 0);
    const sample = latinHypercube(10 * problem.size, { start: point.params }, region, draws);
    const values = [point.value, ...Array.from(yield* valuesAt(sample))].filter(Number.isFinite);
    let rises = 0;
    for (let k = 1; k < values.length; k++) rises += Math.abs(values[k]! - values[k - 1]!) / (values.length - 1);
    const firstTemperature = rises > 0 ? rises / -Math.log(acceptance) : 1;
    return {
      current: point.params,
      currentValue: ranked(point.value),
      temperature: firstTemperature,
      firstTemperature,
      widths: firstWidths(region, point.params),
      still: 0,
      flat: 0,
      restarts: 0,
      counter: draws.counter,
    };
  }

  function* step(point: SearchPoint, state: SimulatedAnnealingState, problem: SearchProblem): Search<SearchStep<SimulatedAnnealingState>> {
    const region = new Region(problem);
    const draws = new Draws(problem.seed, STREAM, state.counter);
    // After being heated again it begins where the state says, otherwise at the best point.
    const heated = state.temperature === state.firstTemperature && state.restarts > 0;
    let current = heated ? state.current : point.params;
    let currentValue = heated ? state.currentValue : ranked(point.value);
    let best = point.params;
    let bestValue = ranked(point.value);
    const widths = state.widths.slice();
    const farthest = firstWidths(region, problem.start);
    const taken = new Float64Array(widths.length);
    const tried = new Float64Array(widths.length);
    let climbs = 0;
    let isFlat = true;
    for (let sweep = 1; sweep <= sweeps; sweep++) {
      for (let i = 0; i < widths.length; i++) {
        if (region.isFixed(i)) continue;
        const trial = current.slice();
        // Far moves do not count when widths are adapted.
        const far = draws.uniform() < FAR;
        trial[i] = moved(region, i, current[i]!, far ? farthest[i]! : widths[i]!, draws);
        if (!far) tried[i]!++;
        if (trial[i] === current[i]) continue;
        const value = ranked(yield* valueAt(trial));
        const rises = value > currentValue;
        if (value !== currentValue) isFlat = false;
        if (rises && !(draws.uniform() < Math.exp((currentValue - value) / state.temperature))) continue;
        if (rises) climbs++;
        current = trial;
        currentValue = value;
        if (!far) taken[i]!++;
        if (value < bestValue) [best, bestValue] = [trial, value];
      }
      if (sweep % ADAPT_EVERY !== 0 && sweep !== sweeps) continue;
      adapt(widths, taken, tried, region, current);
      taken.fill(0);
      tried.fill(0);
    }

    const found: SearchPoint = { params: best, value: bestValue, gradient: undefined };
    const isStill = climbs === 0 && samePoint(best, point.params);
    const after: SimulatedAnnealingState = {
      ...state,
      current,
      currentValue,
      temperature: cooling * state.temperature,
      widths,
      still: isStill ? state.still + 1 : 0,
      flat: isFlat ? state.flat + 1 : 0,
      counter: draws.counter,
    };
    const scales = stepScales(best, firstSteps(problem, region, 1));
    const frozen = widths.every((width, i) => region.isFixed(i) || region.isWhole(i) || width <= tolerance * scales[i]!);
    const settled = after.still >= PATIENCE || widths.every((_, i) => region.isFixed(i) || !region.isWhole(i));
    if (!(frozen && settled) && after.flat < PATIENCE) return { point: found, state: after, extent: extentOf(after, region, restarts) };
    if (state.restarts >= restarts) return isDone(found, after);
    const [place] = latinHypercube(1, problem, region, draws) as [Float64Array];
    const value = ranked(yield* valueAt(place));
    const again: SimulatedAnnealingState = {
      ...after,
      current: place,
      currentValue: value,
      temperature: state.firstTemperature,
      widths: firstWidths(region, place),
      still: 0,
      flat: 0,
      restarts: state.restarts + 1,
      counter: draws.counter,
    };
    const better: SearchPoint = value < bestValue ? { params: place, value, gradient: undefined } : found;
    return { point: better, state: again, extent: extentOf(again, region, restarts) };
  }

  return {
    kind: "search",
    name: "simulatedAnnealing",
    uses: "values",
    handles: { box: true, integers: true, categories: true },
    init,
    step,
  };
}

/** Half of what a coordinate may be drawn from. */
function firstWidths(region: Region, start: Float64Array): Float64Array {
  return Float64Array.from(start, (x, i) => {
    const [low, high] = region.drawn(i, x, 1);
    return (high - low) / 2;
  });
}

/** A move of one coordinate: inside the bounds by drawing from what of the interval they leave. */
function moved(region: Region, i: number, x: number, width: number, draws: Draws): number {
  if (region.isCategory(i)) return region.otherCategory(i, x, draws.uniform());
  const reach = region.isWhole(i) ? Math.max(1, width) + 0.5 : width;
  const low = Math.max(region.lower[i]! - (region.isWhole(i) ? 0.5 : 0), x - reach);
  const high = Math.min(region.upper[i]! + (region.isWhole(i) ? 0.5 : 0), x + reach);
  return region.settle(i, draws.between(low, high));
}

/** Corana's rule: widths follow the share of moves that were taken. */
function adapt(widths: Float64Array, taken: Float64Array, tried: Float64Array, region: Region, current: Float64Array): void {
  for (let i = 0; i < widths.length; i++) {
    if (tried[i] === 0) continue;
    const share = taken[i]! / tried[i]!;
    if (share > 0.6) widths[i]! *= 1 + (GAIN * (share - 0.6)) / 0.4;
    else if (share < 0.4) widths[i]! /= 1 + (GAIN * (0.4 - share)) / 0.4;
    // Wider than the region says nothing; without bounds it may grow, but not without end.
    const [low, high] = region.drawn(i, current[i]!, 100);
    widths[i] = Math.min(widths[i]!, high - low);
  }
}

function extentOf({ widths, restarts: done }: SimulatedAnnealingState, region: Region, restarts: number): number {
  if (done < restarts) return Number.POSITIVE_INFINITY;
  return widths.reduce((extent, width, i) => Math.max(extent, region.isWhole(i) ? Math.max(1, width) : width), 0);
}
