/** Files a command writes: checked before long work begins, written whole or not at all. */

import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DataError, OptionError } from "descend";
import { writeFileAtomically } from "./write-file-atomically.js";

/**
 * Writes a file whole or not at all.
 *
 * @throws DataError FILE_UNWRITABLE
 */
export async function writeOutput(path: string, content: string): Promise<void> {
  try {
    await writeFileAtomically(path, content);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Finds out before long work whether its results can be written, and refuses to write over what is read.
 *
 * @param outputs - option and path; path undefined where the option is not given.
 * @param inputs - files that are read.
 * @throws DataError FILE_UNWRITABLE; OptionError OPTIONS_CONFLICT
 */
export function checkOutputs(
  outputs: readonly (readonly [option: string, path: string | undefined])[],
  inputs: readonly (string | undefined)[],
): void {
  const taken = new Map<string, string>(inputs.flatMap((path) => (path === undefined ? [] : [[resolve(path), "what is read"] as const])));
  for (const [option, path] of outputs) {
    if (path === undefined) continue;
    const other = taken.get(resolve(path));
    if (other !== undefined) {
      throw new OptionError("OPTIONS_CONFLICT", `${option} ${path}: expected another file than ${other}, which would be written over.`, {
        options: [option, other],
      });
    }
    taken.set(resolve(path), option);
    try {
      accessSync(dirname(resolve(path)), constants.W_OK | constants.X_OK);
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
        throw Object.assign(new Error("directory"), { code: "EISDIR" });
    } catch (error) {
      throw unwritable(path, error);
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "part of the path is no folder",
  EISDIR: "it is a directory",
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function unwritable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const reason = reasons[code] ?? `the system says ${code}`;
  return new DataError("FILE_UNWRITABLE", `${path}: ${reason}.`, { path, reason }, { cause: error });
}
