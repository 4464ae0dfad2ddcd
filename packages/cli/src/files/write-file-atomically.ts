/** A file that is either whole or not there: what was at the path before stays until the new contents are on the disk. */

import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/** Tells this machine from others that write into a shared folder, where process ids mean nothing. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/**
 * Writes to a temporary file beside `path`, flushes it to the disk, and renames it over `path`. A process killed at any
 * moment leaves the old file or the new one; what it leaves beside them, the next one that writes to `path` clears away.
 *
 * @throws the error of the file system (its `code` says which); nothing is left behind and the old file is untouched.
 */
export async function writeFileAtomically(path: string, contents: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await removeAbandoned(folder, basename(path));
  const temporary = join(folder, `.${basename(path)}.${HOST}-${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, "wx");
    await file.writeFile(contents);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Temporary files for this very name whose writer, on this machine, is no more. What cannot be listed or removed stays. */
async function removeAbandoned(folder: string, name: string): Promise<void> {
  const before = `.${name}.${HOST}-`;
  const entries = await readdir(folder).catch(() => []);
  const abandoned = entries.filter((entry) => {
    const [, writer] = (entry.startsWith(before) && /^(\d+)-[0-9a-f]{12}\.tmp$/.exec(entry.slice(before.length))) || [];
    return writer !== undefined && !isRunning(Number(writer));
  });
  await Promise.all(abandoned.map((entry) => rm(join(folder, entry), { force: true }).catch(() => undefined)));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user may not be asked, and is there
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Makes the new name itself last through a power failure. Not every system lets a folder be opened; then the rename has to do. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows, some network drives
  }
}
