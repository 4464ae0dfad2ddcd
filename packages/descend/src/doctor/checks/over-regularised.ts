/** The penalty outweighs the data. */

import { twoNorm } from "../../numeric/blas1.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import type { Examination } from "../examination.js";
import { penaltyPath } from "../instruments/penalty-path.js";
import { constantScores } from "../outcome.js";

/** How much lower training (and validation) must be with a lighter penalty. */
const LOWER = 0.95;
/** Share of the pull of the data on weights of 0 that is left at the end: from a half on, weights have given in by less than half of it. */
const HELD = 0.5;
/** Tenths of the penalty that count where there are no rows for validation. */
const UNSEEN_TENTHS = 2;

export const overRegularised: Check = {
  id: "over-regularised",
  explains: ["stationary", "unfinished", "poor"],
  examine(examination, { quality }): Draft | undefined {
    const { settled, run } = examination;
    const { table, lossAt, validationAt } = settled;
    const l2 = table?.model.l2 ?? 0;
    if (table === undefined || lossAt === undefined || !(l2 > 0)) return undefined;
    // Without validation a heavy penalty may be meant: only a fit that says nothing is a symptom then
    const pull = pullOfData(examination, l2);
    if (!(validationAt === undefined ? quality.includes("poor") : pull > HELD)) return undefined;
    const params = settled.toOriginal(run.params);
    const before = { training: lossAt(params), validation: validationAt?.(params) ?? Number.NaN };
    const { points, cost } = examination.once("penalty-path", () => penaltyPath(settled, l2, run.params, examination.allowance));
    examination.probe.charge(cost);
    const considered = validationAt === undefined ? points.slice(0, UNSEEN_TENTHS) : points;
    const best = considered.reduce((least, point) => (least.validation <= point.validation ? least : point), considered.at(-1)!);
    if (best === undefined || !(best.training < LOWER * before.training)) return undefined;
    if (validationAt !== undefined && !(best.validation < LOWER * before.validation)) return undefined;
    const lighter = short(best.l2);
    const remedies: Remedy[] = [
      {
        id: "lighter",
        patch: { l2: best.l2 },
        fixLevel: "model",
        text: `Take a penalty of ${lighter}${validationAt === undefined ? "" : ", the best of those tried on the validation rows"}.`,
        values: { l2: best.l2 },
      },
      {
        id: "lighter-lbfgs",
        patch: { l2: best.l2, method: "lbfgs", batch: "full" },
        fixLevel: "model",
        text: `Take a penalty of ${lighter}, with L-BFGS.`,
        values: { l2: best.l2 },
      },
    ];
    return {
      confidence: 0.9,
      evidence: [
        examination.note("pull-of-data", pull, {
          threshold: HELD,
          how: "‖gradient of the loss without penalty in the weights‖ at the end ÷ at weights of 0: 0 where the data are answered, 1 where not at all",
        }),
        examination.note("training-with-lighter", best.training / before.training, {
          threshold: LOWER,
          how: `training loss with a penalty of ${lighter} ÷ as it is, both without the penalty; ${points.length} penalties, each a tenth of the one before, by L-BFGS`,
          cost,
        }),
        ...(validationAt === undefined
          ? []
          : [
              examination.note("validation-with-lighter", best.validation / before.validation, {
                threshold: LOWER,
                how: "the same on the validation rows",
              }),
            ]),
      ],
      text: `The penalty ${short(l2)} holds the weights down: with ${lighter} training falls to ${short((100 * best.training) / before.training)} %${validationAt === undefined ? "" : ` and validation to ${short((100 * best.validation) / before.validation)} %`}.`,
      values: { l2, lighter: best.l2, training: best.training / before.training, validation: best.validation / before.validation || "NaN" },
      remedies,
    };
  },
};

/** How much of the slope in the weights, of the loss without penalty, the fit has left: its size at the end ÷ at the best constant. */
function pullOfData({ settled, run, end, probe }: Examination, l2: number): number {
  const table = settled.table!;
  const shift = table.intercept ? table.outputs : 0;
  const constant = new Float64Array(settled.layout.size);
  if (settled.patch.standardize === undefined)
    constantScores(table).forEach((score, c) => {
      constant[c] = score;
    });
  const data = (gradient: Float64Array, params: Float64Array): number =>
    twoNorm(gradient.slice(shift).map((g, i) => g - l2 * params[shift + i]!));
  return data(end.gradient, run.params) / Math.max(data(probe.at(constant).gradient, constant), Number.MIN_VALUE);
}
