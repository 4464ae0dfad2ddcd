/** The batches of a case, as lists of rows: its own sampler's, or those of the loop. */

import { shuffledOrder } from "../minimize/objective/rows.js";
import type { SettledCase } from "./settle-case.js";

/** Rows of each batch of an epoch; undefined for full batches. */
export function batchesOf(settled: SettledCase, epoch: number): readonly (readonly number[])[] | undefined {
  const { source, patch, rows, seed } = settled;
  if (source.batches !== undefined && patch.sampler === undefined) return source.batches(epoch);
  const batch = settled.batch ?? (patch.sampler !== undefined && typeof patch.batch === "number" ? patch.batch : undefined);
  if (batch === undefined) return undefined;
  const shuffles = patch.shuffle ?? source.shuffle ?? true;
  const order = shuffles ? Array.from(shuffledOrder(rows, seed, epoch + 1)) : Array.from({ length: rows }, (_, i) => i);
  const batches: number[][] = [];
  for (let from = 0; from < rows; from += batch) batches.push(order.slice(from, from + batch));
  return batches;
}
