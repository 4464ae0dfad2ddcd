/** Evidence in, findings out. */

import type { Case, Subject } from "./case.js";
import { caseOf } from "./case-of.js";
import { findingCatalogue } from "./catalogue.js";
import type { Check, Draft } from "./check.js";
import { checks } from "./checks/index.js";
import { diagnoseRecorded } from "./diagnose-recorded.js";
import { Examination } from "./examination.js";
import { type ObservedRun, type ObserveOptions, observe, observed } from "./observe.js";
import { type Judgment, judge } from "./outcome.js";
import type { Patch } from "./patch.js";
import { patchCode } from "./patch-code.js";
import { Probe } from "./probe.js";
import { rank } from "./rank.js";
import { type Finding, type Report, scalar } from "./report.js";
import { type SettledCase, settleCase } from "./settle-case.js";
import { type WatchedRun, watchedRunOf } from "./watch.js";

export interface DiagnoseOptions {
  /** Ids of the catalogue to look for. Default: all. */
  readonly only?: readonly string[];
}

/** A diagnosis with what it was made from, for who goes on from there. */
export interface Diagnosis {
  readonly report: Report;
  readonly settled: SettledCase;
  readonly run: ObservedRun | undefined;
  readonly examination: Examination | undefined;
}

/**
 * Runs a case, and finds out why it did not converge, if it did not.
 *
 * The run is watched in passing; instruments are used only after a symptom was measured. A healthy run has no failure among its findings.
 *
 * @returns plain data that survives JSON. Every number says how it was obtained; the same case gives the same report.
 * @throws OptionError for what is no subject, or a case that cannot be decided; DataError for tables whose parts do not fit. What is
 * wrong with values or gradients is a finding.
 *
 * Cost: the run (none where the descent was watched, see {@link watch}), and at most max(200, a tenth of its
 * gradients) gradients more; see `report.costs`.
 *
 * @example
 * const report = diagnose({ objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, method: "gradientDescent", learningRate: 0.03, maxSteps: 100
 * }); report.findings[0].id; // "lr-too-large"
 */
export function diagnose(subject: Subject, options: DiagnoseOptions = {}): Report {
  const found = caseOf(subject);
  if ("history" in found) return diagnoseRecorded(found.history);
  return diagnoseCase(found.case, {}, options, { made: watchedRunOf(subject) }).report;
}

/**
 * As {@link diagnose}, of a case with a patch.
 *
 * @param observing.made - the run, where it was watched and need not be made again.
 * @param untreated - the descent that the run without the patch achieved. Default 0.
 */
export function diagnoseCase(
  source: Case,
  patch: Patch = {},
  options: DiagnoseOptions = {},
  observing: ObserveOptions & { readonly made?: WatchedRun | undefined } = {},
  untreated = 0,
): Diagnosis {
  const settled = settleCase(source, patch);
  const wanted = checks.filter(({ id }) => applies(id, settled) && (options.only === undefined || options.only.includes(id)));
  if (settled.table !== undefined && !settled.table.finite) return withoutRun(settled, wanted);
  const probe = new Probe(settled);
  const { made, ...rest } = observing;
  const run = made === undefined ? observe(settled, probe, rest) : observed(settled, probe, made.descent, made.log);
  const examination = new Examination(settled, { probe, run, untreated });
  const findings: Finding[] = [];
  const examine = (check: Check, judgment: Judgment): void => {
    const draft = check.examine(examination, judgment);
    if (draft !== undefined) findings.push(findingOf(check.id, draft, settled));
  };
  const pending: Judgment = { outcome: "stationary", quality: [], gap: 0, gapShare: 0 };
  for (const check of wanted) if (check.explains.includes("before")) examine(check, pending);
  const judgment = judge(examination);
  for (const check of wanted) {
    const { explains } = check;
    if (explains.includes("before")) continue;
    const relevant =
      explains.includes("any") || explains.includes(judgment.outcome) || judgment.quality.some((each) => explains.includes(each));
    if (relevant) examine(check, judgment);
  }
  return { report: reportOf(settled, judgment, findings, examination), settled, run, examination };
}

