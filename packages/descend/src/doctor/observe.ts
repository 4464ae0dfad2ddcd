/**
 * The passive log of a run: it is driven in stretches between marks, and only at marks does anything cost time. Marks are spread over the
 * logarithm of the step count and over the whole budget; at each a few steps in a row are looked at, for the angle between them.
 */

import type { Checkpoint } from "../minimize/checkpoint.js";
import type { Descent } from "../minimize/descent.js";
import { descentOf } from "../minimize/minimize.js";
import type { DescentOptions } from "../minimize/options.js";
import type { TerminationReason } from "../minimize/stopping.js";
import type { Verdict } from "../minimize/verdict.js";
import { dot, twoNorm } from "../numeric/blas1.js";
import { flatten, type Params, unflatten } from "../tree/tree.js";
import { batchesOf } from "./batches.js";
import { Probe } from "./probe.js";
import { hasOwnBatches, type SettledCase } from "./settle-case.js";

/** A step that was looked at. */
export interface LogEntry {
  readonly step: number;
  /** The objective over all rows at mini-batch runs' marks; NaN between marks of these. */
  readonly value: number;
  /** What the descent itself saw: of the batch, for mini-batches. */
  readonly ownValue: number;
  /** ‖g‖₂, of the batch for mini-batches. */
  readonly gradientNorm: number;
  readonly paramsNorm: number;
  /** ‖Δx‖₂ of the step that led here; NaN where the step before was not looked at. */
  readonly stepLength: number;
  /** Cosine between this step and the one before. */
  readonly cosine: number;
  /** Loss on the validation rows at marks. */
  readonly validation: number;
}

/** A point that is kept. */
export interface Snapshot {
  readonly step: number;
  readonly params: Float64Array;
  /** Of the whole objective. */
  readonly value: number;
  /** The step the method took from here, where it was looked at. */
  next: Float64Array | undefined;
}

export interface ObservedRun {
  readonly entries: readonly LogEntry[];
  /** Every mark, the start and the last finite point included. */
  readonly snapshots: readonly Snapshot[];
  readonly steps: number;
  /** Steps it was allowed. */
  readonly budget: number;
  readonly reason: TerminationReason;
  readonly verdict: Verdict;
  /** What the run gives: the best point, the last one of mini-batches, or what the patch asks for. */
  readonly params: Float64Array;
  readonly value: number;
  readonly startValue: number;
  /** Of the last iterate. */
  readonly lastValue: number;
  /** Gradients the run itself took. */
  readonly gradients: number;
  readonly checkpoint: Checkpoint | undefined;
  /** Iterate with the lowest validation loss, where one is measured. */
  readonly bestValidation: { readonly params: Float64Array; readonly validation: number; readonly step: number } | undefined;
  /** State of the method at the end. */
  readonly state: Readonly<Record<string, Float64Array>>;
  /** ‖x‖₂ and so on are finite throughout, and so are f and g. */
  readonly finite: boolean;
}

/** Budgets that the descent has unless told otherwise; the doctor looks at no more. */
const DEFAULT_STEPS = { rule: 100_000, search: 10_000 };
/** Runs up to this length are looked at in every step. */
const WATCHED_STEPS = 1024;
const LOG_MARKS = 36;
const LINEAR_MARKS = 48;
/** Steps in a row at a mark. */
const BURST = 3;
/** Last steps of the budget, each looked at. */
const TAIL = 64;
/** Marks at which a mini-batch run has its whole objective evaluated. */
const STOCHASTIC_MARKS = 24;

export interface ObserveOptions {
  readonly maxSteps?: number;
  /** Instead of the start. */
  readonly from?: Checkpoint;
  /** Largest number of gradients; for methods that take several a step. */
  readonly maxEvaluations?: number;
}

