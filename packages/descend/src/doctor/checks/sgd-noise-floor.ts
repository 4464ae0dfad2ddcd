/** A constant rate on noisy gradients hovers above the minimum. */

import { mean, median } from "../../numeric/averages.js";
import { batchesOf } from "../batches.js";
import { type Check, type Draft, short } from "../check.js";
import { noisePanel } from "../instruments/noise-panel.js";

/** Observed excess ÷ predicted floor must be within this factor, either way. */
const FACTOR = 5;

export const sgdNoiseFloor: Check = {
  id: "sgd-noise-floor",
  explains: ["diverged", "oscillating", "unfinished"],
  examine(examination): Draft | undefined {
    const { settled, run, probe, stability, drop } = examination;
    const { method } = settled;
    const batches = batchesOf(settled, 0);
    if (batches === undefined || !settled.stochastic || !probe.partible) return undefined;
    const rate = method.learningRate;
    if (rate === undefined || (stability !== undefined && stability.atLowest > 1)) return undefined;
    const before = probe.spent;
    const panel = examination.once("noise", () =>
      noisePanel(probe, run.params, { batches, target: settled.table?.target, seed: settled.seed }),
    );
    const size = batches[0]!.length;
    const marks = run.snapshots.map(({ value }) => value);
    const late = marks.slice(Math.floor((2 * marks.length) / 3));
    // The median: a burst that one mark happens to see is not the level
    const excess = median(late) - (run.value - drop.value);
    // Nearly as high two thirds into the run as at its end: it wanders rather than descends
    const half = late.length >> 1;
    const drift = mean(late.slice(0, half)) - mean(late.slice(half));
    const variance = late.reduce((sum, value) => sum + (value - mean(late)) ** 2, 0) / Math.max(1, late.length - 1);
    const standardError = Math.sqrt(variance * (1 / Math.max(1, half) + 1 / Math.max(1, late.length - half)));
    const wanders = late.length >= 3 && drift < Math.max(0.5 * excess, 2 * standardError);
    const adaptive = method.family === "adaptive";
    const predicted =
      ((rate / (1 - (method.family === "heavy-ball" || method.family === "nesterov" ? method.momentum : 0))) * panel.trace) / (4 * size);
    const ratio = excess / predicted;
    if (!wanders || !(excess > 10 * examination.floor) || (!adaptive && !(ratio > 1 / FACTOR && ratio < 2 * FACTOR))) return undefined;
    const decay = { rate: Number((20 / run.budget).toPrecision(3)), power: 1 };
    const target = Math.max(1e-3 * (examination.achieved + excess), 1e-300);
    const batch = Math.min(settled.rows, Math.max(size + 1, Math.ceil((size * excess) / target)));
    return {
      confidence: adaptive ? 0.7 : Math.max(0.55, 0.95 - 0.25 * Math.abs(Math.log(ratio))),
      evidence: [
        examination.note("excess", excess, { how: "median value over the last third − what 30 steps of L-BFGS over all rows reach" }),
        examination.note("predicted-floor", predicted, {
          how: `rate × tr Σ/(4B) with tr Σ from 64 single rows (seed ${settled.seed})`,
          cost: probe.spent - before,
        }),
        examination.note("floor-ratio", ratio, { threshold: 1, how: "excess ÷ predicted floor" }),
        examination.note("noise-scale", panel.noiseScale, { unit: "rows", how: "tr Σ/‖g‖² at the end of the run" }),
      ],
      text: `The run hovers ${short(excess)} above the minimum; the noise of batches of ${size} rows at this rate predicts ${short(predicted)}.`,
      values: { excess, predicted, batch: size },
      remedies: [
        {
          id: "decay",
          patch: { decay },
          fixLevel: "solver",
          text: `Let the rate decay as 1/(1 + ${decay.rate}·step).`,
          values: { decay: decay.rate },
          prediction: { quantity: "excess", value: predicted / 20 },
        },
        {
          id: "average",
          patch: { averageFrom: Math.floor(run.budget / 2) },
          fixLevel: "solver",
          text: "Take the mean of the iterates of the second half.",
        },
        { id: "full-batch", patch: { method: "lbfgs", batch: "full" }, fixLevel: "solver", text: "Use all rows at once, with L-BFGS." },
        { id: "larger-batch", patch: { batch }, fixLevel: "solver", text: `Take batches of ${batch} rows.`, values: { batch } },
      ],
    };
  },
};
