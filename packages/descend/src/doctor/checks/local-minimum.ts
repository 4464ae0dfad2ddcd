/** A minimum that a few other starts go below. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";

/** Points on the line to the better minimum. */
const LINE = 24;

export const localMinimum: Check = {
  id: "local-minimum",
  explains: ["poor"],
  examine(examination, { outcome }): Draft | undefined {
    const { run, settled, floor, achieved, probe } = examination;
    if (outcome !== "stationary" && outcome !== "unfinished") return undefined;
    if (settled.table !== undefined && settled.table.model.kind !== "sigmoid-squares") return undefined;
    const { restarts, krylov } = examination;
    const { best } = restarts;
    if (best === undefined) return undefined;
    const gain = run.value - best.value;
    if (!(gain > 0.05 * achieved + 10 * floor)) return undefined;
    if (outcome === "unfinished" && examination.drop.value > 0.5 * gain) return undefined;
    const line = Array.from({ length: LINE - 1 }, (_, k) => (k + 1) / LINE).map((t) =>
      probe.value(run.params.map((x, i) => x + t * (best.params[i]! - x))),
    );
    const barrier = Math.max(...line.filter((value) => !Number.isNaN(value))) - run.value;
    if (!(barrier > 10 * floor)) return undefined;
    const { sign, method } = settled;
    return {
      confidence: confidenceOf(gain, 0.05 * achieved + 10 * floor) * (krylov.lowest >= -1e-8 * krylov.largest ? 1 : 0.9),
      evidence: [
        examination.measurements["best-restart"]!,
        examination.note("gain-of-restart", gain, {
          threshold: 0.05 * achieved + 10 * floor,
          how: "value of the run − lowest value of the restarts",
        }),
        examination.note("barrier", barrier, {
          threshold: 10 * floor,
          how: `highest of ${LINE - 1} values on the line to the better point, above the value of the run`,
        }),
        examination.measurements.basins!,
      ],
      text: `The run ended in a minimum of ${short(sign * run.value)}; from another start there is one of ${short(sign * best.value)}, behind a barrier of ${short(barrier)}.`,
      values: {
        value: sign * run.value,
        better: sign * best.value,
        barrier: Number.isFinite(barrier) ? barrier : "Infinity",
        basins: restarts.basins,
      },
      remedies: [
        {
          id: "better-start",
          patch: { start: Array.from(best.params) },
          fixLevel: "start",
          text: "Start from the best of the restarts.",
          prediction: { quantity: "best-restart", value: sign * best.value },
        },
        ...(method.family === "search"
          ? []
          : [
              {
                id: "better-start-lbfgs",
                patch: { start: Array.from(best.params), method: "lbfgs" },
                fixLevel: "start" as const,
                text: "The same with L-BFGS.",
              },
            ]),
      ],
    };
  },
};
