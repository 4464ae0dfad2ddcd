/** From a descent to its checkpoint, and back. */

import { DataError } from "../errors.js";
import { type Box, firstOutsideBox } from "../numeric/box.js";
import { type Layout, pathOf } from "../tree/tree.js";
import { type Checkpoint, decodeCheckpoint, encodeCells, type RecordedHistory } from "./checkpoint.js";
import type { Stepper } from "./steppers/stepper.js";

/** What a checkpoint must fit. */
export interface MadeFor {
  readonly method: string;
  readonly layout: Layout;
  readonly box: Box | undefined;
}

/** Writes and reads the checkpoints of a descent. */
export interface Checkpoints {
  write(made: MadeFor, stepper: Stepper, seed: number, history: RecordedHistory | undefined): Checkpoint;
  /**
   * Brings a stepper to where a checkpoint was written.
   *
   * @throws DataError CHECKPOINT_INVALID if it is no checkpoint, or one of another method, size or bounds.
   */
  read(checkpoint: Checkpoint, made: MadeFor, stepper: Stepper): void;
}

export const checkpoints: Checkpoints = {
  write: ({ method, layout }, stepper, seed, history) => ({
    format: "descend-checkpoint",
    version: 1,
    method,
    size: layout.size,
    seed,
    evaluations: { ...stepper.evaluations },
    cells: encodeCells(stepper.save()),
    ...(history && { history: { ...history, ...encodeCells({ data: history.data as readonly number[] }) } }),
  }),

  read(checkpoint, { method, layout, box }, stepper) {
    stepper.load(decodeCheckpoint(checkpoint, method, layout.size));
    const outside = box === undefined ? -1 : firstOutsideBox(box, stepper.params);
    if (outside >= 0) {
      const reason = `params${pathOf(layout, outside)} is ${stepper.params[outside]}, outside of the bounds`;
      throw new DataError("CHECKPOINT_INVALID", `checkpoint: ${reason}. It belongs to a descent with other bounds.`, { reason });
    }
    Object.assign(stepper.evaluations, checkpoint.evaluations);
  },
};
