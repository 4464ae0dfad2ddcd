/**
 * What a fit that is broken off can go on from: where its checkpoint is read, now and then written,
 * and written once more when Ctrl-C stops it.
 */

import { type Checkpoint, DataError, type Descent, type Finding } from "descend";
import type { WalkOptions } from "../terminal/descend-with-progress.js";
import { type FitCheckpoint, fingerprintOf, readCheckpoint, requireSameFit, writeCheckpoint } from "./fit-checkpoint.js";

export interface CheckpointSettings {
  readonly checkpoint?: string;
  /** Seconds between checkpoints. */
  readonly checkpointEvery: number;
  readonly resume?: string;
}

export interface ResumableFit {
  /** To go on from. */
  readonly from: Checkpoint | undefined;
  /** For the walk of the descent. */
  keeping(descent: Descent<never>): Pick<WalkOptions, "checkpoint">;
  /** After Ctrl-C: what was reached is shown even where its checkpoint cannot be written. */
  saveInterrupted(descent: Descent<never>): Promise<{ readonly checkpoint: string | undefined; readonly findings: readonly Finding[] }>;
}

/** Where a checkpoint goes when Ctrl-C stops a fit that was given no place for one. */
const DEFAULT_CHECKPOINT = "descend.checkpoint.json";

/**
 * @param recorded - the settings that decide the bits of the result.
 * @param data - what it is fitted to, or what tells it from other data.
 * @throws DataError FILE_UNREADABLE, CHECKPOINT_INVALID for a checkpoint of another fit
 */
export function resumableFit(
  { checkpoint, checkpointEvery, resume }: CheckpointSettings,
  recorded: FitCheckpoint["settings"],
  data: Iterable<Float64Array | readonly unknown[]>,
): ResumableFit {
  const fingerprint = fingerprintOf(recorded, data);
  const resumed = resume === undefined ? undefined : readCheckpoint(resume);
  if (resumed !== undefined) requireSameFit(resume!, resumed, fingerprint, recorded);
  const save = (path: string, descent: Descent<never>): Promise<void> =>
    writeCheckpoint(path, { fingerprint, settings: recorded, steps: descent.steps, descent: descent.checkpoint() });
  return {
    from: resumed?.descent,
    keeping: (descent) =>
      checkpoint === undefined ? {} : { checkpoint: { seconds: checkpointEvery, write: () => save(checkpoint, descent) } },
    async saveInterrupted(descent) {
      const path = checkpoint ?? resume ?? DEFAULT_CHECKPOINT;
      try {
        await save(path, descent);
        return { checkpoint: path, findings: [] };
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        const message = `no checkpoint was written: ${error.message}`;
        return { checkpoint: undefined, findings: [{ code: "CHECKPOINT_LOST", severity: "warning", message }] };
      }
    },
  };
}
