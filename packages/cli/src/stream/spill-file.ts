/**
 * A temporary file for rows that do not fit memory. It has no name while it is used, where the system allows that:
 * nothing is left behind however the process ends.
 */

import { randomBytes } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ByteFile, DataError, InternalError } from "descend";

export interface SpillFile extends ByteFile {
  readonly folder: string;
  /** Times it was read from its first byte on. */
  readonly passes: number;
  close(): void;
}

/** Share of the free space that is left to others. */
const LEFT_FREE = 0.02;

/**
 * @param bytes - that will be written, at most.
 * @param folder - default: the one of the system, which TMPDIR names.
 * @throws DataError FILE_UNWRITABLE where there is no room, or no permission
 */
export function createSpillFile(bytes: number, folder: string = tmpdir()): SpillFile {
  requireRoom(folder, bytes);
  const path = join(folder, `descend-${randomBytes(6).toString("hex")}.tmp`);
  let descriptor: number;
  try {
    descriptor = openSync(path, "wx+");
  } catch (error) {
    throw unwritable(folder, `the system says ${(error as NodeJS.ErrnoException).code}`, error);
  }
  const remove = (): void => rmSync(path, { force: true });
  try {
    remove();
  } catch {
    // Windows removes no file that is open: then when the process ends
    process.once("exit", remove);
  }
  let passes = 0;
  return {
    folder,
    get passes() {
      return passes;
    },
    read(into, place) {
      if (place === 0) passes++;
      let done = 0;
      while (done < into.length) {
        const count = readSync(descriptor, into, done, into.length - done, place + done);
        if (count === 0) throw new InternalError("a temporary file is read where it was written");
        done += count;
      }
    },
    write(from, place) {
      try {
        let done = 0;
        while (done < from.length) done += writeSync(descriptor, from, done, from.length - done, place + done);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw unwritable(folder, code === "ENOSPC" ? "the disk is full" : `the system says ${code}`, error);
      }
    },
    close() {
      // Gives the space back at once, even where someone else holds the file
      ftruncateSync(descriptor, 0);
      closeSync(descriptor);
      remove();
      process.removeListener("exit", remove);
    },
  };
}

function requireRoom(folder: string, bytes: number): void {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    free = bavail * bsize * (1 - LEFT_FREE);
  } catch (error) {
    throw unwritable(folder, "there is no such folder", error);
  }
  if (bytes > free) throw unwritable(folder, `the rows need ${gigabytes(bytes)}, and ${gigabytes(free)} are free`);
}

function unwritable(path: string, reason: string, cause?: unknown): DataError {
  return new DataError(
    "FILE_UNWRITABLE",
    `${path}: a temporary file for the rows of the table cannot be written: ${reason}.`,
    { path, reason },
    { hint: "Name another folder with --temporary.", cause },
  );
}

export function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toPrecision(2)} MB` : `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`;
}
