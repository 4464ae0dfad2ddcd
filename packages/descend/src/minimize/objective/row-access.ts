/** What a descent by a rule knows of the rows of its table: how many went into its gradients, and how to read them anew. */

import { OptionError } from "../../errors.js";
import type { CompiledStepper } from "../steppers/compiled-stepper.js";
import { forgetRowDigest } from "./row-digest.js";
import type { Table } from "./rows.js";

export interface RowAccess {
  /** Rows in so many gradients. */
  inGradients(count: number): number;
  /**
   * Reads the rows anew from the arrays they were given in, and evaluates at the current point.
   *
   * @throws OptionError OPTIONS_CONFLICT with batches and for objectives that are called
   */
  reread(): void;
}

/** @param stepper - absent where the objective is called. */
export function rowAccess(table: Table, batch: number | undefined, stepper: CompiledStepper | undefined): RowAccess {
  const { rows } = table;
  return {
    inGradients(count) {
      if (batch === undefined) return count * rows;
      // The last batch of an epoch may be short
      const perEpoch = Math.ceil(rows / batch);
      return Math.floor(count / perEpoch) * rows + (count % perEpoch) * batch;
    },
    reread() {
      if (batch !== undefined || stepper === undefined) {
        throw new OptionError("OPTIONS_CONFLICT", "rereadRows: expected a compiled rule over all rows of a table.", {
          options: ["batch", "method"],
        });
      }
      forgetRowDigest(table);
      stepper.rewriteRows(table);
      stepper.moveTo(stepper.params);
      stepper.forgetBest();
    },
  };
}
