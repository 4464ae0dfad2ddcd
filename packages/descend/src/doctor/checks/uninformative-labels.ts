/** Features that say nothing of the target; or that say it of another row. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { baselines } from "../instruments/baselines.js";

/** z of the fit against shuffled targets below which there is nothing; and of a shifted target above which there is something. */
const NOTHING = 2;
const SOMETHING = 6;

export const uninformativeLabels: Check = {
  id: "uninformative-labels",
  explains: ["poor"],
  examine(examination, { outcome }): Draft | undefined {
    const { settled } = examination;
    const { table } = settled;
    if (table === undefined || outcome !== "stationary" || settled.patch.shiftTarget !== undefined) return undefined;
    const simple = examination.once("baselines", () => baselines(table, settled.seed));
    if (simple === undefined || !(simple.z < NOTHING || simple.shiftZ > Math.max(SOMETHING, 3 * simple.z))) return undefined;
    const misaligned = simple.shiftZ > SOMETHING;
    const evidence = [
      examination.note("z-of-fit", simple.z, {
        threshold: NOTHING,
        how: `R² of a ridge regression against those of 20 shuffled targets (seed ${settled.seed}), in their deviations`,
      }),
      examination.note("z-of-shifted", simple.shiftZ, {
        threshold: SOMETHING,
        how: `the best of the target shifted by 1 to 3 rows either way: by ${simple.shift}`,
      }),
    ];
    return {
      confidence: misaligned ? confidenceOf(simple.shiftZ, SOMETHING / 2) : 0.75,
      evidence,
      text: misaligned
        ? `Features and target are out of step: shifted by ${simple.shift} rows they agree (z = ${short(simple.shiftZ)}), as they are they do not (z = ${short(simple.z)}).`
        : `A linear fit of the target is no better than of shuffled targets (z = ${short(simple.z)}): these features carry no linear signal.`,
      values: { z: simple.z, shift: simple.shift, shiftZ: simple.shiftZ, misaligned: String(misaligned) },
      remedies: misaligned
        ? [
            {
              id: "realign",
              patch: { shiftTarget: simple.shift },
              fixLevel: "data",
              text: `Take the target from ${simple.shift} rows on.`,
              values: { shift: simple.shift },
            },
            {
              id: "realign-lbfgs",
              patch: { shiftTarget: simple.shift, method: "lbfgs", batch: "full" },
              fixLevel: "data",
              text: "The same with L-BFGS.",
            },
          ]
        : [
            {
              id: "other-features",
              patch: {},
              automatic: false,
              fixLevel: "data",
              text: "Look for features that have to do with the target, or for rows that were mixed up.",
            },
          ],
    };
  },
};

export const irreducibleLoss: Check = {
  id: "irreducible-loss",
  explains: ["stationary"],
  examine(examination, { gapShare, quality }): Draft | undefined {
    const { settled, run } = examination;
    const { table } = settled;
    if (table === undefined || settled.lossAt === undefined || quality.length > 0) return undefined;
    const constant = examination.once("constant-loss", () => Number.NaN);
    const loss = settled.lossAt(settled.toOriginal(run.params));
    const share = loss / constant;
    if (!(share > 0.5) || !(constant > 0)) return undefined;
    return {
      confidence: 0.8,
      evidence: [
        examination.note("loss-against-constant", share, { threshold: 0.5, how: "loss at the end ÷ loss of the best constant" }),
        examination.note("gap-share", gapShare, { threshold: 1e-3, how: "drop of 30 steps of L-BFGS ÷ descent of the run" }),
      ],
      text: `The loss is ${short(100 * share)} % of that of a constant, and this is the optimum: the rest is noise to this model.`,
      values: { share },
      remedies: [],
    };
  },
};
