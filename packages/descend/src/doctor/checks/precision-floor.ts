/** Steps that the number format rounds away. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { roundedAway } from "../instruments/precision-panel.js";

/** Of ‖g‖². */
const SHARE = 0.5;

export const precisionFloor: Check = {
  id: "precision-floor",
  explains: ["unfinished", "oscillating", "poor"],
  examine(examination): Draft | undefined {
    const { settled, run, end } = examination;
    const precision = settled.patch.precision ?? settled.source.precision;
    if (precision !== "float32" && precision !== "fast") return undefined;
    const rate = settled.method.learningRate ?? examination.effectiveRate;
    const stretch = run.snapshots.findLast(({ next }) => next !== undefined)?.next;
    const still = run.entries.slice(-8).filter(({ stepLength }) => stepLength === 0).length;
    const step = settled.method.family === "gradient" && rate !== undefined ? end.gradient.map((g) => -rate * g) : stretch;
    if (step === undefined) return undefined;
    const share = roundedAway(run.params, end.gradient, step);
    if (!(share > SHARE) && still < 4) return undefined;
    return {
      confidence: Math.max(0.7, confidenceOf(share, SHARE)),
      evidence: [
        examination.note("rounded-away", share, {
          threshold: SHARE,
          how: "share of ‖g‖² in coordinates whose step is less than half the spacing of float32 there",
        }),
        examination.note("steps-without-move", still, { how: "of the last 8 steps looked at, those that moved no parameter" }),
      ],
      text: `${short(100 * share)} % of the gradient lies in parameters whose steps are lost to the rounding of ${precision}.`,
      values: { share, precision },
      remedies: [
        { id: "float64", patch: { precision: "float64" }, fixLevel: "solver", text: "Compute in float64." },
        {
          id: "float64-lbfgs",
          patch: { precision: "float64", method: "lbfgs", batch: "full" },
          fixLevel: "solver",
          text: "Compute in float64, with L-BFGS.",
        },
      ],
    };
  },
};