/** An objective of the user's own over rows may have what tables have. */
function applies(id: string, { kind, rows }: SettledCase): boolean {
  const { appliesTo } = findingCatalogue.find((record) => record.id === id)!;
  return appliesTo.includes(kind) || (rows > 0 && appliesTo.includes("table"));
}

function findingOf(id: string, draft: Draft, settled: SettledCase): Finding {
  const { level = findingCatalogue.find((record) => record.id === id)!.level, confidence, evidence, text, values, remedies } = draft;
  return {
    id,
    level,
    confidence,
    evidence,
    explanation: { id, values, text },
    prescriptions: remedies.map((remedy) => ({
      id: remedy.id,
      message: { id: `${id}.${remedy.id}`, values: remedy.values ?? {}, text: remedy.text },
      patch: remedy.patch,
      code: patchCode(remedy.patch, settled),
      fixLevel: remedy.fixLevel,
      automatic: remedy.automatic ?? true,
      prediction: remedy.prediction ?? null,
      aim: remedy.aim ?? "lower",
      comparedWithout: remedy.comparedWithout ?? [],
      cost: Math.ceil((remedy.runs ?? 1) * (settled.maxSteps ?? 0)),
    })),
  };
}

/** A table that cannot be run: what is wrong with it is all there is to say. */
function withoutRun(settled: SettledCase, wanted: readonly Check[]): Diagnosis {
  const examination = new Examination(settled);
  const judgment: Judgment = { outcome: "nonfinite", quality: [], gap: 0, gapShare: 0 };
  const findings: Finding[] = [];
  for (const check of wanted) {
    if (check.id !== "nonfinite-data") continue;
    const draft = check.examine(examination, judgment);
    if (draft !== undefined) findings.push(findingOf(check.id, draft, settled));
  }
  const report: Report = {
    format: "descend-diagnosis",
    version: 1,
    outcome: "nonfinite",
    quality: [],
    findings,
    measurements: examination.measurements,
    treatments: [],
    subject: describeRun(settled, {
      steps: 0,
      terminationReason: "non-finite-value",
      startValue: "NaN",
      value: "NaN",
      params: Array.from(settled.startParams, scalar),
    }),
    costs: { run: 0, diagnosis: 0, treatment: 0 },
  };
  return { report, settled, run: undefined, examination };
}

/** What was diagnosed: the case, and where its run led. */
function describeRun(
  { kind, layout, rows, method, seed }: SettledCase,
  run: Pick<Report["subject"], "steps" | "terminationReason" | "startValue" | "value" | "params">,
): Report["subject"] {
  return {
    kind,
    parameters: layout.size,
    rows,
    method: method.name,
    learningRate: method.learningRate ?? null,
    steps: run.steps,
    terminationReason: run.terminationReason,
    seed,
    startValue: run.startValue,
    value: run.value,
    params: run.params,
  };
}

function reportOf(settled: SettledCase, judgment: Judgment, findings: readonly Finding[], examination: Examination): Report {
  const { run, probe } = examination;
  examination.note("achieved-descent", examination.achieved, { how: "value at the start − lowest value looked at" });
  examination.note("rounding-floor", examination.floor, { how: "16 units of roundoff of |f|" });
  return {
    format: "descend-diagnosis",
    version: 1,
    outcome: judgment.outcome,
    quality: judgment.quality,
    findings: rank(findings, judgment.outcome, judgment.quality),
    measurements: examination.measurements,
    treatments: [],
    subject: describeRun(settled, {
      steps: run.steps,
      terminationReason: run.reason,
      startValue: scalar(settled.sign * run.startValue),
      value: scalar(settled.sign * run.value),
      params: Array.from(settled.toOriginal(run.params), scalar),
    }),
    costs: { run: run.gradients, diagnosis: Math.round(probe.spent), treatment: 0 },
  };
}
