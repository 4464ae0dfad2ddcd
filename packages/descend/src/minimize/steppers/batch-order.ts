/**
 * Which rows a mini-batch descent sees when. Step k uses batch k mod batchesPerEpoch of epoch ⌊k / batchesPerEpoch⌋ for its gradient,
 * so the gradient that the step after k needs is evaluated on batch k + 1.
 */

import { shuffledOrder, type Table } from "../objective/rows.js";
import type { CompiledStepper } from "./compiled-stepper.js";

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
    stepper.reorderRows(this.table, shuffledOrder(this.table.rows, this.seed, epoch));
  }
}
