/**
 * Treatment, and its proof: a patch is accepted only against the untreated run continued with the
 * same budget. What does not help is reverted.
 */

import { OptionError } from "../errors.js";
import type { Case, Subject } from "./case.js";
import { caseOf } from "./case-of.js";
import { type DiagnoseOptions, type Diagnosis, diagnose, diagnoseCase } from "./diagnose.js";
import { controlRun, type Metric, metricOf } from "./metric.js";
import { type ObservedRun, observe } from "./observe.js";
import type { Patch } from "./patch.js";
import { patchCode } from "./patch-code.js";
import { Probe } from "./probe.js";
import {
  type CuredReport,
  type Finding,
  type Outcome,
  type Prescription,
  type Proof,
  type RunSummary,
  type Scalar,
  scalar,
  type Treatment,
} from "./report.js";
import { type SettledCase, settleCase } from "./settle-case.js";
import { watchedRunOf } from "./watch.js";

export interface CureOptions extends DiagnoseOptions {
  /** Treatments tried at most, the combination at the end not counted. A whole number ≥ 0. Default 4. */
  readonly maxTrials?: number;
  /** Other seeds that a treatment of a run with randomness must help with. Default 2. */
  readonly seeds?: number;
}

const MAX_TRIALS = 4;
const SEEDS = 2;
/** Share of the value that a start beside a plain must gain: on it every slope leads lower, by however little. */
const PLAIN_GAIN = 0.01;
/** Share of the treatment's gain that the untreated run may reach. */
const CONTROL_SHARE = 0.5;

/** Marks whose mean is the metric where chance decides, at most: those of the last quarter, or of the last epoch. */
const LATE_MARKS = 24;
/** Gradients that a search may take however short the run was; what it needs of them the untreated run gets as well. */
const LEAST_BUDGET = 60;
/** Share of the descent that a treated run may leave open. */
const LEFT_OPEN = 0.1;

interface Trial {
  readonly treatment: Treatment;
  readonly diagnosis: Diagnosis;
  /** Share of the gap that was closed, for the choice of what to combine. */
  readonly gain: number;
}

/**
 * Diagnoses, treats, and proves the treatment.
 *
 * Prescriptions are tried in order, the first of the two best causes before any second one. A treatment counts if (a) no failure is found
 * any more, (b) the cause is gone, (c) the untreated run, continued with the same budget, closes less than half of what the treated one
 * closes, (d) nothing new is found, (e) other seeds agree where chance is involved, and (f) the objective of the case is lower in its own
 * units. If none does alone, the two that helped most are tried together.
 *
 * @returns the diagnosis with what was tried; `params` are those of the accepted treatment, else
 * of the run as it was, so nothing gets worse.
 * @throws as `diagnose`; OptionError OPTION_OUT_OF_RANGE
 *
 * Cost: about three runs of the case a trial; see `report.costs`.
 *
 * @example
 * const cured = cure({ objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, method: "gradientDescent", learningRate: 0.03, maxSteps: 400 });
 * cured.code; // 'minimize(objective, start, { method: gradientDescent({ learningRate: 0.018 }) });'
 */
export function cure(subject: Subject, options: CureOptions = {}): CuredReport {
  const { maxTrials = MAX_TRIALS, seeds = SEEDS } = options;
  if (!(Number.isInteger(maxTrials) && maxTrials >= 0)) {
    throw new OptionError("OPTION_OUT_OF_RANGE", `cure({ maxTrials }): expected a whole number ≥ 0, got ${maxTrials}.`, {
      option: "maxTrials",
      expected: "a whole number ≥ 0",
      got: maxTrials,
    });
  }
  const found = caseOf(subject);
  if ("history" in found) {
    const report = diagnose(subject, options);
    return { ...report, cured: false, patch: null, code: null, params: [], remaining: report.findings };
  }
  const before = diagnoseCase(found.case, {}, options, { made: watchedRunOf(subject) });
  const failures = before.report.findings.filter(({ level }) => level === "failure");
  const trials: Trial[] = [];
  let spent = 0;
  const attempt = (finding: Finding, prescription: Prescription): boolean => {
    const trial = tryOut(found.case, before, finding, prescription, seeds);
    spent += trial.treatment.after.gradients + trial.treatment.control.gradients;
    trials.push(trial);
    return trial.treatment.accepted;
  };
  let accepted = false;
  for (const [finding, prescription] of inOrder(failures).slice(0, maxTrials)) {
    accepted = attempt(finding, prescription);
    if (accepted) break;
  }
  if (!accepted) accepted = combine(failures, trials, attempt);
  const treatments = trials.map(({ treatment }) => treatment);
  const last = trials.at(-1);
  const success = accepted && last !== undefined ? last : undefined;
  const findings = before.report.findings.map((finding) => {
    const proof = treatments.findLast((treatment) => treatment.finding === finding.id && treatment.accepted)?.proof;
    return proof === undefined ? finding : { ...finding, proof };
  });
  return {
    ...before.report,
    findings,
    treatments,
    costs: { ...before.report.costs, treatment: Math.round(spent) },
    cured: success !== undefined,
    patch: success?.treatment.patch ?? null,
    code: success?.treatment.code ?? null,
    params: success?.diagnosis.report.subject.params ?? before.report.subject.params,
    remaining: success?.diagnosis.report.findings ?? before.report.findings,
  };
}

