/** Checkpoints of a fit: the state of its descent, and what it must be continued with. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Checkpoint, DataError } from "descend";
import { writeOutput } from "../files/output-files.js";

/** A checkpoint as it is on disk. */
export interface FitCheckpoint {
  readonly format: "descend-fit-checkpoint";
  readonly version: 1;
  /** Of the data and of every setting that decides the bits of the result. */
  readonly fingerprint: string;
  /** The settings, for whoever reads the file. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly descent: Checkpoint;
}

/** SHA-256 of settings and data. */
export function fingerprintOf(settings: Readonly<Record<string, unknown>>, data: Iterable<Float64Array | readonly unknown[]>): string {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const values of data) {
    hash.update(`;${values.length};`);
    hash.update(
      values instanceof Float64Array ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength) : JSON.stringify(values),
    );
  }
  return hash.digest("hex");
}

export async function writeCheckpoint(path: string, checkpoint: Omit<FitCheckpoint, "format" | "version">): Promise<void> {
  await writeOutput(path, `${JSON.stringify({ format: "descend-fit-checkpoint", version: 1, ...checkpoint })}\n`);
}

/**
 * Reads a checkpoint.
 *
 * @throws DataError FILE_UNREADABLE, CHECKPOINT_INVALID
 */
export function readCheckpoint(path: string): FitCheckpoint {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : "it cannot be read";
    throw new DataError("FILE_UNREADABLE", `--resume ${path}: ${reason}.`, { path, reason }, { cause });
  }
  let value: Partial<FitCheckpoint> | null;
  try {
    value = JSON.parse(text) as Partial<FitCheckpoint> | null;
  } catch {
    throw invalid(path, "it is no checkpoint (no JSON)");
  }
  if (value?.format !== "descend-fit-checkpoint") throw invalid(path, "it is no checkpoint of descend fit");
  if (value.version !== 1) throw invalid(path, `version ${String(value.version)} is not known, only 1`);
  if (typeof value.fingerprint !== "string" || typeof value.descent !== "object" || typeof value.settings !== "object")
    throw invalid(path, "parts of it are missing");
  return value as FitCheckpoint;
}

/**
 * Refuses a checkpoint that was made with other data or settings: going on from it would give neither fit.
 *
 * @throws DataError CHECKPOINT_INVALID, naming the settings that differ
 */
export function requireSameFit(
  path: string,
  { fingerprint, settings: before }: FitCheckpoint,
  now: string,
  settings: Readonly<Record<string, unknown>>,
): void {
  if (fingerprint === now) return;
  const differing = Object.keys({ ...before, ...settings }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(settings[name]),
  );
  const difference = differing.map(
    (name) => `${name} (then ${JSON.stringify(before[name]) ?? "none"}, now ${JSON.stringify(settings[name]) ?? "none"})`,
  );
  throw invalid(path, differing.length === 0 ? "the table has changed since" : `made with other settings: ${difference.join(", ")}`);
}

function invalid(path: string, reason: string): DataError {
  return new DataError("CHECKPOINT_INVALID", `--resume ${path}: ${reason}. Start again without it, or give the command it was made with.`, {
    reason,
  });
}