/** Runs a case and logs it. */
export function observe(settled: SettledCase, probe: Probe, options: ObserveOptions = {}): ObservedRun {
  const { layout, sign, stochastic, source } = settled;
  // What the run itself evaluates through a probe is not a cost of looking at it.
  const own = settled.penalty !== 0 || source.batches !== undefined || source.batchGradient !== undefined ? new Probe(settled) : probe;
  const search = settled.method.family === "search";
  const budget = options.maxSteps ?? settled.maxSteps ?? (search ? DEFAULT_STEPS.search : DEFAULT_STEPS.rule);
  const sampler = samplerOf(settled, own);
  const descent = descentOf({
    objective: objectiveOf(settled, own),
    start: unflatten(layout, settled.startParams),
    sense: sign === 1 ? "minimize" : "maximize",
    options: descentOptions(settled, own, sampler, budget, options),
  });
  const first = descent.steps;
  const watch = new Watch(settled, probe, descent, stochastic);
  watch.mark();
  const marks = marksOf(first, budget, sampler !== undefined || stochastic ? STOCHASTIC_MARKS : LINEAR_MARKS);
  const single = budget - first <= WATCHED_STEPS;
  const wholeEvery = Math.max(1, Math.ceil((single ? budget - first : marks.length) / STOCHASTIC_MARKS));
  let visited = 0;
  for (const mark of single ? everyStep(first, budget) : marks) {
    const ahead = mark - descent.steps;
    if (ahead > 1) descent.step(ahead - 1);
    if (descent.reasons.length > 0 && descent.steps < mark - 1) break;
    const made = descent.step(1);
    if (made > 0) {
      if (!stochastic || visited % wholeEvery === 0 || mark === budget) watch.mark(ahead > 1);
      else watch.glance(ahead > 1);
    }
    visited++;
    if (made === 0 || ended(descent)) break;
    for (let k = 1; !single && k < BURST && descent.steps < budget; k++) {
      if (descent.step(1) === 0 || ended(descent)) break;
      watch.glance();
    }
    if (ended(descent)) break;
  }
  // A point that met its tolerance is tested and pursued, as it is for the user.
  const pursues = source.certify !== false && source.pursue !== false && settled.patch.relativeGradientTolerance === undefined;
  if (pursues && !stochastic && descent.reasons.includes("gradient-tolerance")) descent.run();
  if (descent.steps > watch.lastStep || watch.glanced) watch.mark(true);
  return watch.finish(budget);
}

/** Reasons other than that the next steps were not asked for yet. */
function ended(descent: Descent<unknown>): boolean {
  return descent.reasons.length > 0;
}

class Watch {
  lastStep = -1;
  glanced = false;
  private readonly settled: SettledCase;
  private readonly probe: Probe;
  private readonly descent: Descent<unknown>;
  private readonly stochastic: boolean;
  private readonly entries: LogEntry[] = [];
  private readonly snapshots: Snapshot[] = [];
  private before: Float64Array | undefined;
  private moved: Float64Array | undefined;
  private best: ObservedRun["bestValidation"];
  private finite = true;

  constructor(settled: SettledCase, probe: Probe, descent: Descent<unknown>, stochastic: boolean) {
    this.settled = settled;
    this.probe = probe;
    this.descent = descent;
    this.stochastic = stochastic;
  }

  /** Looks at the step, and keeps the point. */
  mark(apart = false): void {
    const { settled, descent, probe } = this;
    const params = this.params();
    const own = settled.sign * descent.value;
    const value = this.stochastic ? probe.value(params) : own;
    const validation = settled.validationAt?.(settled.toOriginal(params)) ?? Number.NaN;
    this.enter(params, value, validation, apart);
    this.glanced = false;
    this.snapshots.push({ step: descent.steps, params, value, next: undefined });
    if (Number.isFinite(validation) && !(this.best !== undefined && this.best.validation <= validation)) {
      this.best = { params, validation, step: descent.steps };
    }
  }

  /** Looks at the step. */
  glance(apart = false): void {
    const own = this.settled.sign * this.descent.value;
    this.enter(this.params(), this.stochastic ? Number.NaN : own, Number.NaN, apart);
    this.glanced = true;
  }

  finish(budget: number): ObservedRun {
    const { descent, settled } = this;
    const last = this.snapshots.at(-1)!;
    const average =
      settled.patch.averageFrom === undefined ? undefined : Object.entries(descent.state).find(([name]) => name.endsWith("average"))?.[1];
    // Before the tests of the end, which are no part of the run
    const gradients = Math.max(descent.evaluations.gradient, descent.steps);
    const solution = descent.solution();
    const best = flatten(solution.params as Params).values;
    const kept = settled.patch.keepBestValidation === true ? this.best?.params : undefined;
    const params = kept ?? average ?? (this.stochastic ? last.params : best);
    const value = params === last.params ? last.value : this.probe.value(params);
    return {
      entries: this.entries,
      snapshots: this.snapshots,
      steps: descent.steps,
      budget,
      reason: solution.terminationReason,
      verdict: solution.verdict,
      params,
      value,
      startValue: this.snapshots[0]!.value,
      lastValue: last.value,
      gradients,
      checkpoint: settled.source.batches === undefined && settled.source.batchGradient === undefined ? descent.checkpoint() : undefined,
      bestValidation: this.best,
      state: descent.state,
      finite: this.finite && !/non-finite/.test(solution.terminationReason),
    };
  }

  private params(): Float64Array {
    return flattenLoosely(this.descent.params);
  }

  private enter(params: Float64Array, value: number, validation: number, apart: boolean): void {
    const { descent } = this;
    const known = this.before !== undefined && !apart && descent.steps === this.lastStep + 1;
    const move = known ? params.map((x, i) => x - this.before![i]!) : undefined;
    const gradient = flattenLoosely(descent.gradient);
    const ownValue = this.settled.sign * descent.value;
    this.entries.push({
      step: descent.steps,
      value,
      ownValue,
      gradientNorm: twoNorm(gradient),
      paramsNorm: twoNorm(params),
      stepLength: move === undefined ? Number.NaN : twoNorm(move),
      cosine: move === undefined || this.moved === undefined || !known ? Number.NaN : cosine(move, this.moved),
      validation,
    });
    if (!Number.isFinite(ownValue) || !gradient.every(Number.isFinite)) this.finite = false;
    const previous = this.snapshots.at(-1);
    if (previous !== undefined && previous.step === descent.steps - 1) previous.next = move;
    this.before = params;
    this.moved = move;
    this.lastStep = descent.steps;
  }
}

