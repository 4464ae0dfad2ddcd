/** What a user may set for a descent, checked once. */

import type { GradientEstimator } from "../autodiff/estimated-gradient.js";
import { nearestName, OptionError } from "../errors.js";
import type { MethodName } from "../optim/method-name.js";
import type { LearningRate } from "../optim/schedules/schedule.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import type { Bounds } from "./bounds.js";
import type { Checkpoint } from "./checkpoint.js";
import type { Constraints } from "./constrained/constraint-options.js";
import type { ObjectiveFunction } from "./objective/objective.js";
import type { RowStore, TableData } from "./objective/rows.js";
import type { Variables } from "./objective/variables.js";
import type { Signal } from "./signal.js";
import type { Stopping } from "./stopping.js";

/** How a gradient is had. A function gives it as a tree like the parameters; it is checked before the first step. */
export type GradientOption =
  | "exact"
  | "forward-difference"
  | "central-difference"
  | "four-point-difference"
  | "spsa"
  | "gaussian-smoothing"
  | GradientEstimator
  | ObjectiveFunction;

/** float64 and float32 are reproducible to the bit; "fast" is float32 with whatever fused arithmetic the machine has. */
export type Precision = "float64" | "float32" | "fast";

/** What `onStep` is told. Reading `params` or `gradient` copies them. */
export interface StepInfo {
  /** Steps made so far. */
  readonly step: number;
  readonly value: number;
  /** ‖g‖∞ at the point. */
  readonly gradientNorm: number;
  /** ‖Δx‖∞ of the step that led here. */
  readonly stepNorm: number;
  readonly params: unknown;
  readonly gradient: unknown;
}

/**
 * What `onStep` may answer: "stop" ends the descent, all else is ignored. A promise is refused, since nothing waits for it: an `async`
 * function does not compile.
 */
export type StepAnswer =
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing answers nothing
  void | null | undefined | string | number | bigint | boolean | symbol | (object & { readonly then?: never });

/** `true` records every step with its parameters. */
export type HistoryOption =
  | true
  | {
      /** Default true. */
      readonly params?: boolean;
      /**
       * Entries at most, whole, ≥ 2. When there are more, every second one is let go, and steps of twice the distance are recorded from
       * then on: a run of any length takes constant memory. The last step is always there. Default: no limit.
       */
      readonly most?: number | undefined;
    };

export interface DescentOptions {
  /**
   * A name ("lbfgs", "adam", …), a rule, or a search. Default: "lbfgs"; with bounds "projectedNewton" or, for many
   * parameters, "lbfgsb"; "adam" with mini-batches.
   */
  readonly method?: MethodName | Transformation | SearchMethod | undefined;
  /** Options of a method given by name, as its function takes them: `{ memory: 20 }` for "lbfgs". Default: the method's. */
  readonly methodOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Length of the steps for a method given by name: a number > 0 or a schedule, in units of params per gradient. Default: the method's. */
  readonly learningRate?: LearningRate | undefined;
  /**
   * Default: "exact" where the objective can be read, else "central-difference". "exact" itself is
   * refused, with the reason, where it cannot be read.
   */
  readonly gradient?: GradientOption | undefined;
  /**
   * Bounds of the parameters: a tree like the start with a pair `[lower, upper]` in place of a number, or of all that it holds for.
   * `null` or ±Infinity for none. Default: none. The objective is never evaluated outside of them.
   */
  readonly bounds?: Bounds | undefined;
  /**
   * What parameters take: a tree like the start with "real", "integer" or "category" in place of a number, or of all that it holds for.
   * Default: real numbers. The objective is asked for whole numbers only where it says so. Default method then: "geneticAlgorithm".
   */
  readonly variables?: Variables | undefined;
  /** Compare a gradient given as a function with difference quotients before the first step, and refuse one that is wrong. Default true. */
  readonly checkGradient?: boolean | undefined;
  /**
   * Constraints beside the bounds: `{ equal: [c, …], atMost: [c, …] }` with functions or formulas for c(x) = 0 and c(x) ≤ 0, or comparisons
   * as text, `["x + y <= 1", "x*y = 2"]`. Default: none. For `minimize` and `maximize`.
   */
  readonly constraints?: Constraints | readonly string[] | undefined;
  /**
   * Columns of the table that a per-row objective runs over: equally long arrays (or arrays of arrays);
   * or what reads a table too large for memory.
   */
  readonly data?: TableData | RowStore | undefined;
  /** Rows per step, 1 ≤ batch ≤ rows. Default "full". */
  readonly batch?: number | "full" | undefined;
  /** Visit the rows of each epoch in a new random order (only with `batch`). Default true. */
  readonly shuffle?: boolean | undefined;
  /** Whole number ≥ 0 behind every random choice. Default 0. */
  readonly seed?: number | undefined;
  /** Values of names that the objective uses and does not define. */
  readonly constants?: Readonly<Record<string, unknown>> | undefined;
  /** Steps at most, whole, ≥ 0. Default 100 000; 10 000 for a method that searches by gradients. */
  readonly maxSteps?: number | undefined;
  /** Evaluations of the objective at most, ≥ 1. Default: no limit. */
  readonly maxEvaluations?: number | undefined;
  /** Seconds at most, > 0. Default: no limit. */
  readonly timeLimit?: number | undefined;
  readonly stopping?: Stopping | undefined;
  readonly precision?: Precision | undefined;
  /** Record the steps: value, ‖g‖₂, ‖Δx‖₂, and the parameters. Default false. */
  readonly history?: false | HistoryOption | undefined;
  /**
   * Called after every step; return "stop" to end the descent. Costs a call into JavaScript each step. What has to be awaited is for
   * `minimizeAsync`, or for between the steps of `createDescent`.
   */
  readonly onStep?: ((info: StepInfo) => StepAnswer) | undefined;
  /**
   * Ends the descent when aborted; looked at every few milliseconds and after every `onStep`. A descent runs without pause, so neither
   * timers (such as those of `AbortSignal.timeout`: take `timeLimit`) nor clicks on its own thread can abort it: walk it with
   * `createDescent(…).step(n)` and await in between.
   */
  readonly signal?: Signal | undefined;
  /**
   * Test stationarity and curvature at the end. Default true. Without the tests "converged" says no more than that the gradient met its
   * tolerance.
   */
  readonly certify?: boolean | undefined;
  /** Go on with a smaller tolerance if the point fails these tests. Default true. */
  readonly pursue?: boolean | undefined;
  /** Go on from a checkpoint of the same objective and method instead of from `start`. */
  readonly checkpoint?: Checkpoint | undefined;
  /** Milliseconds that never go back. Default: performance.now. */
  readonly clock?: (() => number) | undefined;
}

