/** What the curves of a run alone can tell: growth, bouncing, validation that turns. There is nothing to evaluate, so nothing is proven. */

import { DataError, invariant } from "../errors.js";
import { mean } from "../numeric/averages.js";
import type { RecordedRun } from "./case.js";
import { short } from "./check.js";
import { smoothed } from "./outcome.js";
import { type Evidence, type Finding, type Message, type Outcome, type Report, scalar } from "./report.js";

/** Shares as in `outcome.ts`. */
const RANGE = 0.02;
const RISE = 0.1;
const FLIPS = 0.4;
/** Values that it takes to tell swinging from an early end, and the share of the descent in the last quarter that tells one. */
const FEWEST = 8;
const LATE = 0.01;
/** Validation at the end ÷ its minimum, and where that is at the latest, as a share of the run, for it to have turned. */
const VALIDATION_RISE = 1.2;
const LATEST_MINIMUM = 0.7;

/** What curves can show at all, and the curve of a recorded run that shows it. Everything else needs the case itself. */
export const recordedFindings: Readonly<Record<string, keyof RecordedRun>> = {
  "lr-too-large": "value",
  "stopped-early": "value",
  overfitting: "validation",
};

/** @throws DataError DATA_EMPTY, DATA_LENGTH_MISMATCH */
export function diagnoseRecorded(history: RecordedRun): Report {
  requireEqualLengths(history);
  const curve = measureCurve(Array.from(history.value));
  const outcome = outcomeOf(curve);
  const measurements: Record<string, Evidence> = {};
  const note: Note = (name, number, threshold, how) => {
    const evidence: Evidence = { name, value: scalar(number), unit: "", threshold, how, cost: 0 };
    measurements[name] = evidence;
    return evidence;
  };
  note("achieved-descent", curve.achieved, null, "first value − lowest value");
  const found = [rateTooLarge(curve, outcome, note), stoppedEarly(curve, outcome, note)];
  const overfitting = overfittingIn(history, note);
  const { values } = curve;
  return {
    format: "descend-diagnosis",
    version: 1,
    outcome,
    quality: overfitting === undefined ? [] : ["generalises-badly"],
    findings: [...found, overfitting].filter((finding): finding is Finding => finding !== undefined),
    measurements,
    treatments: [],
    subject: {
      kind: "recorded",
      parameters: 0,
      rows: 0,
      method: "",
      learningRate: history.learningRate ?? null,
      steps: history.step?.[values.length - 1] ?? values.length - 1,
      terminationReason: "",
      seed: 0,
      startValue: scalar(values[0]!),
      value: scalar(values.at(-1)!),
      params: [],
    },
    costs: { run: 0, diagnosis: 0, treatment: 0 },
  };
}

/** Keeps a measurement, and gives it back as evidence. */
type Note = (name: string, number: number, threshold: number | null, how: string) => Evidence;

/** What the values of a run show. */
interface Curve {
  readonly values: readonly number[];
  readonly allFinite: boolean;
  /** First value − lowest value, ≥ 0. */
  readonly achieved: number;
  /** Of the last quarter: the share of consecutive changes of opposite sign, largest − smallest value, and what it still gained. */
  readonly flips: number;
  readonly range: number;
  readonly rest: number;
  /** Mean change of the value in the last quarter. */
  readonly drift: number;
}

function requireEqualLengths(history: RecordedRun): void {
  const n = history.value.length;
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
}

function measureCurve(values: readonly number[]): Curve {
  const finite = values.filter(Number.isFinite);
  const from = Math.floor(0.75 * values.length);
  const quarter = values.slice(from).filter(Number.isFinite);
  const changes = quarter.slice(1).map((each, k) => each - quarter[k]!);
  return {
    values,
    allFinite: finite.length === values.length,
    achieved: Math.max(0, values[0]! - Math.min(...finite)),
    flips: changes.slice(1).filter((change, k) => change * changes[k]! < 0).length / Math.max(1, changes.length - 1),
    range: quarter.length > 0 ? Math.max(...quarter) - Math.min(...quarter) : 0,
    rest: values[from]! - values.at(-1)!,
    drift: mean(changes),
  };
}

