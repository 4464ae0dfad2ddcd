/** What is brought to the doctor: an objective or a table with a model, and how it is descended. */

import type { Features } from "../data/feature-table.js";
import type { Descent } from "../minimize/descent.js";
import type { ObjectiveFunction } from "../minimize/objective/objective.js";
import type { TableData } from "../minimize/objective/rows.js";
import type { DescentOptions, GradientOption } from "../minimize/options.js";
import type { Solution } from "../minimize/solution.js";
import type { TableRoles as ColumnRoles } from "../minimize/subject.js";
import type { LearningRate } from "../optim/schedules/schedule.js";

/** A method of the catalogue with its options: { name: "momentum", momentum: 0.99 }. */
export interface MethodChoice {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** A loss of scores s = b + x·w, averaged over the rows, plus ½·l2·‖w‖². */
export interface ModelChoice {
  /**
   * linear ½(s−y)² · huber and absolute: of s−y · logistic: cross entropy of the sigmoid, y in 0, 1 · sigmoid-squares ½(σ(s)−y)² ·
   * poisson eˢ − y·s, y a count · softmax: cross entropy, y a class from 0.
   */
  readonly kind: "linear" | "huber" | "absolute" | "logistic" | "sigmoid-squares" | "poisson" | "softmax";
  /** ≥ 0; the intercept is not penalized. Default 0. */
  readonly l2?: number;
  /** Huber's δ > 0, in the unit of the target. Default 1.345 median absolute deviations of the target. */
  readonly delta?: number;
}

/** A table to fit, in the units it comes in. Values that are not finite are allowed: they are a finding. */
export interface TableCase {
  readonly features: Features;
  readonly featureNames?: readonly string[];
  /** Numbers; 0 and 1, or classes from 0, for models that classify; [rows]. */
  readonly target: ArrayLike<number>;
  readonly model: ModelChoice;
  /** Default true. */
  readonly intercept?: boolean;
  /** How often each row counts, [rows], ≥ 0. */
  readonly weights?: ArrayLike<number>;
  /** Rows that are not learned from. */
  readonly validation?: { readonly features: Features; readonly target: ArrayLike<number> };
}

/** Of the user's own making: the gradient of the mean loss over some rows, shaped like the parameters. */
export type BatchGradient = (params: never, rows: readonly number[]) => unknown;
/** Of the user's own making: the rows of each batch of an epoch, epochs counted from 0. */
export type BatchSampler = (epoch: number) => readonly (readonly number[])[];

/**
 * A descent to look at. Either `objective` and `start`, or `table` (then `start` defaults to zeros, as { intercept, weights }).
 *
 * @example
 * diagnose({ objective: "x^2 + 100 y^2", start: { x: 1, y: 1 }, method: "gradientDescent", learningRate: 0.011, maxSteps: 200 });
 * @example
 * diagnose({ table: { features, target, model: { kind: "linear" } }, method: "gradientDescent", learningRate: 1e-8, maxSteps: 500 });
 */
export interface Case {
  readonly objective?: string | ObjectiveFunction;
  readonly start?: unknown;
  readonly table?: TableCase;
  /** Columns that a per-row objective runs over. */
  readonly data?: TableData;
  /** Which of these an objective of the user's own takes as what: then the scales of features are looked at. */
  readonly roles?: ColumnRoles;
  /** Of the parameters, as for `minimize`. */
  readonly bounds?: DescentOptions["bounds"];
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Default "minimize". */
  readonly sense?: "minimize" | "maximize";
  /** A name, a name with options, or a rule. Default as for `minimize`. */
  readonly method?: DescentOptions["method"] | MethodChoice;
  readonly learningRate?: LearningRate;
  /** A gradient of the user's own is checked, and then used as it is. */
  readonly gradient?: GradientOption;
  readonly batchGradient?: BatchGradient;
  readonly batches?: BatchSampler;
  readonly batch?: number | "full";
  readonly shuffle?: boolean;
  readonly seed?: number;
  readonly maxSteps?: number;
  readonly maxEvaluations?: number;
  readonly stopping?: DescentOptions["stopping"];
  readonly precision?: DescentOptions["precision"];
  /** As for `minimize`: false takes the stopping rules at their word. */
  readonly certify?: boolean;
  readonly pursue?: boolean;
  /** A value below which the objective cannot be. Default: that of the model's loss; none for an objective of the user's own. */
  readonly lowerBound?: number;
}

/** A run of which only the curves are left. Equally long arrays, one entry a recorded step. */
export interface RecordedRun {
  readonly value: ArrayLike<number>;
  /** Step counts. Default 0, 1, 2, …. */
  readonly step?: ArrayLike<number>;
  /** ‖g‖₂. */
  readonly gradientNorm?: ArrayLike<number>;
  /** ‖Δx‖₂. */
  readonly stepLength?: ArrayLike<number>;
  /** Loss on rows that were not learned from. */
  readonly validation?: ArrayLike<number>;
  readonly learningRate?: number;
}

/** A model that `fit` gave: the descent that made it is what is looked at, in the units of the fit's own coordinates. */
export interface FittedSubject {
  readonly solution: Solution<unknown>;
  readonly coefficients: readonly unknown[];
}

/** A case, a descent or solution of `minimize`, `maximize` or `createDescent`, a model of `fit`, or the curves of a run. */
export type Subject = Case | Descent<never> | Descent<unknown> | Solution<unknown> | FittedSubject | { readonly history: RecordedRun };

export type { ColumnRoles };
