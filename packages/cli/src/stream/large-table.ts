/** Which tables are streamed, and what cannot be done with them. */

import { closeSync, openSync, readSync } from "node:fs";
import { OptionError } from "descend";
import type { FitSettings } from "../fit/fit-table.js";
import type { OpenTable } from "../table/table.js";
import { formatCount } from "../terminal/format.js";

/** Numbers, rows times columns, that a fit holds in memory. */
export const MOST_IN_MEMORY = 5e7;

/** Bytes of a text file that its number of rows is estimated from. */
const SAMPLE_BYTES = 1 << 20;

/**
 * Whether a table has certainly, or by an estimate from its first lines, more numbers than a fit holds in
 * memory; false where only reading would tell.
 */
export async function isLarge({ connection, source, columns, file, isQuery }: OpenTable): Promise<boolean> {
  if (file === undefined || isQuery || file.compression !== undefined) return false;
  const rows =
    file.format === "parquet"
      ? Number((await connection.runAndReadAll(`SELECT count(*) FROM ${source.sql}`, source.values)).getRows()[0]![0])
      : file.bytes / bytesPerLine(file.path);
  return rows * columns.length > MOST_IN_MEMORY;
}

function bytesPerLine(path: string): number {
  const descriptor = openSync(path, "r");
  try {
    const head = Buffer.alloc(SAMPLE_BYTES);
    const length = readSync(descriptor, head, 0, head.length, 0);
    const lines = head.subarray(0, length).reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
    return length / Math.max(1, lines);
  } finally {
    closeSync(descriptor);
  }
}

/** The losses of which moments know everything. */
const OF_MOMENTS = ["linear", "ridge", "lasso", "elastic-net"];

/** Whether the moments of a table are all that a fit sees of it: not where its steps look at some of the rows. */
export function seesMomentsOnly(kind: string, { batch }: FitSettings): boolean {
  return OF_MOMENTS.includes(kind) && (batch === undefined || batch === "full");
}

/** @throws OptionError OPTIONS_CONFLICT for scales that a stream does not tell */
export function requireStreamableScale(kind: string, settings: FitSettings): void {
  const { scale } = settings;
  const ofMoments = seesMomentsOnly(kind, settings);
  if (scale === "standard" || scale === "none" || (ofMoments ? kind === "linear" : scale !== "robust")) return;
  throw refused(
    "--scale",
    `--scale ${scale} of a ${kind} model needs all rows in memory, and this table is streamed.`,
    "Take --scale standard.",
  );
}

function refused(flag: string, message: string, instead: string): OptionError {
  return new OptionError(
    "OPTIONS_CONFLICT",
    message,
    { options: [flag, "--stream"] },
    {
      hint: `${instead} Or hold the rows in memory, up to ${formatCount(MOST_IN_MEMORY)} numbers (rows times columns): take a sample (--query "SELECT * FROM data USING SAMPLE reservoir(1000000 ROWS) REPEATABLE (1)"), fewer columns (--query "SELECT a, b, … FROM data"), or say --no-stream to hold them all anyway.`,
    },
  );
}