/** In the order of {@link Outcome}. */
function outcomeOf({ values, allFinite, achieved, flips, range, rest, drift }: Curve): Outcome {
  const [first, last] = [values[0]!, values.at(-1)!];
  if (!allFinite) return "nonfinite";
  const rises = last > first || (last > Math.min(...values) + RISE * achieved && drift > 0);
  if (values.length > 1 && rises) return "diverged";
  if (values.length >= FEWEST && range > RANGE * achieved && flips > FLIPS) return "oscillating";
  return values.length >= FEWEST && achieved > 0 && rest > LATE * achieved ? "unfinished" : "stationary";
}

function rateTooLarge({ values, flips }: Curve, outcome: Outcome, note: Note): Finding | undefined {
  if (outcome !== "nonfinite" && outcome !== "diverged" && outcome !== "oscillating") return undefined;
  const growing = values
    .slice(1)
    .map((each, k) => each / values[k]!)
    .filter((ratio) => Number.isFinite(ratio) && ratio > 1);
  const evidence = [note("turns", flips, FLIPS, "share of consecutive changes of opposite sign in the last quarter")];
  if (growing.length >= 3) evidence.push(note("growth-of-value", mean(growing), 1, "mean ratio of consecutive values where they grow"));
  const [first, last] = [values[0]!, values.at(-1)!];
  return failure("lr-too-large", 0.5, evidence, {
    text:
      outcome === "oscillating"
        ? `The values turn round in ${short(100 * flips)} % of the last steps.`
        : `The values grow: ${short(first)} at first, ${short(last)} at the end.`,
    values: { turns: scalar(flips), first: scalar(first), last: scalar(last) },
    advice:
      "Lower the learning rate until the values fall, then diagnose the case itself: curves alone cannot tell a rate from a wrong gradient.",
  });
}

function stoppedEarly({ rest, achieved }: Curve, outcome: Outcome, note: Note): Finding | undefined {
  if (outcome !== "unfinished") return undefined;
  const share = rest / achieved;
  const evidence = [note("late-descent", share, LATE, "descent of the last quarter ÷ descent of the whole run")];
  return failure("stopped-early", 0.4, evidence, {
    text: `The last quarter of the run still brought ${short((100 * rest) / achieved)} % of the descent.`,
    values: { lateShare: scalar(share) },
    advice: "Go on, or raise the learning rate; diagnose the case itself to learn which.",
  });
}

function overfittingIn({ value, validation }: RecordedRun, note: Note): Finding | undefined {
  if (validation === undefined || value.length < 5) return undefined;
  const smooth = smoothed(Array.from(validation).filter(Number.isFinite));
  invariant(smooth.length <= value.length, "smoothing adds nothing");
  const lowest = Math.min(...smooth);
  const at = smooth.indexOf(lowest) / Math.max(1, smooth.length - 1);
  const ratio = smooth.at(-1)! / lowest;
  if (!(ratio > VALIDATION_RISE && at < LATEST_MINIMUM)) return undefined;
  const evidence = [
    note("validation-rise", ratio, VALIDATION_RISE, "smoothed validation at the end ÷ its minimum"),
    note("validation-minimum-at", at, LATEST_MINIMUM, "where the minimum is, as a share of the run"),
  ];
  return failure("overfitting", 0.8, evidence, {
    text: `Validation was best after ${short(100 * at)} % of the run and ends ${short(ratio)} times as high.`,
    values: { validationRise: scalar(ratio), minimumAt: scalar(at) },
    advice: "Keep the parameters with the lowest validation loss.",
  });
}

/** A finding with a symptom, and advice in words: there is nothing that a patch could be applied to. */
function failure(
  id: string,
  confidence: number,
  evidence: readonly Evidence[],
  { text, values, advice }: { readonly text: string; readonly values: Message["values"]; readonly advice: string },
): Finding {
  return {
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
  };
}
