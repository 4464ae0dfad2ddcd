/** What a check is: one hypothesis, tested against an examination. */

import type { Examination } from "./examination.js";
import type { Judgment } from "./outcome.js";
import type { FixLevel, Patch } from "./patch.js";
import type { Evidence, Prediction, Prescription, Scalar } from "./report.js";

/** A prescription before its words and code are made. */
export interface Remedy {
  readonly id: string;
  readonly patch: Patch;
  readonly fixLevel: FixLevel;
  /** What it does, in English, numbers filled in. */
  readonly text: string;
  readonly values?: Readonly<Record<string, Scalar | string>>;
  /** Default true. */
  readonly automatic?: boolean;
  readonly prediction?: Prediction;
  /** In runs of the case. Default 1. */
  readonly runs?: number;
  /** Default "lower". */
  readonly aim?: Prescription["aim"];
  /** Default: none. */
  readonly comparedWithout?: readonly number[];
}

/** What a check says when its hypothesis holds. */
export interface Draft {
  /** Default: the catalogue's. */
  readonly level?: "failure" | "note";
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  /** One sentence in English, numbers filled in, and the numbers by name. */
  readonly text: string;
  readonly values: Readonly<Record<string, Scalar | string>>;
  readonly remedies: readonly Remedy[];
}

export interface Check {
  /** Of the catalogue. */
  readonly id: string;
  /** "before": needs no run, and is made first. Else the outcomes and qualities it may explain; "any": makes up its own mind. */
  readonly explains: readonly (Judgment["outcome"] | Judgment["quality"][number] | "before" | "any")[];
  /** Undefined where the hypothesis does not hold, or cannot be tested on such a case. */
  readonly examine: (examination: Examination, judgment: Judgment) => Draft | undefined;
}

/** Confidence from how far a number is beyond its threshold: 0.5 at the threshold, 0.95 from ten times on. */
export function confidenceOf(value: number, threshold: number): number {
  if (!Number.isFinite(value)) return 0.95;
  const decades = Math.log10(Math.max(1e-300, value / threshold));
  return Math.min(0.95, Math.max(0.05, 0.5 + 0.45 * decades));
}

/** Three digits, for sentences. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  // Powers of ten where digits would have to be counted
  return size > 0 && (size < 1e-4 || size >= 1e9) ? rounded.toExponential().replace("+", "") : rounded.toString();
}
