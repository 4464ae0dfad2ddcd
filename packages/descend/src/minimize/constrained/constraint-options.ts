/** How users write constraints, and what comes back of them. */

import type { ObjectiveFunction } from "../objective/objective.js";

/** A function of the parameters, or a formula: what must be 0, or at most 0. */
export type ConstraintFunction = string | ObjectiveFunction;

/** Constraints beside the bounds. */
export interface Constraints {
  /** c(x) = 0 for each. */
  readonly equal?: readonly ConstraintFunction[];
  /** c(x) ≤ 0 for each. */
  readonly atMost?: readonly ConstraintFunction[];
  /** Largest violation that counts as none, in units of c. > 0. Default 1e-10; 1e-7 where derivatives are differences. */
  readonly tolerance?: number;
}

/**
 * What the constraints weigh at the solution, in the order given: how much the best value changes by unit of what they are compared with.
 */
export interface Multipliers {
  readonly equal: readonly number[];
  /** ≥ 0; 0 for those that are slack. */
  readonly atMost: readonly number[];
}
