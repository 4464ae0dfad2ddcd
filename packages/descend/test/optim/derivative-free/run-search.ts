/** Runs a search around a function that answers at once, watching where it asks. */

import {
  answered,
  type Question,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchState,
} from "../../../src/optim/search-method.js";

export interface SearchRun {
  readonly points: SearchPoint[];
  readonly states: SearchState[];
  readonly extents: (number | undefined)[];
  /** Values asked for, in all. */
  readonly evaluations: number;
  /** Values asked for until the first at or below the target. */
  readonly reachedAfter: number | undefined;
  /** Whether the method found nothing left to search. */
  readonly ended: boolean;
  readonly last: SearchPoint;
}

export interface RunOptions {
  readonly box?: SearchProblem["box"];
  readonly integers?: Uint8Array;
  readonly seed?: number;
  readonly maxEvaluations?: number;
  readonly maxSteps?: number;
  readonly target?: number;
  /** Goes on from here instead of from the start. */
  readonly resume?: { readonly point: SearchPoint; readonly state: SearchState };
  readonly onAsk?: (point: Float64Array) => void;
}

export function runSearch(
  method: SearchMethod,
  f: (x: Float64Array) => number,
  start: readonly number[],
  options: RunOptions = {},
): SearchRun {
  const { maxEvaluations = 20_000, maxSteps = Number.POSITIVE_INFINITY, target = Number.NEGATIVE_INFINITY, onAsk } = options;
  let evaluations = 0;
  let reachedAfter: number | undefined;
  const value = (x: Float64Array): number => {
    onAsk?.(x);
    evaluations++;
    const result = f(x);
    if (result <= target) reachedAfter ??= evaluations;
    return result;
  };
  const answer = (question: Question): { values: number[] } => {
    if (question.kind !== "values") throw new Error(`a search without derivatives asked for a ${question.kind}`);
    return { values: question.points.map(value) };
  };
  const problem: SearchProblem = {
    size: start.length,
    start: Float64Array.from(start),
    box: options.box,
    integers: options.integers,
    seed: options.seed ?? 0,
  };
  let point: SearchPoint = options.resume?.point ?? { params: problem.start.slice(), value: value(problem.start), gradient: undefined };
  let state = options.resume?.state ?? answered(method.init(point, problem), answer);
  const [points, states, extents] = [[point], [state], [undefined as number | undefined]];
  let ended = false;
  while (!ended && evaluations < maxEvaluations && points.length <= maxSteps) {
    const step = answered(method.step(point, state, problem), answer);
    if (step === undefined) break;
    ({ point, state } = step);
    points.push(point);
    states.push(state);
    extents.push(step.extent);
    ended = step.extent === 0;
  }
  return { points, states, extents, evaluations, reachedAfter, ended, last: point };
}

/** A state as JSON gives it back. */
export function throughJson(state: SearchState): SearchState {
  const plain = JSON.parse(
    JSON.stringify(state, (_, entry) =>
      entry instanceof Float64Array ? { floats: Array.from(entry, String) } : typeof entry === "number" ? String(entry) : entry,
    ),
  ) as Record<string, unknown>;
  const floats = (entry: unknown): Float64Array => Float64Array.from((entry as { floats: string[] }).floats, Number);
  return Object.fromEntries(
    Object.entries(plain).map(([name, entry]) => [
      name,
      typeof entry === "string" ? Number(entry) : Array.isArray(entry) ? entry.map(floats) : floats(entry),
    ]),
  );
}

export function boxOf(lower: readonly number[], upper: readonly number[]): { lower: Float64Array; upper: Float64Array } {
  return { lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
}
