/** What the curves of a run alone can tell: growth, bouncing, validation that turns. There is nothing to evaluate, so nothing is proven. */

import { DataError, invariant } from "../errors.js";
import type { RecordedRun } from "./case.js";
import { short } from "./check.js";
import { mean, smoothed } from "./outcome.js";
import { type Evidence, type Finding, type Message, type Outcome, type Quality, type Report, scalar } from "./report.js";

/** Shares as in `outcome.ts`. */
const RANGE = 0.02;
const RISE = 0.1;
const FLIPS = 0.4;

/** What curves can show at all, and the curve of a recorded run that shows it. Everything else needs the case itself. */
export const recordedFindings: Readonly<Record<string, keyof RecordedRun>> = {
  "lr-too-large": "value",
  "stopped-early": "value",
  overfitting: "validation",
};

/** @throws DataError DATA_EMPTY, DATA_LENGTH_MISMATCH */
export function diagnoseRecorded(history: RecordedRun): Report {
  const value = Array.from(history.value);
  const n = value.length;
  if (n === 0) throw new DataError("DATA_EMPTY", "history.value: expected at least one value, got none.", { where: "history.value" });
  for (const name of ["step", "gradientNorm", "stepLength", "validation"] as const) {
    const got = history[name]?.length;
    if (got === undefined || got === n) continue;
    throw new DataError("DATA_LENGTH_MISMATCH", `history.${name}: expected ${n} entries like history.value, got ${got}.`, {
      column: name,
      expected: n,
      got,
    });
  }
  const measurements: Record<string, Evidence> = {};
  const note = (name: string, number: number, threshold: number | null, how: string): Evidence => {
    const evidence: Evidence = { name, value: scalar(number), unit: "", threshold, how, cost: 0 };
    measurements[name] = evidence;
    return evidence;
  };
  const findings: Finding[] = [];
  const add = (id: string, confidence: number, evidence: Evidence[], text: string, values: Message["values"], advice: string): void => {
    findings.push({
      id,
      level: "failure",
      confidence,
      evidence,
      explanation: { id: `${id}.recorded`, values, text },
      prescriptions: [
        {
          id: "advice",
          message: { id: `${id}.advice`, values: {}, text: advice },
          patch: {},
          code: "",
          fixLevel: "solver",
          automatic: false,
          prediction: null,
          aim: "lower",
          comparedWithout: [],
          cost: 0,
        },
      ],
    });
  };

  const finite = value.filter(Number.isFinite);
  const achieved = Math.max(0, value[0]! - Math.min(...finite));
  const quarter = value.slice(Math.floor(0.75 * n)).filter(Number.isFinite);
  const changes = quarter.slice(1).map((each, k) => each - quarter[k]!);
  const flips = changes.slice(1).filter((change, k) => change * changes[k]! < 0).length / Math.max(1, changes.length - 1);
  const range = quarter.length > 0 ? Math.max(...quarter) - Math.min(...quarter) : 0;
  let outcome: Outcome = "stationary";
  if (finite.length < n) outcome = "nonfinite";
  else if (n > 1 && (value.at(-1)! > value[0]! || (value.at(-1)! > Math.min(...value) + RISE * achieved && mean(changes) > 0)))
    outcome = "diverged";
  else if (n >= 8 && range > RANGE * achieved && flips > FLIPS) outcome = "oscillating";
  else if (n >= 8 && achieved > 0) {
    const rest = value[Math.floor(0.75 * n)]! - value.at(-1)!;
    if (rest > 0.01 * achieved) outcome = "unfinished";
  }
  note("achieved-descent", achieved, null, "first value − lowest value");
  if (outcome === "nonfinite" || outcome === "diverged" || outcome === "oscillating") {
    const growing = value
      .slice(1)
      .map((each, k) => each / value[k]!)
      .filter((ratio) => Number.isFinite(ratio) && ratio > 1);
    const evidence = [note("turns", flips, FLIPS, "share of consecutive changes of opposite sign in the last quarter")];
    if (growing.length >= 3) evidence.push(note("growth-of-value", mean(growing), 1, "mean ratio of consecutive values where they grow"));
    add(
      "lr-too-large",
      0.5,
      evidence,
      outcome === "oscillating"
        ? `The values turn round in ${short(100 * flips)} % of the last steps.`
        : `The values grow: ${short(value[0]!)} at first, ${short(value.at(-1)!)} at the end.`,
      { turns: scalar(flips), first: scalar(value[0]!), last: scalar(value.at(-1)!) },
      "Lower the learning rate until the values fall, then diagnose the case itself: curves alone cannot tell a rate from a wrong gradient.",
    );
  }
  if (outcome === "unfinished") {
    const rest = value[Math.floor(0.75 * n)]! - value.at(-1)!;
    add(
      "stopped-early",
      0.4,
      [note("late-descent", rest / achieved, 0.01, "descent of the last quarter ÷ descent of the whole run")],
      `The last quarter of the run still brought ${short((100 * rest) / achieved)} % of the descent.`,
      { lateShare: scalar(rest / achieved) },
      "Go on, or raise the learning rate; diagnose the case itself to learn which.",
    );
  }
  const quality: Quality[] = [];
  if (history.validation !== undefined && n >= 5) {
    const smooth = smoothed(Array.from(history.validation).filter(Number.isFinite));
    invariant(smooth.length <= n, "smoothing adds nothing");
    const lowest = Math.min(...smooth);
    const at = smooth.indexOf(lowest) / Math.max(1, smooth.length - 1);
    const ratio = smooth.at(-1)! / lowest;
    if (ratio > 1.2 && at < 0.7) {
      quality.push("generalises-badly");
      add(
        "overfitting",
        0.8,
        [
          note("validation-rise", ratio, 1.2, "smoothed validation at the end ÷ its minimum"),
          note("validation-minimum-at", at, 0.7, "where the minimum is, as a share of the run"),
        ],
        `Validation was best after ${short(100 * at)} % of the run and ends ${short(ratio)} times as high.`,
        { validationRise: scalar(ratio), minimumAt: scalar(at) },
        "Keep the parameters with the lowest validation loss.",
      );
    }
  }
  return {
    format: "descend-diagnosis",
    version: 1,
    outcome,
    quality,
    findings,
    measurements,
    treatments: [],
    subject: {
      kind: "recorded",
      parameters: 0,
      rows: 0,
      method: "",
      learningRate: history.learningRate ?? null,
      steps: history.step?.[n - 1] ?? n - 1,
      terminationReason: "",
      seed: 0,
      startValue: scalar(value[0]!),
      value: scalar(value.at(-1)!),
      params: [],
    },
    costs: { run: 0, diagnosis: 0, treatment: 0 },
  };
}
