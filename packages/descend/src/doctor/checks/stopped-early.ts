/** The run was ended while its rate was sound: by a rule that is too lax, or by a budget that is a little too small. */

import { type Check, confidenceOf, type Draft, type Remedy, short } from "../check.js";
import { lbfgsRemedy, nesterovRemedy } from "../remedies.js";

/** Steps needed at the present rate ÷ steps made. */
const MOST = 20;
/** The same up to which going on is the first thing to try. */
const FEW = 3;
/** Of the limit of stability. */
const SOUND = 0.1;

export const stoppedEarly: Check = {
  id: "stopped-early",
  explains: ["unfinished"],
  examine(examination): Draft | undefined {
    const { settled, run, stability, pace } = examination;
    const { method } = settled;
    const ruled =
      run.reason === "gradient-tolerance" ||
      run.reason === "step-tolerance" ||
      run.reason === "value-tolerance" ||
      run.reason === "target-value";
    const spent = run.reason === "max-steps" || run.reason === "max-evaluations";
    if (!ruled && !spent) return undefined;
    const ratio = pace.needed / Math.max(1, run.steps);
    const evidence = [examination.measurements["steps-needed"]!, examination.measurements["decay-rate"]!];
    const share = examination.drop.value / Math.max(examination.achieved, Number.MIN_VALUE);
    evidence.push(examination.note("gap-share", share, { threshold: 1e-3, how: "drop of 30 steps of L-BFGS ÷ descent of the run" }));
    if (ruled) {
      const maxSteps = Math.max(run.budget, Math.min(50 * run.budget, Number.isFinite(pace.needed) ? Math.ceil(2 * pace.needed) : 0));
      const remedies: Remedy[] = [
        {
          id: "relative-rule",
          patch: { relativeGradientTolerance: 1e-8, maxSteps },
          fixLevel: "solver",
          text: `Stop on the gradient relative to its start, 1e-8, with up to ${maxSteps} steps.`,
          values: { maxSteps },
          prediction: { quantity: "steps-needed", value: pace.needed < Number.POSITIVE_INFINITY ? pace.needed : "Infinity" },
        },
        {
          id: "lbfgs-relative",
          patch: { method: "lbfgs", batch: "full", relativeGradientTolerance: 1e-8, maxSteps },
          fixLevel: "solver",
          text: "Stop on the relative gradient, and let L-BFGS choose the steps.",
        },
      ];
      return {
        confidence: 0.9,
        evidence,
        text: `The rule "${run.reason}" ended the run after ${run.steps} steps with ${short(100 * share)} % of the descent still to be had.`,
        values: { reason: run.reason, steps: run.steps, share: Number.isFinite(share) ? share : "Infinity" },
        remedies,
      };
    }
    if (!(ratio > 1.05) || !(ratio <= MOST)) return undefined;
    if (stability !== undefined && !(stability.largest >= SOUND)) return undefined;
    const needed = Math.ceil(pace.needed);
    const more: Remedy = {
      id: "more-steps",
      patch: { maxSteps: 2 * needed },
      fixLevel: "solver",
      text: `Allow ${2 * needed} steps.`,
      values: { maxSteps: 2 * needed },
      aim: "continue",
      prediction: { quantity: "steps-needed", value: needed },
      runs: (2 * needed) / Math.max(1, run.steps),
    };
    const faster = [...lbfgsRemedy(examination), ...(method.family === "gradient" ? nesterovRemedy(examination) : [])];
    return {
      confidence: confidenceOf(MOST / ratio, 0.5),
      evidence,
      text: `After ${run.steps} steps ${short(100 * share)} % of the descent is still to be had; at this rate it takes about ${needed} steps in all.`,
      values: { steps: run.steps, needed, share },
      remedies: ratio <= FEW ? [more, ...faster] : [...faster, more],
    };
  },
};
