/** A change to a case as plain data: what a prescription prescribes. */

import type { ModelChoice } from "./case.js";

/** Every field says what it sets; absent fields leave the case as it is. Survives JSON. */
export interface Patch {
  /** Of the catalogue; "lbfgs" too. Its options are replaced by `methodOptions`. */
  readonly method?: string;
  readonly methodOptions?: Readonly<Record<string, number | string | boolean>>;
  readonly learningRate?: number;
  /** learningRate/(1 + decay·step)^power in place of a constant rate. */
  readonly decay?: { readonly rate: number; readonly power: number };
  /** The mean of the iterates from this step on is the result. */
  readonly averageFrom?: number;
  /** Largest two-norm of the gradient. */
  readonly clip?: number;
  readonly maxSteps?: number;
  /** Stops when ‖g‖ has fallen to this share of the largest seen; every other stopping test is left out. */
  readonly relativeGradientTolerance?: number;
  readonly batch?: number | "full";
  readonly shuffle?: boolean;
  readonly precision?: "float64";
  /** The derived gradient in place of the user's. */
  readonly gradient?: "exact";
  /** Batches of all rows in shuffled order in place of the user's. */
  readonly sampler?: "all-rows-shuffled";
  /** Flat parameters to begin from. */
  readonly start?: readonly number[];
  /** Adds ½·l2·‖params − start‖² … for a table ½·l2·‖w‖² in place of its own. */
  readonly l2?: number;
  /** Descend in coordinates of the features (and of the target) with mean 0 and deviation 1; the result is folded back. */
  readonly standardize?: { readonly features: boolean; readonly target: boolean };
  readonly dropColumns?: readonly string[];
  /** Rows left out, from 0. */
  readonly dropRows?: readonly number[];
  /** Rows whose target belongs to the row this many places before. */
  readonly shiftTarget?: number;
  /** y ↦ scale·y + offset. */
  readonly recodeTarget?: { readonly scale: number; readonly offset: number };
  readonly model?: ModelChoice;
  /** The iterate with the lowest validation loss is the result. */
  readonly keepBestValidation?: boolean;
}

/** Where a fix takes place. */
export type FixLevel = "solver" | "preprocess" | "start" | "model" | "data" | "code";
