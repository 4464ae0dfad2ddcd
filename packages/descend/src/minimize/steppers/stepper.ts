/**
 * What advances a descent: a compiled loop, an objective called from outside, or a method that searches. The
 * descent around it (budgets, history, verdict) does not know which.
 */

import type { RunResult } from "../../graph/program.js";
import type { Measures } from "../stopping.js";

/** Numbers of evaluations so far. A value and its gradient at one point count one each. */
export interface Evaluations {
  value: number;
  gradient: number;
  hessianVector: number;
}

export interface Stepper {
  /** Up to `times` steps; fewer if a stopping test holds (then `code` says which) or the trial is not finite. */
  advance(times: number): RunResult;
  /** At most this many steps can be recorded by one `advance`. */
  readonly recordCapacity: number;
  /** Rows of (value, two-norm of gradient, two-norm of step, params if asked for) for the steps of the last `advance`. */
  records(): ArrayLike<number>;

  /** The committed point; views or copies, valid until the next step. */
  readonly params: ArrayLike<number>;
  readonly value: number;
  readonly gradient: ArrayLike<number>;
  readonly steps: number;
  /** The best point seen, the current one included. */
  readonly best: { readonly params: ArrayLike<number>; readonly value: number };
  /** The point that the rule recommends, with its value over all rows; undefined if that is the current one. */
  readonly answer?: { readonly params: ArrayLike<number>; readonly value: number } | undefined;
  readonly measures: Measures;
  /** Whether steps are made from gradients. If not, `gradient` is evaluated when it is asked for. */
  readonly followsGradient: boolean;
  /** How far the search still extended after the last step, for methods that say so. */
  readonly extent: number | undefined;
  readonly evaluations: Evaluations;

  /** Moves to another point and evaluates there. The state of an update rule is kept; a search starts anew. */
  moveTo(params: ArrayLike<number>): void;
  /** From now on the best point seen is the current one: values before belong to another descent, or to other rows. */
  forgetBest(): void;
  /** Multiplies the relative tolerance of the gradient, to pursue a point that is no minimizer yet. */
  tighten(factor: number): void;
  /** State of the method by name, as copies. */
  state(): Record<string, Float64Array>;
  /** Everything needed to go on bit for bit. */
  save(): Record<string, ArrayLike<number>>;
  /** Takes back what {@link save} gave. Of rules, `partly` takes some of it and leaves the rest as it is. */
  load(saved: Readonly<Record<string, ArrayLike<number>>>, partly?: boolean): void;
}