const OPTION_NAMES: readonly (keyof DescentOptions)[] = [
  "method",
  "methodOptions",
  "learningRate",
  "gradient",
  "bounds",
  "variables",
  "checkGradient",
  "constraints",
  "data",
  "batch",
  "shuffle",
  "seed",
  "constants",
  "maxSteps",
  "maxEvaluations",
  "timeLimit",
  "stopping",
  "precision",
  "history",
  "onStep",
  "signal",
  "certify",
  "pursue",
  "checkpoint",
  "clock",
];

const STOPPING_NAMES: readonly (keyof Stopping)[] = [
  "gradientTolerance",
  "relativeGradientTolerance",
  "stepTolerance",
  "valueTolerance",
  "patience",
  "targetValue",
  "divergenceFactor",
];

/** @throws OptionError OPTION_OUT_OF_RANGE */
export function expectObject(option: string, value: unknown, expected: string): void {
  if (typeof value !== "object" || value === null) {
    const got = String(value);
    throw new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${got}.`, { option, expected, got });
  }
}

/**
 * Refuses unknown names and values out of range.
 *
 * @throws OptionError OPTION_UNKNOWN, OPTION_OUT_OF_RANGE
 */
export function checkOptions(options: DescentOptions): void {
  refuseUnknown("option", options, OPTION_NAMES);
  if (options.stopping !== undefined) refuseUnknown("stopping", options.stopping, STOPPING_NAMES);
  check("maxSteps", options.maxSteps, (v) => Number.isInteger(v) && v >= 0, "a whole number ≥ 0");
  check("maxEvaluations", options.maxEvaluations, (v) => v >= 1, "a number ≥ 1");
  check("timeLimit", options.timeLimit, (v) => v > 0, "a number of seconds > 0");
  const { history } = options;
  if (typeof history === "object") check("history.most", history.most, (v) => Number.isInteger(v) && v >= 2, "a whole number ≥ 2");
  check("seed", options.seed, (v) => Number.isInteger(v) && v >= 0, "a whole number ≥ 0");
  if (typeof options.learningRate !== "function") {
    check("learningRate", options.learningRate, (v) => v > 0 && Number.isFinite(v), "a finite number > 0, or a schedule");
  }
  if (options.precision !== undefined) oneOf("precision", options.precision, ["float64", "float32", "fast"]);
}

/** @throws OptionError OPTION_UNKNOWN at the first name of `given` that is not known. */
export function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? `Known are ${known.join(", ")}.` : `Did you mean ${nearest}?`;
    throw new OptionError("OPTION_UNKNOWN", `${where}: there is no "${name}". ${hint}`, {
      option: name,
      known,
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
}

/** @throws OptionError OPTION_OUT_OF_RANGE for a value that is given and not valid. */
export function check(option: string, value: number | undefined, valid: (value: number) => boolean, expected: string): void {
  if (value === undefined || (typeof value === "number" && valid(value))) return;
  throw new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected ${expected}, got ${String(value)}.`, { option, expected, got: value });
}

/** @throws OptionError OPTION_OUT_OF_RANGE for a value that is not known. */
export function oneOf(option: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const expected = known.map((name) => `"${name}"`).join(", ");
  throw new OptionError("OPTION_OUT_OF_RANGE", `${option}: expected one of ${expected}, got ${JSON.stringify(value)}.`, {
    option,
    expected,
    got: value,
  });
}
