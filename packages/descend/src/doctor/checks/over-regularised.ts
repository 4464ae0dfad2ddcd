/** The penalty outweighs the data. */

import { twoNorm } from "../../numeric/blas1.js";
import { type Check, type Draft, type Remedy, short } from "../check.js";
import { LbfgsWalker } from "../instruments/lbfgs-walk.js";
import { Probe } from "../probe.js";
import { settleCase } from "../settle-case.js";

/** Penalty at the end ÷ value; and how much lower training (and validation) are with a hundredth of it. */
const LOWER = 0.95;
const STEPS = 50;

export const overRegularised: Check = {
  id: "over-regularised",
  explains: ["poor"],
  examine(examination): Draft | undefined {
    const { settled, run } = examination;
    const { table, lossAt, validationAt } = settled;
    const l2 = table?.model.l2 ?? 0;
    if (table === undefined || lossAt === undefined || !(l2 > 0)) return undefined;
    const lighter = settleCase(settled.source, { ...settled.patch, l2: l2 / 100, start: Array.from(run.params) });
    const probe = new Probe(lighter);
    const before = lossAt(settled.toOriginal(run.params));
    const walk = new LbfgsWalker(lighter, probe).walk(run.params, STEPS);
    examination.probe.charge(probe.spent);
    const params = lighter.toOriginal(walk.params);
    const after = lighter.lossAt!(params);
    const validation = validationAt === undefined ? undefined : validationAt(params) / validationAt(settled.toOriginal(run.params));
    if (!(after < LOWER * before) || !(validation === undefined || validation < LOWER)) return undefined;
    const shift = table.intercept ? table.outputs : 0;
    const penalty = twoNorm(Array.from(run.params).slice(shift)) * l2;
    const data = twoNorm(examination.end.gradient.map((g, i) => (i < shift ? g : g - l2 * run.params[i]!)));
    const remedies: Remedy[] = [100, 10_000].map((by) => ({
      id: by === 100 ? "hundredth" : "ten-thousandth",
      patch: { l2: Number((l2 / by).toPrecision(3)) },
      fixLevel: "model",
      text: `Take a penalty of ${short(l2 / by)}.`,
      values: { l2: l2 / by },
    }));
    remedies.push({
      id: "hundredth-standardize",
      patch: { l2: Number((l2 / 10_000).toPrecision(3)), method: "lbfgs", batch: "full" },
      fixLevel: "model",
      text: `Take a penalty of ${short(l2 / 10_000)}, with L-BFGS.`,
      values: { l2: l2 / 10_000 },
    });
    return {
      confidence: 0.9,
      evidence: [
        examination.note("penalty-against-data", penalty / data, {
          threshold: 0.9,
          how: "‖l2·w‖ ÷ ‖gradient of the loss without penalty‖ at the end",
        }),
        examination.note("training-with-hundredth", after / before, {
          threshold: LOWER,
          how: `training loss after ${STEPS} steps of L-BFGS with a hundredth of the penalty ÷ before`,
        }),
        ...(validation === undefined
          ? []
          : [examination.note("validation-with-hundredth", validation, { threshold: LOWER, how: "the same on the validation rows" })]),
      ],
      text: `The penalty ${short(l2)} holds the weights down: with a hundredth of it training falls to ${short((100 * after) / before)} %${validation === undefined ? "" : ` and validation to ${short(100 * validation)} %`}.`,
      values: { l2, training: after / before, validation: validation ?? "NaN" },
      remedies,
    };
  },
};
