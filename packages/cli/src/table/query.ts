/** A table that is the answer to a question in SQL. */

import type { DuckDBConnection } from "@duckdb/node-api";
import { DataError, DescendError, nearestName, OptionError } from "descend";
import { inlined, type Source } from "./database.js";

/**
 * A query as something to select from, checked to be one SELECT. A file becomes the view `data`; other files are named in the query itself,
 * between single quotes.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE for anything but one SELECT
 */
export async function dataFrom(connection: DuckDBConnection, query: string, file: Source | undefined): Promise<Source> {
  const text = query.trim().replace(/;\s*$/, "");
  const statements = await connection.extractStatements(text);
  // A bracket that closes in the middle would let a second statement through
  const wrapped = await connection.extractStatements(`SELECT * FROM (${text}\n)`);
  if (statements.count !== 1 || wrapped.count !== 1) throw refused(`one SELECT, got ${statements.count} statements`, query);
  if (file !== undefined) await connection.run(`CREATE VIEW data AS SELECT * FROM ${inlined(file)}`);
  return { sql: `(${text}\n)`, values: [] };
}

/** What is wrong with a query that DuckDB refused; other errors come back as they are. */
export function explainQuery(query: string, error: unknown): unknown {
  if (error instanceof DescendError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, kind, text] = /^(?:Failed to [a-z ]+: )?([A-Z][A-Za-z ]+) Error: ([\s\S]*)$/.exec(message) ?? [];
  if (text === undefined) return error;
  const sentence = text.split("\n")[0]!.trim().replace(/[.!]$/, "");
  const hint = hintFrom(text);
  if (kind === "IO" || kind === "Invalid Input" || kind === "Conversion") {
    return new DataError("FILE_UNREADABLE", `--query: ${sentence}.`, { path: query, reason: sentence }, hint === undefined ? {} : { hint });
  }
  return refused(`a SELECT that DuckDB can run; it says: ${sentence}`, query, hint);
}

/** DuckDB lists every column there is: only one that is close can be what was meant. */
function hintFrom(text: string): string | undefined {
  const missing = /column "([^"]+)"/.exec(text)?.[1];
  const candidates = [...(/Candidate bindings: (.*)/.exec(text)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
  const nearest = /Did you mean "([^"]+)"/.exec(text)?.[1] ?? (missing === undefined ? undefined : nearestName(missing, candidates));
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
}

function refused(expected: string, query: string, hint?: string): OptionError {
  const details = { option: "--query", expected, got: query };
  return new OptionError("OPTION_OUT_OF_RANGE", `--query: expected ${expected}.`, details, hint === undefined ? {} : { hint });
}
