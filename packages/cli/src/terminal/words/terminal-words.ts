/** What the terminal says by itself, in each language. Sentences that come from the library are in `sentences.ts`. */

import type { Solution } from "descend";

type Verdict = Solution<unknown>["verdict"];
type Reason = Solution<unknown>["terminationReason"];

/** Counts and numbers come as they are to be shown. */
export interface TerminalWords {
  readonly error: string;
  readonly note: string;
  readonly defect: string;
  readonly comma: string;
  readonly semicolon: string;
  readonly list: (items: readonly string[], most?: number) => string;
  readonly seconds: (seconds: number) => string;
  readonly verdict: (verdict: string, meaning: string, reason: string, gradientNorm: string) => string;
  readonly verdicts: Readonly<Record<Verdict, { readonly word: string; readonly meaning: string }>>;
  readonly reasons: Readonly<Record<Reason, string>>;
  /** What a criterion says of a descent that stalled. */
  readonly stalledBy: Partial<Record<Reason, string>>;
  readonly written: Readonly<Record<"report" | "model" | "plot", (path: string) => string>>;
  readonly progress: {
    readonly step: (step: number, most: string | undefined) => string;
    readonly epoch: (epoch: string, most: string | undefined) => string;
    readonly value: (value: string) => string;
    readonly rate: (rate: string) => string;
    readonly left: (time: string, atMost: boolean) => string;
    readonly epochsPerSecond: (pace: string) => string;
    readonly stepsPerSecond: (pace: string) => string;
    readonly fold: (fold: number, folds: number) => string;
    readonly pass: (pass: number, row: string) => string;
  };
  readonly fit: {
    readonly table: string;
    readonly tableSummary: (path: string, rows: string, columns: number, leftOut: readonly string[]) => string;
    readonly withMissing: (rows: string) => string;
    readonly withoutTarget: (rows: string) => string;
    readonly withInfinite: (rows: string) => string;
    readonly target: string;
    readonly classes: (count: number) => string;
    readonly targetWithClasses: (target: string, classes: string) => string;
    readonly model: string;
    readonly because: (reason: string) => string;
    readonly weights: string;
    readonly columnWeighs: (column: string) => string;
    readonly balanced: string;
    readonly classCounts: (label: string, times: string) => string;
    readonly l1Weight: (weight: string) => string;
    readonly l2Weight: (weight: string) => string;
    readonly noPenalty: string;
    readonly method: string;
    readonly learningRate: (rate: string) => string;
    readonly curvature: string;
    readonly curvatureSummary: (numbers: {
      readonly largest: string;
      readonly condition: string | undefined;
      readonly predicted: string | undefined;
      readonly stable: string;
      readonly plain: string | undefined;
    }) => string;
    readonly split: string;
    readonly splitSummary: (train: string, test: string, seed: number) => string;
    readonly steps: (count: number, shown: string) => string;
    readonly featureNotUsed: (feature: string, reason: string) => string;
    readonly sweepHead: readonly [rate: string, value: string, after: string, taken: string];
    readonly diverged: string;
    readonly taken: string;
    readonly sweepCost: (steps: string) => string;
    readonly class: string;
    readonly coefficient: string;
    readonly descent: string;
    readonly standardError: string;
    readonly interval: string;
    readonly closedForm: string;
    readonly more: (count: string) => string;
    readonly train: string;
    readonly test: string;
    readonly folds: (count: number) => string;
    readonly metrics: Readonly<Record<string, string>>;
    readonly effort: (numbers: {
      readonly steps: string;
      readonly epochs: string | undefined;
      readonly method: string;
      readonly rowGradients: string | undefined;
      readonly time: string;
      readonly difference: string | undefined;
    }) => string;
    readonly resume: (path: string) => string;
  };
  readonly columns: {
    readonly head: readonly [column: string, type: string, use: string];
    readonly more: (count: string) => string;
    readonly target: string;
    readonly weight: string;
    readonly notUsed: (reason: string) => string;
    readonly notAskedFor: string;
    readonly feature: string;
    readonly base: (base: string, others: string) => string;
    readonly dates: string;
    readonly booleans: string;
    readonly missing: (count: string, frequent: boolean, stand: string, indicator: string | undefined) => string;
    /** Of a note in brackets. */
    readonly aside: (note: string) => string;
    readonly colon: string;
  };
  readonly minimize: {
    readonly gradient: string;
    readonly value: string;
    readonly effort: (numbers: {
      readonly steps: number;
      readonly method: string;
      readonly values: number;
      readonly gradients: number;
      readonly source: string;
      readonly time: string;
    }) => string;
    readonly multipliers: (equal: string, atMost: string, violation: string) => string;
  };
  readonly multistart: {
    readonly head: (variables: readonly string[]) => readonly string[];
    readonly share: (share: string, low: string, high: string) => string;
    readonly more: (count: string) => string;
    readonly found: (starts: string, places: number, shown: string, seed: number) => string;
    readonly chance: (share: string, starts: string | undefined) => string;
  };
  readonly race: {
    readonly head: readonly string[];
    readonly counted: (within: string, best: string) => string;
  };
  readonly methods: {
    /** What one may type, and where more is said. */
    readonly example: (flags: string, page: string) => string;
  };
  readonly predict: {
    readonly predicted: (rows: string, path: string | undefined) => string;
    readonly withoutPrediction: (rows: string) => string;
    readonly filled: (count: string, column: string) => string;
    readonly unseen: (rows: string, column: string) => string;
    readonly against: (metrics: string) => string;
  };
  readonly update: {
    readonly learned: (path: string, rows: string, table: string, updates: string) => string;
    readonly leftOut: (rows: string) => string;
    readonly head: readonly [rows: string, before: string, after: string];
  };
}
