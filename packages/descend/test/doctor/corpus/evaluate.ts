/** What the doctor makes of a case, and what becomes of it under other treatments: all judged by the metric of the case. */

import type { CuredReport } from "../../../src/doctor/index.js";
import { cure } from "../../../src/doctor/index.js";
import { observe } from "../../../src/doctor/observe.js";
import type { Patch } from "../../../src/doctor/patch.js";
import { Probe } from "../../../src/doctor/probe.js";
import { settleCase } from "../../../src/doctor/settle-case.js";
import type { CorpusCase } from "./corpus-case.js";
import { Draw } from "./draw.js";

/** Share of the gap between the sick run and the optimum that counts as repaired. */
const REPAIRED = 0.95;
/** A sick run is at least this share of the possible descent worse than the optimum. */
const SICK = 0.05;

export interface Evaluation {
  readonly id: string;
  readonly kind: CorpusCase["kind"];
  readonly truth: string;
  readonly severity: CorpusCase["severity"];
  /** Failures, first the cause. */
  readonly found: readonly string[];
  readonly confidence: number;
  readonly correct: boolean;
  readonly lenient: boolean;
  /** Whether the case is what it claims to be, by plain arithmetic; with the reason if not. */
  readonly admitted: boolean;
  readonly admission: string;
  readonly cured: boolean;
  readonly repaired: boolean;
  /** Whether the cause has a prescription that the doctor may carry out. */
  readonly automatic: boolean;
  /** Share of the gap that the treatment closed; NaN where there is no metric. */
  readonly closed: number;
  readonly harmed: boolean;
  readonly costs: CuredReport["costs"];
  readonly seconds: number;
}

/** The metric at the end of a run under a patch; NaN where it does not get that far. */
export function metricUnder(corpusCase: CorpusCase, patch: Patch): number {
  try {
    const settled = settleCase(corpusCase.case, patch);
    if (settled.table !== undefined && !settled.table.finite) return Number.NaN;
    const run = observe(settled, new Probe(settled));
    return corpusCase.metric?.(settled.toOriginal(run.params)) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}

/** Share of the way from the sick value to the optimum; anything finite is a gain over what is not. */
export function closedShare(sick: number, after: number, optimum: number, atStart: number): number {
  if (!Number.isFinite(after)) return 0;
  // A start without a value gives no measure: the size of the optimum, or 1, does
  const descent = Number.isFinite(atStart) ? Math.abs(atStart - optimum) : Math.max(Math.abs(optimum), 1);
  const reach = Math.max(descent, 1e-12 * Math.abs(optimum), Number.MIN_VALUE);
  if (!Number.isFinite(sick)) return 1 - Math.max(0, after - optimum) / (20 * SICK * reach);
  return sick - optimum <= 0 ? 1 : (sick - after) / (sick - optimum);
}

function startMetric({ case: source, metric }: CorpusCase): number {
  const settled = settleCase(source);
  return metric?.(settled.toOriginal(settled.startParams)) ?? Number.NaN;
}

/** @param clock - milliseconds. */
export function evaluate(corpusCase: CorpusCase, clock: () => number): Evaluation {
  const { id, kind, truth, severity, accepted, metric, optimum, reference } = corpusCase;
  const began = clock();
  const report = cure(corpusCase.case);
  const seconds = (clock() - began) / 1000;
  const failures = report.findings.filter(({ level }) => level === "failure");
  const found = failures.map((finding) => finding.id);
  const sick = metricUnder(corpusCase, {});
  const after = metric?.(report.params.map(Number)) ?? Number.NaN;
  const atStart = startMetric(corpusCase);
  const closed = metric === undefined ? Number.NaN : closedShare(sick, after, optimum, atStart);
  const [admitted, admission] = admit(corpusCase, sick, atStart, reference);
  return {
    id,
    kind,
    truth,
    severity,
    found,
    confidence: failures[0]?.confidence ?? 0,
    correct: found[0] === truth,
    lenient: found[0] === truth || accepted.includes(found[0] ?? ""),
    admitted,
    admission,
    cured: report.cured,
    repaired: metric === undefined ? report.cured : closed >= REPAIRED,
    automatic: failures[0]?.prescriptions.some(({ automatic }) => automatic) ?? false,
    closed,
    harmed: metric !== undefined && Number.isFinite(sick) && !(after <= sick + 1e-9 * Math.abs(sick)),
    costs: report.costs,
    seconds,
  };
}

function admit(
  { kind, metric, optimum, ...corpusCase }: CorpusCase,
  sick: number,
  atStart: number,
  reference: Patch | undefined,
): [boolean, string] {
  if (metric === undefined) return [true, ""];
  const reach = Math.abs(atStart - optimum);
  const gap = (sick - optimum) / reach;
  if (kind !== "sick") return gap <= 2e-2 ? [true, ""] : [false, `not well: gap ${gap.toExponential(1)} of the descent`];
  if (Number.isFinite(sick) && !(gap >= SICK)) return [false, `not sick: gap ${gap.toExponential(1)} of the descent`];
  if (reference === undefined) return [true, ""];
  const healed = closedShare(sick, metricUnder({ kind, metric, optimum, ...corpusCase }, reference), optimum, atStart);
  return healed >= 0.9 ? [true, ""] : [false, `the reference closes ${healed.toFixed(3)}`];
}

/** Remedies that do not look at the case. */
export const baselines: readonly { readonly name: string; readonly patch: (corpusCase: CorpusCase, index: number) => Patch }[] = [
  { name: "always Adam", patch: () => ({ method: "adam", learningRate: 0.01 }) },
  {
    name: "learning rate / 10",
    patch: ({ case: { learningRate } }) => ({ learningRate: (typeof learningRate === "number" ? learningRate : 0.01) / 10 }),
  },
  { name: "a random remedy", patch: (_, index) => GENERIC[Math.floor(new Draw(4711, index).uniform(0, GENERIC.length))]! },
];

const GENERIC: readonly Patch[] = [
  { method: "adam", learningRate: 0.01 },
  { method: "lbfgs" },
  { method: "gradientDescent", learningRate: 0.01 },
  { method: "momentum", methodOptions: { momentum: 0.9 }, learningRate: 0.01 },
  { l2: 0.01 },
  { clip: 1 },
  { batch: "full" },
  { shuffle: true },
];

/** Whether a remedy that does not look repairs the case. */
export function repairs(corpusCase: CorpusCase, patch: Patch): boolean {
  if (corpusCase.metric === undefined) return false;
  const sick = metricUnder(corpusCase, {});
  const after = metricUnder(corpusCase, patch);
  return closedShare(sick, after, corpusCase.optimum, startMetric(corpusCase)) >= REPAIRED;
}
