/** Validation was best long before the end. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { smoothed } from "../outcome.js";

/** End of the smoothed validation curve ÷ its minimum, and where the minimum is, as a share of the steps. */
const RISE = 1.2;
const EARLY = 0.7;

export const overfitting: Check = {
  id: "overfitting",
  explains: ["generalises-badly"],
  examine(examination): Draft | undefined {
    const { settled, run } = examination;
    const { table } = settled;
    const known = run.entries.filter(({ validation }) => Number.isFinite(validation));
    if (known.length < 5 || table === undefined || settled.validationAt === undefined || settled.patch.keepBestValidation === true)
      return undefined;
    const smooth = smoothed(known.map(({ validation }) => validation));
    const lowest = Math.min(...smooth);
    const at = known[smooth.indexOf(lowest)]!;
    const where = at.step / Math.max(1, run.steps);
    const rise = smooth.at(-1)! / lowest;
    const [early, late] = [at.value, run.value];
    if (!(rise > RISE) || !(where < EARLY) || !(late < early)) return undefined;
    const scale = Math.max(1, examination.data?.eigenvalues.at(-1) ?? 1);
    const l2 = Number((0.03 * scale * Math.max(table.model.kind === "linear" ? 1 : 0.25, 0.1)).toPrecision(2));
    return {
      confidence: confidenceOf(rise, RISE / 2),
      evidence: [
        examination.note("validation-rise", rise, {
          threshold: RISE,
          how: "validation loss at the end ÷ its minimum, both smoothed over five marks",
        }),
        examination.note("validation-minimum-at", where, { threshold: EARLY, how: "step of the minimum ÷ steps" }),
        examination.note("parameters-per-row", settled.layout.size / settled.rows, { how: "parameters ÷ rows" }),
      ],
      text: `Validation was best after ${at.step} of ${run.steps} steps and ends ${short(rise)} times as high, while training still falls.`,
      values: { rise, step: at.step, steps: run.steps },
      remedies: [
        {
          id: "keep-best",
          patch: { keepBestValidation: true },
          fixLevel: "solver",
          text: `Keep the parameters of the best validation, after about ${at.step} steps.`,
          values: { step: at.step },
        },
        { id: "penalty", patch: { l2 }, fixLevel: "model", text: `Add a penalty ½·${l2}·‖w‖².`, values: { l2 } },
      ],
    };
  },
};