/** The first prescription of each of the two best causes, then what is left of these, then the others. */
function inOrder(failures: readonly Finding[]): (readonly [Finding, Prescription])[] {
  const queues = failures.map((finding) =>
    finding.prescriptions.filter(({ automatic }) => automatic).map((prescription) => [finding, prescription] as const),
  );
  const order: (readonly [Finding, Prescription])[] = [];
  const [first = [], second = [], ...others] = queues;
  for (let k = 0; k < Math.max(first.length, second.length); k++) {
    if (first[k] !== undefined) order.push(first[k]!);
    if (second[k] !== undefined) order.push(second[k]!);
  }
  // The same patch against two causes is one trial
  const seen = new Set<string>();
  return [...order, ...others.flat()].filter(([, { patch }]) => {
    const key = JSON.stringify(patch);
    return !seen.has(key) && seen.add(key);
  });
}

/** The two treatments that helped most, together. */
function combine(
  failures: readonly Finding[],
  trials: readonly Trial[],
  attempt: (finding: Finding, prescription: Prescription) => boolean,
): boolean {
  const helped = trials.filter(({ gain }) => gain > 0.05).sort((a, b) => b.gain - a.gain);
  const [best] = helped;
  if (best === undefined) return false;
  const other =
    helped.find((trial) => trial !== best && trial.treatment.finding !== best.treatment.finding) ?? helped.find((trial) => trial !== best);
  // What the treated run itself still shows is the other half where nothing else helped.
  const left = best.diagnosis.report.findings.filter(({ level }) => level === "failure");
  const [next] = inOrder(left);
  const pairs: Patch[] = [];
  if (next !== undefined) pairs.push({ ...best.treatment.patch, ...next[1].patch });
  if (other !== undefined) pairs.push({ ...other.treatment.patch, ...best.treatment.patch });
  const finding = failures.find(({ id }) => id === best.treatment.finding)!;
  for (const patch of pairs) {
    const first = finding.prescriptions.find(({ id }) => id === best.treatment.prescription)!;
    // Only a budget alone is its own control
    const aim = first.aim === "continue" && Object.keys(patch).some((key) => key !== "maxSteps") ? "lower" : first.aim;
    if (attempt(finding, { ...first, id: "combined", patch, aim, prediction: null })) return true;
  }
  return false;
}

function tryOut(source: Case, before: Diagnosis, finding: Finding, prescription: Prescription, seeds: number): Trial {
  const { patch } = prescription;
  const budget = Math.max(before.run?.gradients ?? 0, before.settled.maxSteps ?? 0, LEAST_BUDGET);
  const settled = settleCase(source, patch);
  const search = settled.method.family === "search";
  const observing = search ? { maxEvaluations: budget } : {};
  const achieved = before.run === undefined ? 0 : (before.examination?.achieved ?? 0);
  const diagnosis = diagnoseCase(source, patch, {}, observing, Number.isFinite(achieved) ? achieved : 0);
  const metric = metricOf(before.settled, patch, prescription.comparedWithout);
  const sick = summary(before.settled, oneEpochOn(before), metric, before.report.outcome);
  const after = summary(diagnosis.settled, diagnosis.run, metric, diagnosis.report.outcome);
  const needed = diagnosis.run === undefined ? budget : gradientsToGain(diagnosis.settled, diagnosis.run, metric, sick, after);
  const continued = before.run === undefined ? undefined : controlRun(before.settled, before.run, needed);
  const control = continued === before.run ? { ...sick, gradients: 0 } : summary(before.settled, continued, metric, before.report.outcome);
  const failures = diagnosis.report.findings.filter(({ level }) => level === "failure");
  const known = new Set(before.report.findings.filter(({ level }) => level === "failure").map(({ id }) => id));
  const improvement = gainOf(sick, after);
  const controlGain = gainOf(sick, control);
  const finds = prescription.aim === "stationary";
  // More of the same is its own control: what counts is that it comes to rest within the budget that was predicted
  const continues = prescription.aim === "continue";
  // Where there is no minimum a lower value proves nothing: what is asked is that there is one now
  const least = before.report.outcome === "flat" ? PLAIN_GAIN * Math.abs(Number(sick.metric)) : 0;
  const metricImproves = finds ? diagnosis.report.outcome === "stationary" && Number.isFinite(Number(after.metric)) : improvement > least;
  const criteria: Proof["criteria"] = {
    gateCloses: failures.length === 0 && comesToRest(diagnosis),
    causeGone: !failures.some(({ id }) => id === finding.id),
    controlStays: metricImproves && (finds || continues || controlGain < CONTROL_SHARE * improvement),
    nothingNew: failures.every(({ id }) => known.has(id)),
    seedsAgree: finds || !metricImproves || !settled.stochastic || otherSeedsAgree(source, patch, metric, sick, after, seeds, observing),
    metricImproves,
  };
  const proof: Proof = {
    prescription: prescription.id,
    criteria,
    predicted: prescription.prediction,
    observed: prescription.prediction === null ? null : observedOf(prescription.prediction.quantity, diagnosis, needed),
  };
  const accepted = Object.values(criteria).every(Boolean);
  const treatment: Treatment = {
    finding: finding.id,
    prescription: prescription.id,
    patch,
    code: patchCode(patch, before.settled),
    before: sick,
    control,
    after,
    proof,
    accepted,
  };
  return {
    treatment,
    diagnosis,
    gain: improvement > 0 ? improvement / (Math.abs(improvement) + Math.abs(Number(after.metric)) + 1e-300) : 0,
  };
}

