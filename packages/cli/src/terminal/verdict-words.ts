/** A verdict as a sentence: what came of the descent, by which criterion, with what evidence. */

import type { Solution } from "descend";
import pc from "picocolors";
import { formatNumber } from "./format.js";
import { words } from "./words/words.js";

/** Such as "converged: gradient-tolerance, ‖g‖∞ = 1.2e-10". */
export function verdictInWords(solution: Solution<unknown>): string {
  const { verdict, converged, terminationReason, gradientNorm } = solution;
  const { verdicts, reasons, stalledBy, verdict: sentence } = words();
  const { word, meaning } = verdicts[verdict];
  const special = verdict === "stalled" ? stalledBy[terminationReason] : undefined;
  return sentence(
    converged ? pc.green(word) : pc.yellow(word),
    special ?? meaning,
    reasons[terminationReason],
    formatNumber(gradientNorm, 3),
  );
}
