/** Minimizing what takes its time: an objective that answers later, several of them at once. */

import { maxNorm } from "../numeric/blas1.js";
import { flatten, flattenLike, type Params } from "../tree/tree.js";
import { createSearch, type SearchOptions } from "./ask-tell.js";
import { defaultClock } from "./clock.js";
import type { Test } from "./judging/certificate/test.js";
import { PointTests } from "./judging/point-tests.js";
import { testedView } from "./judging/tested-view.js";
import { allTools } from "./minimize.js";
import { check, refuseUnknown } from "./options.js";
import { setUp } from "./set-up.js";
import type { WakingSignal } from "./signal.js";
import type { TerminationReason } from "./stopping.js";
import { decideVerdict, type Verdict } from "./verdict.js";

export interface AsyncOptions extends Omit<SearchOptions, "checkpoint"> {
  /** Values that are waited for at once, whole, ≥ 1. Default 1. */
  readonly concurrency?: number | undefined;
  /** Values asked for by the search at most, ≥ 1. Default 10 000. What the tests ask for comes on top. */
  readonly maxEvaluations?: number | undefined;
  /** A value at or below this ends it. Default: off. */
  readonly targetValue?: number | undefined;
  /** Ends it when aborted; what was begun is not waited for. */
  readonly signal?: WakingSignal | undefined;
  /** Test the point at the end with differences, which costs some 50·n values, one after the other. Default true. */
  readonly certify?: boolean | undefined;
  /** Called after every step and awaited; return or resolve to "stop" to end it. */
  readonly onStep?: ((info: { readonly step: number; readonly evaluations: number; readonly value: number }) => unknown) | undefined;
}

export interface AsyncSolution<P> {
  /** The best point, shaped like the start. */
  readonly params: P;
  readonly x: P;
  readonly value: number;
  readonly verdict: Verdict;
  readonly converged: boolean;
  readonly terminationReason: TerminationReason;
  readonly tests: readonly Test[];
  readonly method: string;
  readonly steps: number;
  readonly evaluations: number;
  /** Values that were no numbers, or whose promise was rejected: these count as infinitely bad. */
  readonly failures: number;
  readonly milliseconds: number;
}

/** How often a search by gradients whose point fails the tests is taken up again. */
const MAX_PURSUITS = 4;

/** Milliseconds after which timers and clicks get their turn, so that a signal is heard also where values are there at once. */
const TURN = 20;

const OPTION_NAMES: readonly (keyof AsyncOptions)[] = [
  "method",
  "methodOptions",
  "bounds",
  "variables",
  "seed",
  "concurrency",
  "maxEvaluations",
  "targetValue",
  "signal",
  "certify",
  "onStep",
];

/**
 * Minimizes an objective that returns promises, by a search by values (CMA-ES unless another is named) or one by gradients with central
 * differences.
 *
 * The points of a population, of the differences for a gradient, of a simplex that is rebuilt, or of `compassSearch({ poll: "all" })` are
 * evaluated side by side, as many as `concurrency` allows; the result does not depend on which of them answers first. A promise that is
 * rejected counts as an infinitely bad value, unless all that were ever asked for are: then its error is thrown.
 *
 * @param start - where to begin, within the bounds.
 * @returns the best point with a verdict, which is "converged" only if the tests passed.
 * @throws OptionError and DataError as {@link createSearch}
 */
export async function minimizeAsync<P>(
  objective: (params: P) => Promise<number> | number,
  start: P,
  options: AsyncOptions = {},
): Promise<AsyncSolution<P>> {
  refuseUnknown("minimizeAsync", options, OPTION_NAMES);
  const {
    concurrency = 1,
    maxEvaluations = 10_000,
    targetValue = Number.NEGATIVE_INFINITY,
    signal,
    certify = true,
    onStep,
    ...rest
  } = options;
  check("concurrency", concurrency, (v) => Number.isInteger(v) && v >= 1, "a whole number ≥ 1");
  check("maxEvaluations", maxEvaluations, (v) => v >= 1, "a number ≥ 1");
  const clock = defaultClock;
  const begun = clock();
  const search = createSearch(start, rest);
  const evaluate = new Evaluator(objective, concurrency, signal);
  const advance = async (): Promise<TerminationReason> => {
    for (;;) {
      const before = search.steps;
      const values = await evaluate.all(search.ask());
      if (values === undefined) return "stopped-by-caller";
      search.tell(values);
      const value = search.best?.value ?? Number.POSITIVE_INFINITY;
      const moved = search.steps > before;
      const stopped = moved && (await onStep?.({ step: search.steps, evaluations: search.evaluations, value })) === "stop";
      if (value <= targetValue) return "target-value";
      if (search.reason !== undefined) return search.reason;
      if (stopped) return "stopped-by-caller";
      if (search.evaluations >= maxEvaluations) return "max-evaluations";
    }
  };

  let reason = await advance();
  if (search.best === undefined && evaluate.lastError !== undefined) throw evaluate.lastError;
  let tested: Tested | undefined;
  for (let pursuit = 0; certify && reason === search.reason && search.best !== undefined; pursuit++) {
    tested = await certified(evaluate, start, search.best.params, rest, reason);
    if (tested?.verdict !== "stalled" || pursuit === MAX_PURSUITS || !search.pursue()) break;
    reason = await advance();
  }
  const best = search.best ?? { params: start, value: Number.NaN };
  const verdict = (reason === search.reason ? tested?.verdict : undefined) ?? untested(reason, best.value);
  return {
    params: best.params,
    x: best.params,
    value: best.value,
    verdict,
    converged: verdict === "converged",
    terminationReason: reason,
    tests: (reason === search.reason ? tested?.tests : undefined) ?? [],
    method: search.method,
    steps: search.steps,
    evaluations: evaluate.count,
    failures: evaluate.failures,
    milliseconds: clock() - begun,
  };
}

