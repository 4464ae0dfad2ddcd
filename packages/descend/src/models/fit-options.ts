/** What a user may set for a fit. */

import type { Features } from "../data/feature-table.js";
import type { ScaleKind } from "../data/scaling/column-scale.js";
import { nearestName, OptionError } from "../errors.js";
import type { DescentOptions } from "../minimize/options.js";
import type { Stopping } from "../minimize/stopping.js";
import { type ClassLabel, type ModelKind, type ModelSpec, modelCatalogue } from "./model-spec.js";
import type { ClassWeights } from "./read-target.js";

/** Options of the descent that a fit passes on as they are. */
type PassedOn = Pick<
  DescentOptions,
  | "method"
  | "methodOptions"
  | "batch"
  | "shuffle"
  | "seed"
  | "maxSteps"
  | "timeLimit"
  | "precision"
  | "history"
  | "onStep"
  | "signal"
  | "checkpoint"
  | "clock"
>;

/** What a user may set for the descent of a fit. */
export interface DescentWishes extends PassedOn {
  /** Length of the steps for a method given by name. > 0, in units of params per gradient. Default: from the curvature of the problem. */
  readonly learningRate?: number | undefined;
  /**
   * How that length changes, as text for `parseSchedule`: "cosine:steps=1000". It begins at
   * `learningRate`, or at the one from the curvature.
   */
  readonly schedule?: string | undefined;
  /** Passes over the table at most, in place of `maxSteps`. */
  readonly epochs?: number | undefined;
  /** As for `minimize`; relativeGradientTolerance is 1e-13 by default here, 1e-8 where Newton's method adds the last digits. */
  readonly stopping?: Stopping | undefined;
}

export interface FitOptions<M extends ModelSpec | ModelKind = ModelSpec | ModelKind> extends DescentWishes {
  /** A name or a record. Default: from the target, see {@link chooseModel}. */
  readonly model?: M | undefined;
  readonly features: Features;
  /** Numbers, or labels of classes, [rows]. */
  readonly target: ArrayLike<ClassLabel>;
  /** Default: the names of the columns, or x1, x2, …. */
  readonly featureNames?: readonly string[] | undefined;
  /** Labels in the order of the class indices; the second is the positive one of a logistic model. Default: sorted. */
  readonly classes?: readonly ClassLabel[] | undefined;
  /** How often each row counts, [rows], ≥ 0. Default 1. */
  readonly weights?: ArrayLike<number> | undefined;
  /** How often rows of a class count, times their own weight. */
  readonly classWeights?: ClassWeights | undefined;
  /** Total degree of products of features to add. Default 1: none. */
  readonly degree?: number | undefined;
  /**
   * The features are products up to `degree` already, of columns with these names, as {@link createProductMoments} gives them: the model
   * makes products of the columns that it predicts from.
   */
  readonly productsOf?: readonly string[] | undefined;
  /** Default true. */
  readonly intercept?: boolean | undefined;
  /**
   * The scale of features inside the problem, and whether a numeric target is standardized too. Default true: "standard" for both.
   * Penalties act on the weights of scaled features; with false the descent meets the table as it is. Coefficients are those of the table's
   * own units in any case. Without intercept features are not shifted.
   */
  readonly scale?: boolean | ScaleKind | { readonly features?: boolean | ScaleKind; readonly target?: boolean } | undefined;
}

const OPTION_NAMES: readonly (keyof FitOptions)[] = [
  "model",
  "features",
  "target",
  "featureNames",
  "classes",
  "weights",
  "classWeights",
  "degree",
  "productsOf",
  "intercept",
  "scale",
  "method",
  "methodOptions",
  "learningRate",
  "schedule",
  "batch",
  "shuffle",
  "epochs",
  "maxSteps",
  "seed",
  "timeLimit",
  "stopping",
  "precision",
  "history",
  "onStep",
  "signal",
  "checkpoint",
  "clock",
];

/** @throws OptionError OPTION_UNKNOWN */
export function refuseUnknownOptions(options: object): void {
  if (typeof options !== "object" || options === null) {
    const expected = "an object such as { features: { x: [1, 2, 3] }, target: [2, 4, 7] }";
    throw new OptionError("OPTION_OUT_OF_RANGE", `fit: expected ${expected}, got ${String(options)}.`, {
      option: "options",
      expected,
      got: options,
    });
  }
  for (const option of Object.keys(options)) {
    if ((OPTION_NAMES as readonly string[]).includes(option)) continue;
    const owners = modelCatalogue.filter((record) => option in record.options || option === "convention").map(({ kind }) => kind);
    const nearest = owners.length > 0 ? undefined : nearestName(option, OPTION_NAMES);
    const hint =
      owners.length > 0
        ? `It belongs to a model (${owners.join(", ")}): model: { kind: "${owners[0]}", ${option} }.`
        : nearest === undefined
          ? `Known are ${OPTION_NAMES.join(", ")}.`
          : `Did you mean ${nearest}?`;
    throw new OptionError("OPTION_UNKNOWN", `fit: there is no option "${option}". ${hint}`, {
      option,
      known: OPTION_NAMES,
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
}
