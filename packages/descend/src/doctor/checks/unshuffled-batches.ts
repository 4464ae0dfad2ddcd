/** Batches in the order of a sorted table. */

import { batchesOf } from "../batches.js";
import { type Check, confidenceOf, type Draft, short } from "../check.js";
import { noisePanel } from "../instruments/noise-panel.js";

/** Spread of batch gradients as taken ÷ at random; z of runs. */
const SPREAD = 3;
const RUNS = 6;

export const unshuffledBatches: Check = {
  id: "unshuffled-batches",
  explains: ["diverged", "oscillating", "unfinished", "poor"],
  examine(examination): Draft | undefined {
    const { settled, run, probe } = examination;
    const batches = batchesOf(settled, 0);
    if (batches === undefined || !probe.partible || (settled.source.shuffle !== false && settled.source.batches === undefined))
      return undefined;
    const before = probe.spent;
    const target = settled.table?.target;
    const panel = examination.once("noise", () => noisePanel(probe, run.params, { batches, target, seed: settled.seed }));
    const cost = probe.spent - before;
    const second = batchesOf(settled, 1)!;
    const repeats = second.length === batches.length && second[0]!.every((row, k) => row === batches[0]![k]);
    // The order shows in the gradients themselves, or in the target together with the gradients
    if (!repeats || !(panel.spreadRatio > SPREAD || (Math.abs(panel.runs) > RUNS && panel.spreadRatio > SPREAD / 2))) return undefined;
    const size = batches[0]!.length;
    return {
      confidence: confidenceOf(panel.spreadRatio, SPREAD / 2),
      evidence: [
        examination.note("spread-of-batches", panel.spreadRatio, {
          threshold: SPREAD,
          how: `mean ‖g_batch − g‖² of batches as they are taken ÷ of as many random rows (seed ${settled.seed})`,
          cost,
        }),
        examination.note("runs-of-target", panel.runs, {
          threshold: RUNS,
          how: "z of the number of runs above and below the median along the rows",
        }),
      ],
      text: `Batches are taken in the order of the table, and their gradients differ ${short(panel.spreadRatio)} times as much as those of random batches.`,
      values: { spreadRatio: panel.spreadRatio, runs: panel.runs },
      remedies: [
        settled.source.batches === undefined
          ? { id: "shuffle", patch: { shuffle: true }, fixLevel: "solver", text: "Shuffle the rows in each epoch." }
          : {
              id: "shuffle",
              patch: { sampler: "all-rows-shuffled", batch: size },
              fixLevel: "solver",
              text: "Shuffle the rows in each epoch.",
            },
        {
          id: "shuffle-decay",
          patch: { shuffle: true, decay: { rate: Number((20 / run.budget).toPrecision(3)), power: 1 } },
          fixLevel: "solver",
          text: "Shuffle, and let the rate decay.",
        },
        { id: "full-batch", patch: { method: "lbfgs", batch: "full" }, fixLevel: "solver", text: "Use all rows at once, with L-BFGS." },
      ],
    };
  },
};
