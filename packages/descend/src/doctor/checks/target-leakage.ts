/** A column that all but is the target. */

import { type Check, type Draft, short } from "../check.js";
import { baselines } from "../instruments/baselines.js";

/** R² of one column alone. */
const ALONE = 0.99;

export const targetLeakage: Check = {
  id: "target-leakage",
  explains: ["generalises-badly"],
  examine(examination): Draft | undefined {
    const { settled, run } = examination;
    const { table } = settled;
    if (table === undefined || settled.validationAt === undefined || settled.lossAt === undefined) return undefined;
    const simple = examination.once("baselines", () => baselines(table, settled.seed));
    if (simple === undefined || !(simple.single > ALONE)) return undefined;
    const name = table.names[simple.singleColumn]!;
    const params = settled.toOriginal(run.params);
    const [training, validation] = [settled.lossAt(params), settled.validationAt(params)];
    const patch = { dropColumns: [name] };
    return {
      confidence: 0.9,
      evidence: [
        examination.note("r2-of-one-column", simple.single, {
          threshold: ALONE,
          how: `squared correlation of "${name}" with the target in the rows learned from`,
        }),
        examination.note("training-loss", training, { how: "at the end, without penalty" }),
        examination.note("validation-loss", validation, { how: "at the end, without penalty" }),
      ],
      text: `The column "${name}" alone explains ${short(100 * simple.single)} % of the target in training, and the loss on validation is ${short(validation / training)} times that of training.`,
      values: { column: name, r2: simple.single, training, validation },
      remedies: [
        {
          id: "drop-column",
          patch,
          fixLevel: "data",
          text: `Drop the column "${name}": it will not be there when it is needed.`,
          values: { column: name },
        },
        {
          id: "drop-column-lbfgs",
          patch: { ...patch, standardize: { features: true, target: true }, method: "lbfgs", batch: "full" },
          fixLevel: "data",
          text: `Drop the column "${name}", standardize, and let L-BFGS choose the steps.`,
          values: { column: name },
        },
      ],
    };
  },
};
