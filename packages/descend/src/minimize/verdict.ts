/** The one word a descent ends with, from what stopped it and what the tests found. */

import type { Certificate } from "./judging/certificate/certify.js";
import type { TerminationReason } from "./stopping.js";

/**
 * - converged: a minimizer, as far as independent tests can tell.
 * - precision-floor: a minimizer to the digits of the number format, though a tolerance asked for more.
 * - stalled: no step helps any more, or steps grow without end, and the point is no minimizer.
 * - saddle, maximum, plateau: stationary, but no minimizer.
 * - unbounded: the objective falls without end. infimum-not-attained: it approaches a value it never has.
 * - noise-limited, orbiting: the steps no longer approach anything, by the noise of batches or by their own length.
 * - infeasible: no point satisfies the constraints.
 * - budget, stopped: steps, evaluations or time were used up; the caller ended it.
 * - broken-input: objective or gradient are not finite at the start.
 */
export type Verdict =
  | "converged"
  | "stalled"
  | "noise-limited"
  | "orbiting"
  | "saddle"
  | "maximum"
  | "unbounded"
  | "infimum-not-attained"
  | "plateau"
  | "precision-floor"
  | "infeasible"
  | "budget"
  | "stopped"
  | "broken-input";

export interface VerdictEvidence {
  /** What ended the loop, first the one to report. */
  readonly reasons: readonly TerminationReason[];
  /** Absent for mini-batches and where the caller switched it off. */
  readonly certificate: Certificate | undefined;
  readonly broken: boolean;
  readonly stochastic: boolean;
  /** The method used values alone: the gradients of the certificate are a second source, and a search that ended may end converged. */
  readonly byValues: boolean;
  /** Whether the tolerance was met before, and a tighter one was asked for by the tests alone. */
  readonly pursued?: boolean;
  readonly startValue: number;
  readonly value: number;
}

/** Fall below the start, relative to 1 + |f(start)|, that together with divergence means that there is no minimum. */
const UNBOUNDED_FALL = 1e6;

/** The table of decisions; docs/verdicts.md has it in words. */
export function decideVerdict({
  reasons,
  certificate,
  broken,
  stochastic,
  byValues,
  pursued = false,
  startValue,
  value,
}: VerdictEvidence): Verdict {
  if (broken) return "broken-input";
  const [reason] = reasons;
  const finding = certificate?.finding;
  const fell = value < startValue - UNBOUNDED_FALL * (1 + Math.abs(startValue));
  if (reason === "diverged" || reason === "non-finite-value" || reason === "non-finite-gradient") {
    // Falling without end is a property of the objective; rising without end is one of the method.
    return fell || finding === "unbounded" ? "unbounded" : "stalled";
  }
  // A descent by batches often has no end but the caller's: what it had come to by then says more.
  const settled = stochastic && (finding === "noise-limited" || finding === "orbiting");
  if (reason === "target-value" || (reason === "stopped-by-caller" && !settled)) return "stopped";
  const spent = reason === "max-steps" || reason === "max-evaluations" || reason === "time-limit";
  switch (finding) {
    case undefined:
      // Without tests "converged" says no more than that the tolerance was met; single batches say nothing at all.
      if (spent || stochastic) return "budget";
      return reasons.includes("gradient-tolerance") ? "converged" : "stalled";
    case "minimizer":
      // At a kink no gradient gets small. Elsewhere no lower point is found, or none that differs: where the number format ends, though a
      // tolerance asked for more.
      if (certificate!.tests.some(({ name }) => name === "kink")) return "converged";
      if (pursued || (byValues && reason === "step-tolerance")) return "converged";
      return reason === "line-search-failed" || reason === "step-tolerance" ? "precision-floor" : "converged";
    case "minimizer-to-rounding":
      return "precision-floor";
    case "not-stationary":
      if (fell && !certificate!.level) return "unbounded";
      return spent ? "budget" : "stalled";
    case "saddle":
    case "maximum":
      // A descent that is passing by may have gone on.
      return spent ? "budget" : finding;
    default:
      return finding;
  }
}
