/** A little more could be had. */

import { type Check, type Draft, short } from "../check.js";

/** Of the descent. */
const NOTEWORTHY = 1e-3;

export const couldImprove: Check = {
  id: "could-improve",
  explains: ["stationary"],
  examine(examination, { gap, gapShare }): Draft | undefined {
    if (examination.settled.kind !== "function" || !(gapShare > NOTEWORTHY) || !(gap > 10 * examination.floor)) return undefined;
    return {
      confidence: 0.7,
      evidence: [
        examination.note("gap-share", gapShare, { threshold: NOTEWORTHY, how: "drop of 30 steps of L-BFGS ÷ descent of the run" }),
      ],
      text: `Thirty steps of L-BFGS from the end gain another ${short(100 * gapShare)} % of the descent.`,
      values: { share: Number.isFinite(gapShare) ? gapShare : "Infinity" },
      remedies: [{ id: "lbfgs", patch: { method: "lbfgs", batch: "full" }, fixLevel: "solver", text: "Go on with L-BFGS." }],
    };
  },
};
