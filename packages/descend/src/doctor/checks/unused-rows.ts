/** Rows that are in no batch. */

import { batchesOf } from "../batches.js";
import { type Check, type Draft, short } from "../check.js";

/** Epochs looked at. */
const EPOCHS = 5;

export const unusedRows: Check = {
  id: "unused-rows",
  explains: ["before"],
  examine(examination): Draft | undefined {
    const { settled } = examination;
    if (settled.source.batches === undefined || settled.patch.sampler !== undefined) return undefined;
    const { rows } = settled;
    const ever = new Set<number>();
    let left = 0;
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      const used = new Set((batchesOf(settled, epoch) ?? []).flat());
      for (const row of used) ever.add(row);
      left += rows - used.size;
    }
    const each = left / EPOCHS;
    if (!(each > 0)) return undefined;
    const never = Array.from({ length: rows }, (_, i) => i).filter((i) => !ever.has(i));
    return {
      level: never.length > 0 ? "failure" : "note",
      confidence: 0.99,
      evidence: [
        examination.note("unused-rows-by-epoch", each, {
          unit: "rows",
          threshold: 0,
          how: `rows in no batch of an epoch, mean of ${EPOCHS} epochs`,
        }),
        examination.note("rows-never-used", never.length, {
          unit: "rows",
          threshold: 0,
          how: `rows in no batch of ${EPOCHS} epochs${never.length > 0 ? `, the first is ${never[0]}` : ""}`,
        }),
      ],
      text:
        never.length > 0
          ? `${never.length} of ${rows} rows are in no batch of any epoch looked at, the first is row ${never[0]}.`
          : `${short(each)} of ${rows} rows are left out of every epoch, others each time.`,
      values: { unused: each, never: never.length, rows, first: never[0] ?? -1 },
      remedies: [
        {
          id: "all-rows",
          patch: { sampler: "all-rows-shuffled", ...batchSize(examination.settled) },
          fixLevel: "code",
          aim: "stationary",
          text: "Visit every row in every epoch: shuffle, and let the last batch be smaller.",
        },
      ],
    };
  },
};

function batchSize(settled: Parameters<typeof batchesOf>[0]): { batch?: number } {
  const first = batchesOf(settled, 0)?.[0]?.length;
  return first === undefined ? {} : { batch: first };
}
