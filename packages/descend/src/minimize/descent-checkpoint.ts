/** From a descent to its checkpoint, and back. */

import { DataError } from "../errors.js";
import { type Box, firstOutsideBox } from "../numeric/box.js";
import { pathOf } from "../tree/tree.js";
import { type Checkpoint, decodeCheckpoint, encodeCells } from "./checkpoint.js";
import { type Fingerprinted, fingerprintOf } from "./fingerprint-of.js";
import type { HistoryRecorder } from "./history.js";
import { recordedHistory, resumeHistory } from "./recorded-history.js";
import type { Stepper } from "./steppers/stepper.js";
import type { DescentSubject } from "./subject.js";

/** What a checkpoint must fit. */
export interface MadeFor extends Fingerprinted {
  readonly method: string;
  readonly box: Box | undefined;
}

/** Writes and reads the checkpoints of a descent. */
export interface Checkpoints {
  write(made: MadeFor, stepper: Stepper, subject: DescentSubject, recorder: HistoryRecorder | undefined): Checkpoint;
  /**
   * Brings a stepper, and the recorder of a history, to where a checkpoint was written.
   *
   * @returns whether the checkpoint holds a history that the recorder goes on from.
   * @throws DataError CHECKPOINT_INVALID if it is no checkpoint, or one of another method, size, objective or bounds.
   */
  read(checkpoint: Checkpoint, made: MadeFor, stepper: Stepper, subject: DescentSubject, recorder: HistoryRecorder | undefined): boolean;
}

export const checkpoints: Checkpoints = {
  write(made, stepper, subject, recorder) {
    const { method, layout } = made;
    const history = recorder && recordedHistory(recorder);
    return {
      format: "descend-checkpoint",
      version: 1,
      method,
      size: layout.size,
      fingerprint: fingerprintOf(made, subject),
      seed: subject.options.seed ?? 0,
      evaluations: { ...stepper.evaluations },
      cells: encodeCells(stepper.save()),
      ...(history && { history: { ...history, ...encodeCells({ data: history.data as readonly number[] }) } }),
    };
  },

  read(checkpoint, made, stepper, subject, recorder) {
    const { method, layout, box, choice } = made;
    const valueAt = choice.kind === "host" ? choice.value : undefined;
    stepper.load(decodeCheckpoint(checkpoint, { method, size: layout.size, fingerprint: () => fingerprintOf(made, subject), valueAt }));
    const outside = box === undefined ? -1 : firstOutsideBox(box, stepper.params);
    if (outside >= 0) {
      const reason = `params${pathOf(layout, outside)} is ${stepper.params[outside]}, outside of the bounds`;
      throw new DataError("CHECKPOINT_INVALID", `checkpoint: ${reason}. It belongs to a descent with other bounds.`, { reason });
    }
    Object.assign(stepper.evaluations, checkpoint.evaluations);
    return recorder !== undefined && checkpoint.history !== undefined && resumeHistory(recorder, checkpoint.history);
  },
};
