/** What a descent comes back with. */

import type { Multipliers } from "./constrained/constraint-options.js";
import type { History } from "./history.js";
import type { Test } from "./judging/certificate/test.js";
import type { StepSizeCertificate } from "./judging/step-size.js";
import type { TerminationReason } from "./stopping.js";
import type { Verdict } from "./verdict.js";

/** Where the gradients came from. */
export type GradientSource = "compiled" | "provided" | "finite-difference" | "estimated";

export interface Criterion {
  readonly name: TerminationReason;
  /** What the criterion asks for, and what was reached. Norms are maximum norms. */
  readonly tolerance: number;
  readonly reached: number;
}

export interface Solution<P> {
  /**
   * Shaped like the start: the point that passed the tests if the descent converged, else the point the method recommends (an average of
   * its iterates, say) if it does and that is not worse, else the best point seen.
   */
  readonly params: P;
  /** The same with the name of the unknown in formulas. */
  readonly x: P;
  /** The objective there; of mini-batches that of one batch, unless the method recommends a point: then that of all rows. */
  readonly value: number;
  readonly verdict: Verdict;
  /** `verdict === "converged"`. */
  readonly converged: boolean;
  /** The criterion that ended the loop, and all that held at that moment. */
  readonly terminationReason: TerminationReason;
  readonly reasons: readonly TerminationReason[];
  /** Every active criterion with its tolerance and the value reached. */
  readonly criteria: readonly Criterion[];
  /** The certificate. */
  readonly tests: readonly Test[];
  /** `descent.stepSize` of the descent that led here, measured when asked for; not enumerable. */
  readonly stepSize?: StepSizeCertificate | undefined;
  readonly gradientSource: GradientSource;
  /** Why the gradient was not compiled, if it was not. */
  readonly gradientReason: string | undefined;
  /** ‖g‖∞ at the last point; with bounds, of what of g does not push against them. */
  readonly gradientNorm: number;
  readonly method: string;
  readonly steps: number;
  readonly evaluations: { readonly value: number; readonly gradient: number; readonly hessianVector: number };
  /**
   * What of `evaluations` were tests of points rather than steps, in gradients: a value counts a third, a product with the Hessian two. At
   * most 60, or a twentieth of the steps if that is more. Absent for `leastSquares` and with constraints.
   */
  readonly judging?: number;
  /**
   * Gradients of single rows that the steps were made of; 0 without a table. Absent for `leastSquares`, whose steps are made of Jacobians.
   */
  readonly rowGradients?: number;
  /** Milliseconds of the descent, preparation included. */
  readonly milliseconds: number;
  /** Every recorded step if `history` was asked for. */
  readonly history: History | undefined;
  /** What the user should know beside the verdict, once each. */
  readonly warnings: readonly string[];
  /** What each constraint weighs; only with constraints: ∇f + Σ multipliers·∇c + what pushes against bounds = 0, with −f to maximize. */
  readonly multipliers?: Multipliers;
  /** Largest remainder of the first-order conditions, of gradients and complementarity; only with constraints. */
  readonly kktResidual?: number;
  /** Largest |c| of equalities, max(0, c) of inequalities; only with constraints. */
  readonly constraintViolation?: number;
}
