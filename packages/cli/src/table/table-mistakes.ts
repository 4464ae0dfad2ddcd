/** What is wrong with a file that DuckDB refused, in words for its owner. */

import { closeSync, openSync, readSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { DataError } from "descend";
import { malformed, type TableFile } from "./table-file.js";

/** The first line that does not fit, or DuckDB's own first sentence; errors that are not DuckDB's come back as they are. */
export async function explainFile(connection: DuckDBConnection, file: TableFile, header: boolean, error: unknown): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  if (!/^[A-Z][A-Za-z ]+ Error: /.test(message)) return error;
  if (/memory/i.test(message) && /^Out of Memory Error/.test(message)) {
    return new DataError("FILE_UNREADABLE", `${file.path}: the table does not fit into memory.`, {
      path: file.path,
      reason: "out of memory",
    });
  }
  if (file.csv !== undefined) {
    const rejected = await firstRejectedLine(connection, file, header);
    if (rejected !== undefined) return malformed(file.path, rejected.reason, rejected.line);
  }
  if (message.includes("detect the CSV parsing dialect")) return malformed(file.path, whyNoDialect(file.path));
  const line = /\bLine: (\d+)/i.exec(message)?.[1];
  const sentences = message.replace(/^[A-Z][A-Za-z ]+ Error: /, "").split("\n");
  const reason = (
    sentences.find((sentence) => /Could not convert|Expected Number of Columns|unicode|utf/i.test(sentence)) ?? sentences[0]!
  ).trim();
  return malformed(file.path, reason.replace(/\.+$/, ""), line === undefined ? undefined : Number(line));
}

/** Bytes that are looked at for ends of lines. */
const HEAD_BYTES = 1 << 16;

function whyNoDialect(path: string): string {
  const head = readHead(path, HEAD_BYTES);
  if (/\r\n/.test(head) && /[^\r]\n/.test(head)) {
    return `some of its lines end with CR LF, others with LF; expected all alike. Make them so first: sed -i 's/\\r$//' '${path}'`;
  }
  return "its lines cannot be taken apart as CSV: no delimiter gives all of them the same number of fields";
}

/** The first characters of a file, each byte one. */
function readHead(path: string, bytes: number): string {
  const descriptor = openSync(path, "r");
  try {
    const head = Buffer.alloc(bytes);
    return head.toString("latin1", 0, readSync(descriptor, head, 0, bytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Reads everything as text with the columns of the header, and asks which line was the first not to fit. */
async function firstRejectedLine(
  connection: DuckDBConnection,
  { path, csv }: TableFile,
  header: boolean,
): Promise<{ line: number; reason: string } | undefined> {
  try {
    const columns = csv!.header.map((_, j) => `'c${j}': 'VARCHAR'`).join(", ");
    await connection.run(
      `SELECT count(*) FROM read_csv($1, delim = $2, quote = '"', escape = '"', header = ${header}, auto_detect = false,
        columns = {${columns}}, store_rejects = true)`,
      [path, csv!.delimiter],
    );
    const reader = await connection.runAndReadAll("SELECT line, error_type, error_message FROM reject_errors ORDER BY line LIMIT 1");
    const [row] = reader.getRowObjects();
    if (row === undefined) return undefined;
    const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(String(row.error_message)) ?? [];
    const reason =
      expected === undefined
        ? String(row.error_message).split("\n")[0]!.replace(/\.+$/, "")
        : `expected ${expected} fields like the first line, got ${found}`;
    return { line: Number(row.line), reason };
  } catch {
    return undefined;
  }
}