function cosine(a: Float64Array, b: Float64Array): number {
  return dot(a, b) / (twoNorm(a) * twoNorm(b));
}

/** Numbers of a tree in order; unlike `flatten` it lets through what is not finite. */
function flattenLoosely(tree: unknown): Float64Array {
  const values: number[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === "number") values.push(node);
    else if (ArrayBuffer.isView(node)) for (const value of node as Float64Array) values.push(value);
    else if (Array.isArray(node)) node.forEach(visit);
    else Object.values(node as object).forEach(visit);
  };
  visit(tree);
  return Float64Array.from(values);
}

function* everyStep(first: number, budget: number): Generator<number> {
  for (let step = first + 1; step <= budget; step++) yield step;
}

/** Step counts to look at, ascending. */
function marksOf(first: number, budget: number, linear: number): number[] {
  const span = budget - first;
  const marks = new Set<number>();
  for (let k = 0; k <= LOG_MARKS; k++) marks.add(first + Math.round(span ** (k / LOG_MARKS)));
  for (let k = 1; k <= linear; k++) marks.add(first + Math.round((span * k) / linear));
  for (let step = Math.max(first + 1, budget - TAIL); step <= budget; step++) marks.add(step);
  return [...marks].filter((step) => step > first && step <= budget).sort((a, b) => a - b);
}

/** The gradient of the user's own batches, one batch a call. */
function samplerOf(settled: SettledCase, probe: Probe): ((params: unknown) => unknown) | undefined {
  const { source, patch, layout } = settled;
  if (!hasOwnBatches(source, patch)) return undefined;
  const all = Array.from({ length: settled.rows }, (_, i) => i);
  let epoch = 0;
  let pending: readonly (readonly number[])[] = [];
  let place = 0;
  const next = (): readonly number[] => {
    while (place >= pending.length) {
      pending = batchesOf(settled, epoch++) ?? [all];
      place = 0;
    }
    return pending[place++]!;
  };
  const own = patch.gradient === "exact" ? undefined : source.batchGradient;
  return (params) => {
    const rows = next();
    if (own !== undefined) return (own as (params: unknown, rows: readonly number[]) => unknown)(params, rows);
    const { gradient } = probe.over(rows, flattenLoosely(params));
    return unflatten(layout, settled.sign === 1 ? gradient : gradient.map((g) => -g));
  };
}

function objectiveOf(settled: SettledCase, probe: Probe): SettledCase["objective"] {
  if (settled.penalty === 0) return settled.objective;
  const { sign } = settled;
  return ((params: unknown) => sign * probe.value(flattenLoosely(params))) as SettledCase["objective"];
}

function descentOptions(
  settled: SettledCase,
  probe: Probe,
  sampler: ((params: unknown) => unknown) | undefined,
  budget: number,
  { from, maxEvaluations }: ObserveOptions,
): DescentOptions {
  const { source, patch, method, sign, layout } = settled;
  const precision = patch.precision ?? source.precision;
  const stopping =
    patch.relativeGradientTolerance === undefined ? source.stopping : { relativeGradientTolerance: patch.relativeGradientTolerance };
  const penalized =
    settled.penalty === 0
      ? undefined
      : (params: unknown) =>
          unflatten(
            layout,
            probe.at(flattenLoosely(params)).gradient.map((g) => sign * g),
          );
  const own = patch.gradient === "exact" ? undefined : source.gradient;
  const gradient = penalized ?? sampler ?? own;
  const evaluations = maxEvaluations ?? source.maxEvaluations;
  return {
    method: method.rule,
    maxSteps: budget,
    checkGradient: false,
    seed: settled.seed,
    ...(gradient === undefined ? {} : { gradient: gradient as NonNullable<DescentOptions["gradient"]> }),
    ...(settled.data === undefined || settled.penalty !== 0 ? {} : { data: settled.data }),
    ...(settled.batch === undefined ? {} : { batch: settled.batch }),
    ...((patch.shuffle ?? source.shuffle) === undefined ? {} : { shuffle: patch.shuffle ?? source.shuffle }),
    ...(source.certify === undefined ? {} : { certify: source.certify }),
    ...(source.bounds === undefined ? {} : { bounds: source.bounds }),
    ...(source.constants === undefined ? {} : { constants: source.constants }),
    ...(stopping === undefined ? {} : { stopping }),
    ...(precision === undefined ? {} : { precision }),
    ...(from === undefined ? {} : { checkpoint: from }),
    ...(evaluations === undefined ? {} : { maxEvaluations: evaluations }),
  };
}
