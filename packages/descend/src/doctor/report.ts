/**
 * What a diagnosis consists of: plain data that survives JSON. Numbers that are not finite are the texts "NaN", "Infinity", "-Infinity".
 */

import type { FixLevel, Patch } from "./patch.js";

/** How a run ended, by measurement rather than by its own word. */
export type Outcome = "nonfinite" | "unbounded" | "diverged" | "oscillating" | "unfinished" | "stationary-saddle" | "flat" | "stationary";

/** What may be wrong with the place where a run ended, whatever its outcome. */
export type Quality = "poor" | "generalises-badly";

/** A finite number, or the name of one that is not. */
export type Scalar = number | "NaN" | "Infinity" | "-Infinity";

/** One measured number and what it is held against. */
export interface Evidence {
  /** A stable name: "stability-number". */
  readonly name: string;
  readonly value: Scalar;
  /** "" for a pure number. */
  readonly unit: string;
  /** The finding asks for a value above (or below) this; null for what only supports it. */
  readonly threshold: number | null;
  /** How it was obtained, with the seed and the point, so that it can be computed again. */
  readonly how: string;
  /** In units of one gradient. */
  readonly cost: number;
}

/** A sentence as data: words in other languages are made from the id and the values. */
export interface Message {
  readonly id: string;
  readonly values: Readonly<Record<string, Scalar | string>>;
  /** The sentence in English, numbers filled in. */
  readonly text: string;
}

/** What a prescription promises before it is tried. */
export interface Prediction {
  /** A stable name of what will be measured: "stability-number", "value", "steps". */
  readonly quantity: string;
  readonly value: Scalar;
}

export interface Prescription {
  /** Unique within the finding: "stable-rate". */
  readonly id: string;
  readonly message: Message;
  readonly patch: Patch;
  /** The same change as code. */
  readonly code: string;
  readonly fixLevel: FixLevel;
  /** Whether {@link cure} may try it. Advice is for the user to follow. */
  readonly automatic: boolean;
  readonly prediction: Prediction | null;
  /**
   * What a trial must show: "lower", a lower objective than the untreated run has with the same budget; "stationary", where the objective
   * has no minimum, that the treated one has; "continue", where the budget itself is what is treated, that the run comes to rest within
   * it, no more than twice what was predicted.
   */
  readonly aim: "lower" | "stationary" | "continue";
  /** Rows that are left out when runs are compared: those the finding is about. */
  readonly comparedWithout: readonly number[];
  /** Of trying it, in gradients. */
  readonly cost: number;
}

/** What a trial showed; see `cure`. */
export interface Proof {
  readonly prescription: string;
  /**
   * (a) no failure left, (b) the cause back in range, (c) the untreated run closes less than half of what the treated one closes, (d) no
   * new failure, (e) other seeds agree, (f) the agreed metric is lower.
   */
  readonly criteria: {
    readonly gateCloses: boolean;
    readonly causeGone: boolean;
    readonly controlStays: boolean;
    readonly nothingNew: boolean;
    readonly seedsAgree: boolean;
    readonly metricImproves: boolean;
  };
  readonly predicted: Prediction | null;
  readonly observed: Scalar | null;
}

export interface Finding {
  /** Of the catalogue. */
  readonly id: string;
  readonly level: "failure" | "note";
  /** 0 … 1. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly explanation: Message;
  readonly prescriptions: readonly Prescription[];
  /** After treatment. */
  readonly proof?: Proof;
}

/** One run in the table of a treatment. */
export interface RunSummary {
  readonly outcome: Outcome;
  /** The objective at its end, in the units of the case. */
  readonly value: Scalar;
  /** What is compared between runs: the loss without penalty in the units of the case, on the rows agreed on. */
  readonly metric: Scalar;
  readonly steps: number;
  readonly gradients: number;
}

export interface Treatment {
  readonly finding: string;
  readonly prescription: string;
  readonly patch: Patch;
  readonly code: string;
  readonly before: RunSummary;
  /** The untreated run, continued with the budget of the treated one. */
  readonly control: RunSummary;
  readonly after: RunSummary;
  readonly proof: Proof;
  readonly accepted: boolean;
}

export interface Costs {
  /** Gradients of the run that was observed. */
  readonly run: number;
  /** Spent on measuring, in gradients: a value counts a third, a product with the Hessian two. */
  readonly diagnosis: number;
  readonly treatment: number;
}

export interface Report {
  readonly format: "descend-diagnosis";
  readonly version: 1;
  readonly outcome: Outcome;
  readonly quality: readonly Quality[];
  /** Failures first, the cause at the top; then notes. */
  readonly findings: readonly Finding[];
  /** Every number that was measured, by name. */
  readonly measurements: Readonly<Record<string, Evidence>>;
  readonly treatments: readonly Treatment[];
  readonly subject: SubjectSummary;
  readonly costs: Costs;
}

export interface SubjectSummary {
  readonly kind: "function" | "table" | "recorded";
  readonly parameters: number;
  readonly rows: number;
  readonly method: string;
  /** Null where the method finds its own steps, or the rate changes with the step. */
  readonly learningRate: number | null;
  readonly steps: number;
  readonly terminationReason: string;
  readonly seed: number;
  readonly startValue: Scalar;
  readonly value: Scalar;
  /** Flat parameters where the run ended. */
  readonly params: readonly Scalar[];
}

export interface CuredReport extends Report {
  /** Whether a treatment was proven; without failures there is nothing to cure. */
  readonly cured: boolean;
  /** All accepted changes together; null where none was. */
  readonly patch: Patch | null;
  readonly code: string | null;
  /** Flat parameters in the units of the case: of the treated run if it was proven, else of the run as it was. */
  readonly params: readonly Scalar[];
  /** What is still found after treatment; the findings of the case itself where nothing was accepted. */
  readonly remaining: readonly Finding[];
}

/** A number as JSON can hold it. */
export function scalar(value: number): Scalar {
  return Number.isFinite(value) ? value : (String(value) as Scalar);
}
