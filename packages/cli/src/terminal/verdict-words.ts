/** A verdict as a sentence: what came of the descent, by which criterion, with what evidence. */

import type { Solution } from "descend";
import pc from "picocolors";
import { formatNumber } from "./format.js";

/** What each verdict says to somebody who has not read the manual. */
const meanings: Readonly<Record<Solution<unknown>["verdict"], string>> = {
  converged: "",
  stalled: "no further progress, and the point is not a proven minimum",
  "noise-limited": "the noise of the batches hides any further progress",
  orbiting: "it circles the minimum at the length of its steps; a smaller learning rate would go on",
  saddle: "a saddle: downhill in some directions",
  maximum: "a maximum, not a minimum",
  unbounded: "the objective falls without end",
  "infimum-not-attained": "a lowest value is approached as the parameters grow without end, and never reached",
  plateau: "a flat region: the gradient says nothing here",
  "precision-floor": "as low as this number format can tell",
  infeasible: "no point nearby satisfies the constraints",
  budget: "the budget was used up first",
  stopped: "stopped before the end",
  "broken-input": "the objective is not a finite number here",
};

/** What a criterion says that the verdict alone does not. */
const reasons: Partial<Record<Solution<unknown>["terminationReason"], string>> = {
  diverged: "the values grew without end; a smaller learning rate may help",
  "non-finite-value": "a step led where the objective is not finite, and was not taken",
  "non-finite-gradient": "a step led where the gradient is not finite, and was not taken",
};

/** Such as "converged: gradient-tolerance, ‖g‖∞ = 1.2e-10". */
export function verdictInWords(solution: Solution<unknown>): string {
  const { verdict, converged, terminationReason, gradientNorm } = solution;
  const meaning = (verdict === "stalled" ? reasons[terminationReason] : undefined) ?? meanings[verdict];
  const word = converged ? pc.green(verdict) : pc.yellow(verdict);
  return `${word}: ${meaning === "" ? "" : `${meaning}; `}${terminationReason}, ‖g‖∞ = ${formatNumber(gradientNorm, 3)}`;
}