/** The verdict where there are no tests. */
function untested(reason: TerminationReason, value: number): Verdict {
  const broken = !Number.isFinite(value);
  return decideVerdict({ reasons: [reason], certificate: undefined, broken, stochastic: false, byValues: true, startValue: value, value });
}

/** Evaluates points side by side, and remembers what it knows. */
class Evaluator<P> {
  count = 0;
  failures = 0;
  lastError: unknown;
  private readonly objective: (params: P) => Promise<number> | number;
  private readonly concurrency: number;
  private readonly signal: WakingSignal | undefined;
  private turn = defaultClock();

  constructor(objective: (params: P) => Promise<number> | number, concurrency: number, signal: WakingSignal | undefined) {
    this.objective = objective;
    this.concurrency = concurrency;
    this.signal = signal;
  }

  /** Values in the order of the points; undefined once aborted. */
  async all(points: readonly P[]): Promise<number[] | undefined> {
    const values = new Array<number>(points.length).fill(Number.NaN);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < points.length) {
        await this.giveWay();
        if (next >= points.length || this.signal?.aborted === true) return;
        const k = next++;
        values[k] = await this.one(points[k]!);
      }
    };
    const work = Promise.all(Array.from({ length: Math.min(this.concurrency, points.length) }, worker));
    await (this.signal === undefined ? work : Promise.race([work, aborted(this.signal)]));
    return this.signal?.aborted === true ? undefined : values;
  }

  /** Awaiting what is there already lets nobody else run. */
  private async giveWay(): Promise<void> {
    if (defaultClock() - this.turn < TURN) return;
    // biome-ignore lint/style/noRestrictedGlobals: not to wait, but to let others run; no other turn of the event loop is the same on every host
    await new Promise<void>((resolve) => setTimeout(resolve));
    this.turn = defaultClock();
  }

  /** A value; NaN if there is none. */
  async one(point: P): Promise<number> {
    this.count++;
    try {
      const value = await this.objective(point);
      if (typeof value === "number" && !Number.isNaN(value)) return value;
    } catch (error) {
      this.lastError = error;
    }
    this.failures++;
    return Number.NaN;
  }
}

function aborted(signal: WakingSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

interface Tested {
  readonly verdict: Verdict;
  readonly tests: readonly Test[];
}

/** Thrown by an objective of known values at a point that is not known yet. */
class NotKnownYet {
  readonly point: unknown;

  constructor(point: unknown) {
    this.point = point;
  }
}

/**
 * The tests of `minimize` at a point: they run on the values known so far, again and again, until none is missing.
 *
 * @returns undefined if it was aborted.
 */
async function certified<P>(
  evaluate: Evaluator<P>,
  start: P,
  params: P,
  { bounds, variables, seed }: SearchOptions,
  reason: TerminationReason,
): Promise<Tested | undefined> {
  const { layout } = flatten(start as Params);
  const known = new Map<string, number>();
  const keyOf = (point: unknown): string => flattenLike(layout, point as Params).join();
  const recall = (point: unknown): number => {
    const value = known.get(keyOf(point));
    if (value === undefined) throw new NotKnownYet(point);
    return value;
  };
  for (;;) {
    try {
      // A search by values that takes whatever the parameters are: it makes no step.
      const prepared = setUp((point: never) => recall(point), start, { method: "compassSearch", bounds, variables, seed }, 1, allTools);
      const { stepper } = prepared;
      const startValue = stepper.value;
      const startSlope = maxNorm(stepper.gradient);
      stepper.moveTo(flattenLike(layout, params as Params));
      // Slopes are small against the one at the start.
      const { measures } = stepper;
      const gradientScale = Math.max(startSlope, measures.gradientScale);
      const seen = Object.create(stepper, { measures: { value: { ...measures, gradientScale } } }) as typeof stepper;
      const tests = new PointTests(testedView({ ...prepared, stepper: seen }), startValue, seed ?? 0);
      const plain = tests.certify();
      const certificate = prepared.whole?.certify(plain, stepper, (at) => tests.valueAt(at)) ?? plain;
      const broken = !Number.isFinite(stepper.value);
      const verdict = decideVerdict({
        reasons: [reason],
        certificate,
        broken,
        stochastic: false,
        byValues: reason === "step-tolerance",
        startValue,
        value: stepper.value,
      });
      return { verdict, tests: certificate.tests };
    } catch (missing) {
      if (!(missing instanceof NotKnownYet)) throw missing;
      const values = await evaluate.all([missing.point as P]);
      if (values === undefined) return undefined;
      known.set(keyOf(missing.point), values[0]!);
    }
  }
}
