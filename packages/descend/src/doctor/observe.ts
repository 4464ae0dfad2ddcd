/** A run that is watched from its start to its end. */

import type { Checkpoint } from "../minimize/checkpoint.js";
import type { Descent } from "../minimize/descent.js";
import { descentOf } from "../minimize/minimize.js";
import type { DescentOptions } from "../minimize/options.js";
import type { TerminationReason } from "../minimize/stopping.js";
import type { Verdict } from "../minimize/verdict.js";
import { flatten, type Params, unflatten } from "../tree/tree.js";
import { batchesOf } from "./batches.js";
import { flattenLoosely, type Look, PassiveLog } from "./passive-log.js";
import { Probe } from "./probe.js";
import { hasOwnBatches, type SettledCase } from "./settle-case.js";
import { DEFAULT_STEPS } from "./watch.js";

/** A step that was looked at. */
export interface LogEntry extends Omit<Look, "params" | "next"> {
  /** The objective over all rows at mini-batch runs' marks; NaN between marks of these. */
  readonly value: number;
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
  readonly next: Float64Array | undefined;
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
  const log = new PassiveLog(descent, { budget, stochastic, sampled: sampler !== undefined });
  log.step(budget - descent.steps);
  // A point that met its tolerance is tested and pursued, as it is for the user.
  const pursues = source.certify !== false && source.pursue !== false && settled.patch.relativeGradientTolerance === undefined;
  if (pursues && !stochastic && descent.reasons.includes("gradient-tolerance")) {
    descent.run();
    log.gradients = Math.max(descent.evaluations.gradient, descent.steps);
  }
  return observed(settled, probe, descent, log);
}

/** What was seen of a descent that has ended, made by whomever. */
export function observed(settled: SettledCase, probe: Probe, descent: Descent<unknown>, log: PassiveLog): ObservedRun {
  log.close();
  const { stochastic, patch, source } = settled;
  const snapshots: Snapshot[] = [];
  let best: ObservedRun["bestValidation"];
  const { looks } = log;
  const entries = looks.map(({ params, next, ...look }): LogEntry => {
    const { step, ownValue } = look;
    if (params === undefined) return { ...look, value: stochastic ? Number.NaN : ownValue, validation: Number.NaN };
    const value = stochastic ? probe.value(params) : ownValue;
    const validation = settled.validationAt?.(settled.toOriginal(params)) ?? Number.NaN;
    snapshots.push({ step, params, value, next });
    if (Number.isFinite(validation) && !(best !== undefined && best.validation <= validation)) best = { params, validation, step };
    return { ...look, value, validation };
  });
  const last = snapshots.at(-1)!;
  const average =
    patch.averageFrom === undefined ? undefined : Object.entries(descent.state).find(([name]) => name.endsWith("average"))?.[1];
  const solution = descent.solution();
  const lowest = flatten(solution.params as Params).values;
  const kept = patch.keepBestValidation === true ? best?.params : undefined;
  const params = kept ?? average ?? (stochastic ? last.params : lowest);
  return {
    entries,
    snapshots,
    steps: descent.steps,
    budget: log.budget,
    reason: solution.terminationReason,
    verdict: solution.verdict,
    params,
    value: params === last.params ? last.value : probe.value(params),
    startValue: snapshots[0]!.value,
    lastValue: last.value,
    gradients: log.gradients,
    checkpoint: source.batches === undefined && source.batchGradient === undefined ? descent.checkpoint() : undefined,
    bestValidation: best,
    state: descent.state,
    finite:
      looks.every(({ ownValue, gradientNorm }) => Number.isFinite(ownValue) && Number.isFinite(gradientNorm)) &&
      !/non-finite/.test(solution.terminationReason),
  };
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