/**
 * The untreated run; of one in mini-batches an epoch more, looked at throughout: what a run in a fixed order
 * gives depends on where in the epoch it is.
 */
function oneEpochOn({ settled, run }: Diagnosis): ObservedRun | undefined {
  if (run === undefined || settled.batch === undefined) return run;
  return controlRun(settled, run, Math.ceil(settled.rows / settled.batch));
}

/** At rest, or close enough that little of the descent is left; stopping at the best validation is no lack of steps. */
function comesToRest({ report, run, settled, examination }: Diagnosis): boolean {
  if (run?.finite !== true || examination === undefined) return false;
  if (report.outcome === "stationary" || settled.patch.keepBestValidation === true) return true;
  return report.outcome === "unfinished" && examination.drop.value <= LEFT_OPEN * (examination.achieved + examination.drop.value);
}

/** What a prediction is held against, measured in the treated run. */
function observedOf(quantity: string, { report, examination }: Diagnosis, gradients: number): Scalar | null {
  if (examination === undefined) return null;
  if (quantity === "steps" || quantity === "steps-needed") return gradients;
  if (quantity === "stability-number") return scalar(examination.stability?.atLowest ?? Number.NaN);
  if (quantity === "lowest-curvature") return scalar(examination.krylov.lowest);
  if (quantity === "best-restart") return report.subject.value;
  if (quantity === "excess") return scalar(examination.drop.value);
  return report.measurements[quantity]?.value ?? null;
}

/** Gradients until the treated run had all but a fiftieth of what it gains: the budget that the untreated one is given to do the same. */
function gradientsToGain(settled: SettledCase, run: ObservedRun, metric: Metric, sick: RunSummary, after: RunSummary): number {
  const gain = gainOf(sick, after);
  if (!(gain > 0) || gain === Number.MAX_VALUE || run.steps === 0) return run.gradients;
  const goal = Number(sick.metric) - 0.98 * gain;
  const first = run.snapshots.find(({ params }) => metric(settled.toOriginal(params)) <= goal);
  return Math.ceil(((first?.step ?? run.steps) / run.steps) * run.gradients) || 1;
}

/** Fall of the metric; infinite from what is not finite. */
function gainOf(before: RunSummary, after: RunSummary): number {
  const [sick, well] = [Number(before.metric), Number(after.metric)];
  if (!Number.isFinite(well)) return Number.isFinite(sick) ? Number.NEGATIVE_INFINITY : 0;
  if (!Number.isFinite(sick)) return Number.MAX_VALUE;
  return sick - well;
}

function otherSeedsAgree(
  source: Case,
  patch: Patch,
  metric: Metric,
  sick: RunSummary,
  after: RunSummary,
  seeds: number,
  observing: { maxEvaluations?: number },
): boolean {
  for (let k = 1; k <= seeds; k++) {
    const settled = settleCase({ ...source, seed: (source.seed ?? 0) + k }, patch);
    const run = observe(settled, new Probe(settled), observing);
    if (!(gainOf(sick, summary(settled, run, metric, "stationary")) > 0.5 * gainOf(sick, after))) return false;
  }
  return true;
}

function summary(settled: SettledCase, run: ObservedRun | undefined, metric: Metric, outcome: Outcome): RunSummary {
  if (run === undefined) return { outcome, value: "NaN", metric: "NaN", steps: 0, gradients: 0 };
  const params = settled.toOriginal(run.params);
  const usable = run.finite && params.every(Number.isFinite);
  return {
    outcome,
    value: scalar(settled.sign * run.value),
    metric: scalar(usable ? lateMetric(settled, run, metric) : Number.NaN),
    steps: run.steps,
    gradients: run.gradients,
  };
}

/** The metric of what the run gives; where chance decides at which phase it was stopped, its mean over the last quarter of the marks. */
function lateMetric(settled: SettledCase, run: ObservedRun, metric: Metric): number {
  const { patch } = settled;
  if (!settled.stochastic || patch.averageFrom !== undefined || patch.keepBestValidation === true)
    return metric(settled.toOriginal(run.params));
  const late = run.snapshots.filter(({ step }) => step >= 0.75 * run.steps).slice(-LATE_MARKS);
  return late.reduce((sum, { params }) => sum + metric(settled.toOriginal(params)), 0) / late.length;
}
