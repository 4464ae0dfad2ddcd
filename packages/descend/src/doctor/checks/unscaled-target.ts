/** A target far larger than what steps of the method's length can reach. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { standardizeRemedies } from "../remedies.js";

/** First loss ÷ loss of a constant; root mean square of the target ÷ its deviation, or ÷ 1. */
const FIRST_LOSS = 10;
const LARGE = 30;

export const unscaledTarget: Check = {
  id: "unscaled-target",
  explains: ["nonfinite", "diverged", "oscillating", "unfinished"],
  examine(examination): Draft | undefined {
    const { settled, run } = examination;
    const { table, method } = settled;
    const panel = examination.data;
    if (table === undefined || panel === undefined || settled.patch.standardize?.target === true || settled.lossAt === undefined)
      return undefined;
    const { kind } = table.model;
    if (kind !== "linear" && kind !== "huber" && kind !== "absolute") return undefined;
    // Squares under a plain gradient do not care: the whole descent scales with the target
    const bounded = kind !== "linear" || method.family === "adaptive";
    if (!bounded) return undefined;
    const size = Math.hypot(panel.target.mean, panel.target.deviation);
    const constant = examination.once("constant-loss", () => Number.NaN);
    const first = run.startValue / constant;
    const reach = (method.learningRate ?? Number.POSITIVE_INFINITY) * run.budget;
    if (!(size > LARGE) || !((Number.isFinite(first) ? first : FIRST_LOSS + 1) > FIRST_LOSS || size > reach)) return undefined;
    return {
      confidence: confidenceOf(size, LARGE),
      evidence: [
        examination.note("size-of-target", size, { threshold: LARGE, how: "root mean square of the target" }),
        examination.note("first-loss", first, { threshold: FIRST_LOSS, how: "loss at the start ÷ loss of the best constant" }),
        examination.note("reach-of-steps", reach, { how: "learning rate × budget: how far steps of bounded length lead" }),
      ],
      text: `The target is of size ${short(size)}; steps of ${method.name} with bounded length lead ${short(reach)} far.`,
      values: { size, reach: Number.isFinite(reach) ? reach : "Infinity", firstLoss: Number.isFinite(first) ? first : "NaN" },
      remedies: standardizeRemedies(examination, true),
    };
  },
};
