/** What a script or module exports for the doctor: a case, a descent, a solution, or a history. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DataError, DescendError } from "descend";
import type { Subject } from "descend/doctor";
import { inspectTableFile } from "../table/table-file.js";

/** Looked for in this order. */
export const exportNames = ["default", "subject", "case", "descent", "solution"] as const;

/**
 * Runs a module and takes its subject.
 *
 * @throws DataError FILE_UNREADABLE where it cannot be loaded, throws, or exports no subject
 */
export async function loadSubject(path: string): Promise<Subject> {
  inspectTableFile(path, { header: false });
  const exported = await importModule(path);
  for (const name of exportNames) {
    const value = await exported[name];
    if (typeof value === "object" && value !== null) return value as Subject;
  }
  const names = Object.keys(exported);
  const got = names.length === 0 ? "no exports" : names.join(", ");
  const reason = `expected an export default or one called ${exportNames.slice(1).join(", ")} that is an object, got ${got}`;
  throw unusable(path, reason, 'For example: export default { objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, learningRate: 0.03 };');
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_UNKNOWN_FILE_EXTENSION" || code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX" || code === "ERR_NO_TYPESCRIPT") {
      throw unusable(
        path,
        `Node ${process.versions.node} does not read this kind of module (${code})`,
        `Node ≥ 22.18 reads TypeScript whose types can be erased; else make JavaScript of it: npx esbuild ${path} --format=esm --outfile=case.mjs`,
        error,
      );
    }
    if (code === "ERR_MODULE_NOT_FOUND") {
      throw unusable(path, `it imports what is not there: ${message}`, "Install it beside the script: npm install.", error);
    }
    if (error instanceof SyntaxError) {
      throw unusable(
        path,
        `it cannot be read: ${message}`,
        "A module with export is called .mjs, or its package.json says type: module.",
        error,
      );
    }
    const own = error instanceof DescendError ? `${message} (${error.code})` : String(message ?? error);
    throw unusable(path, `it threw an error: ${own}`, undefined, error);
  }
}

function unusable(path: string, reason: string, hint?: string, cause?: unknown): DataError {
  return new DataError(
    "FILE_UNREADABLE",
    `${path}: ${reason}.`,
    { path, reason },
    { ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) },
  );
}
