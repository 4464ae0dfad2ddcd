/**
 * Which rows a mini-batch descent sees when. Step k uses batch k mod batchesPerEpoch of epoch ⌊k / batchesPerEpoch⌋ for its gradient,
 * so the gradient that the step after k needs is evaluated on batch k + 1.
 */

import { OptionError } from "../../errors.js";
import { shuffledOrder, type Table } from "../objective/rows.js";
import { check, type DescentOptions } from "../options.js";
import type { CompiledStepper } from "./compiled-stepper.js";

/** @throws OptionError OPTIONS_CONFLICT without rows, OPTION_OUT_OF_RANGE for a size that is no part of them */
export function checkBatch(batch: DescentOptions["batch"], rows: number | undefined): void {
  if (batch === undefined || batch === "full") return;
  if (rows === undefined) {
    throw new OptionError("OPTIONS_CONFLICT", "batch: needs `data`; an objective without rows has nothing to divide.", {
      options: ["batch", "data"],
    });
  }
  check("batch", batch, (v) => Number.isInteger(v) && v >= 1 && v <= rows, `"full" or a whole number from 1 to ${rows} (the rows of data)`);
}

export class BatchOrder {
  private readonly table: Table;
  private readonly batchesPerEpoch: number;
  private readonly seed: number;
  private epoch = 0;

  constructor(table: Table, batch: number, seed: number) {
    this.table = table;
    this.batchesPerEpoch = Math.ceil(table.rows / batch);
    this.seed = seed;
  }

  /** Steps that can be made before the rows must be rearranged. */
  stepsLeft(steps: number): number {
    return this.batchesPerEpoch - ((steps + 1) % this.batchesPerEpoch);
  }

  /** Puts the rows in the order of the epoch that the evaluation after `steps` steps belongs to. */
  arrange(stepper: CompiledStepper, steps: number): void {
    const epoch = 1 + Math.floor((steps + 1) / this.batchesPerEpoch);
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    stepper.rewriteRows(this.table, shuffledOrder(this.table.rows, this.seed, epoch));
  }
}
