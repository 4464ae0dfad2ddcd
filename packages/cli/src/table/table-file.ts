/** What kind of table a file holds, found out before a database is asked to read it: so that each mistake gets its own words. */

import { closeSync, constants, createReadStream, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError, nearestName } from "descend";

export type TableFormat = "csv" | "json" | "parquet";

export interface TableFile {
  readonly path: string;
  readonly format: TableFormat;
  readonly bytes: number;
  readonly compression?: "gzip" | "zstd";
  /** What separates fields, and the names the first line holds; for CSV only, absent in compressed files. */
  readonly csv?: { readonly delimiter: string; readonly header: readonly string[] };
}

/** Bytes of the file that are looked at. */
const HEAD_BYTES = 1 << 16;
const delimiters = [",", "\t", ";", "|"] as const;

/**
 * Looks at the beginning of a file.
 *
 * @param options.header - whether the first line of a CSV file holds names.
 * @throws DataError FILE_UNREADABLE, DATA_EMPTY, TABLE_MALFORMED
 */
export function inspectTableFile(path: string, options: { header: boolean }): TableFile {
  const { head, bytes } = readHead(path);
  if (bytes === 0) throw new DataError("DATA_EMPTY", `${path}: expected a table, the file is empty.`, { where: path });
  const magic = head.toString("latin1", 0, 4);
  if (magic === "PAR1") return { path, format: "parquet", bytes };
  const extensions = basename(path).toLowerCase().split(".").slice(1);
  const compressed = magic.startsWith("\x1f\x8b") || magic === "\x28\xb5\x2f\xfd";
  const extension = (compressed ? extensions.at(-2) : extensions.at(-1)) ?? "";
  if (extension === "parquet") throw malformed(path, "it is called Parquet but does not begin like one (PAR1)");
  const json = ["json", "ndjson", "jsonl"].includes(extension);
  if (compressed) return { path, format: json ? "json" : "csv", bytes, compression: magic.startsWith("\x1f") ? "gzip" : "zstd" };

  const text = decode(path, head, bytes > head.length);
  if (text.trim() === "") throw new DataError("DATA_EMPTY", `${path}: expected a table, the file holds blanks only.`, { where: path });
  if (json) return { path, format: "json", bytes };
  // Comment lines and blank lines may stand before the names
  const line = text.split(/\r\n|\n|\r/).find((candidate) => candidate.trim() !== "" && !candidate.startsWith("#")) ?? "";
  const delimiter = extension === "tsv" || extension === "tab" ? "\t" : mostFrequentDelimiter(line);
  const header = splitFields(line, delimiter);
  if (options.header && header.every((name) => /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(name))) {
    throw malformed(
      path,
      `expected the names of columns, got numbers: ${header.slice(0, 5).join(", ")}`,
      1,
      "Add a line with names, or say --no-header.",
    );
  }
  return { path, format: "csv", bytes, csv: { delimiter, header } };
}

/**
 * Unpacks a compressed file to its end and checks its sum: the database reads what there is of a broken one without a word.
 *
 * @throws DataError TABLE_MALFORMED
 */
export async function verifyGzip(path: string): Promise<void> {
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), discard);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !code.startsWith("Z_")) throw error;
    throw malformed(path, code === "Z_BUF_ERROR" ? "the compressed file breaks off" : "the compressed file is damaged");
  }
}

/** A DataError TABLE_MALFORMED about a file, and a line of it where one is known. */
export function malformed(path: string, reason: string, line?: number, hint?: string): DataError {
  return new DataError(
    "TABLE_MALFORMED",
    `${path}${line === undefined ? "" : `, line ${line}`}: ${reason}.`,
    { path, reason, ...(line === undefined ? {} : { line }) },
    hint === undefined ? {} : { hint },
  );
}

function readHead(path: string): { head: Buffer; bytes: number } {
  try {
    const status = statSync(path);
    if (!status.isFile()) throw unreadable(path, status.isDirectory() ? "it is a directory; expected a file" : "it is not a regular file");
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      const head = Buffer.alloc(Math.min(HEAD_BYTES, status.size));
      const length = readSync(descriptor, head, 0, head.length, 0);
      return { head: head.subarray(0, length), bytes: status.size };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw unreadable(path, "there is no such file", nearestFile(path), error);
    if (code === "EACCES" || code === "EPERM") throw unreadable(path, "no permission to read it", undefined, error);
    if (code !== undefined && /^E[A-Z]+$/.test(code)) throw unreadable(path, `the system says ${code}`, undefined, error);
    throw error;
  }
}

function unreadable(path: string, reason: string, hint?: string, cause?: unknown): DataError {
  return new DataError("FILE_UNREADABLE", `${path}: ${reason}.`, { path, reason }, { ...(hint === undefined ? {} : { hint }), cause });
}

/** "Did you mean …?" with a file of the same folder. */
function nearestFile(path: string): string | undefined {
  try {
    const nearest = nearestName(basename(path), readdirSync(dirname(path)));
    return nearest === undefined ? undefined : `Did you mean ${join(dirname(path), nearest)}?`;
  } catch {
    return undefined;
  }
}

/** The text of the head. A character cut off at its end is left out. */
function decode(path: string, head: Buffer, cut: boolean): string {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw malformed(path, "it is UTF-16; expected UTF-8", undefined, `Convert it first: iconv -f UTF-16 -t UTF-8 '${path}' > utf8.csv`);
  }
  if (head.includes(0)) throw malformed(path, "it is a binary file; expected CSV, TSV, JSON or Parquet");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: cut });
  } catch {
    throw malformed(
      path,
      "it is not UTF-8",
      undefined,
      `Convert it first: iconv -f GB18030 -t UTF-8 '${path}' > utf8.csv for Chinese, -f WINDOWS-1252 for Western European text.`,
    );
  }
}

function mostFrequentDelimiter(line: string): string {
  const counts = delimiters.map((delimiter) => splitFields(line, delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

/** The fields of one line; a delimiter between double quotes does not separate. */
function splitFields(line: string, delimiter: string): string[] {
  const fields = [""];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) fields.push("");
    else fields[fields.length - 1] += character;
  }
  return fields.map((field) => field.trim());
}
