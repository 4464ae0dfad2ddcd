/** A descent as plain data: survives JSON, and going on from it gives the same bits. */

import { DataError, type ErrorDetails } from "../errors.js";
import { differenceOf, type Fingerprint } from "./fingerprint.js";

/** What a recorder holds, as data that survives JSON. */
export interface RecordedHistory {
  /** Steps kept are multiples of this, a power of 2. */
  readonly every: number;
  /** Numbers an entry. */
  readonly width: number;
  readonly steps: readonly number[];
  readonly data: readonly (number | string)[];
}

/** Written between two steps. Numbers are exact; those JSON cannot write are text. */
export interface Checkpoint {
  readonly format: "descend-checkpoint";
  readonly version: 1;
  /** Name of the method, which must be the same on resume. */
  readonly method: string;
  /** Numbers in the flat vector of parameters. */
  readonly size: number;
  /** Of the objective, which must be the same on resume. Absent in checkpoints written before there were fingerprints. */
  readonly fingerprint?: Fingerprint;
  readonly seed: number;
  readonly evaluations: { readonly value: number; readonly gradient: number; readonly hessianVector: number };
  readonly cells: Readonly<Record<string, readonly (number | string)[]>>;
  /** What was recorded until then, if anything was. */
  readonly history?: RecordedHistory;
}

/** Cells as JSON-safe lists: shortest decimal numbers read back to the same double; −0, NaN and ±∞ are text. */
export function encodeCells(cells: Readonly<Record<string, ArrayLike<number>>>): Record<string, (number | string)[]> {
  return Object.fromEntries(
    Object.entries(cells).map(([name, values]) => [
      name,
      Array.from(values, (value) =>
        Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value),
      ),
    ]),
  );
}

/** What a checkpoint is resumed with. */
export interface Resumed {
  readonly method: string;
  readonly size: number;
  readonly fingerprint: () => Fingerprint;
  /** Of an objective that is called. */
  readonly valueAt: ((params: Float64Array) => number) | undefined;
}

/** Values of an objective that was written otherwise, relative to each other: rounding, and no more. */
const SAME_VALUE = 1e-9;

/**
 * Checks what came back from a file and decodes it.
 *
 * @throws DataError CHECKPOINT_INVALID if it is no checkpoint, or one of another method, size or objective.
 */
export function decodeCheckpoint(checkpoint: Checkpoint, { method, size, fingerprint, valueAt }: Resumed): Record<string, Float64Array> {
  const refuse = (reason: string, differs?: ErrorDetails["CHECKPOINT_INVALID"]["differs"]): never => {
    throw new DataError(
      "CHECKPOINT_INVALID",
      `checkpoint: ${reason}. Start again, or use the objective and method it was made with.`,
      differs === undefined ? { reason } : { reason, differs },
    );
  };
  if (checkpoint?.format !== "descend-checkpoint") refuse("this is not a checkpoint of Descend");
  if (checkpoint.version !== 1) refuse(`expected version 1, got ${String(checkpoint.version)}`);
  if (typeof checkpoint.cells !== "object" || checkpoint.cells === null) refuse("its cells are missing");
  if (checkpoint.method !== method) refuse(`expected method ${method}, got ${checkpoint.method}`, "method");
  if (checkpoint.size !== size) refuse(`expected ${size} parameters, got ${checkpoint.size}`, "size");
  const cells = Object.fromEntries(Object.entries(checkpoint.cells).map(([name, values]) => [name, Float64Array.from(values, Number)]));
  const sameValue = (): boolean => {
    const [then, now] = [cells.value![0]!, valueAt?.(cells.params!) ?? Number.NaN];
    return Math.abs(now - then) <= SAME_VALUE * Math.max(Math.abs(now), Math.abs(then));
  };
  const difference = checkpoint.fingerprint && differenceOf(checkpoint.fingerprint, fingerprint(), sameValue);
  if (difference !== undefined) refuse(difference.reason, difference.differs);
  return cells;
}
