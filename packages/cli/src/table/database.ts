/** DuckDB: opened when a table is read, closed after; and the SQL by which it reads one. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableFile } from "./table-file.js";

/** What stands for a missing value in a CSV file. */
export const missingValueMarks = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "?", "-"] as const;

/**
 * Types a column of a CSV file may turn out to have. BOOLEAN is not among them: it would make true and false of yes and no, and of t and f.
 */
const csvTypes = ["BIGINT", "DOUBLE", "TIME", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"] as const;

/** Files up to this size are read whole to find the types of their columns. */
const SNIFF_WHOLE_BYTES = 1 << 26;
/** Rows that decide the types of larger ones. */
const SNIFF_ROWS = 200_000;
/** What the database may keep in memory for itself; it streams, so the size of the table does not matter. */
const MEMORY_LIMIT = "256MB";

/** Something that can stand after FROM, with its arguments bound, so that no character of a path is ever read as SQL. */
export interface Source {
  readonly sql: string;
  readonly values: string[];
}

/** The same for a query: it may sort and join. What does not fit goes to the folder for temporary files. */
const QUERY_MEMORY_LIMIT = "1GB";

/**
 * Runs `use` with a connection to a database of its own, in memory.
 *
 * @param options.query - whether it is to run a query of the user.
 */
export async function withDatabase<T>(options: { query: boolean }, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  // Loaded when the first table is read
  const { DuckDBInstance } = await import("@duckdb/node-api");
  // Nothing is ever fetched from a network
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: options.query ? QUERY_MEMORY_LIMIT : MEMORY_LIMIT,
    temp_directory: join(tmpdir(), `descend-${process.pid}`),
  });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The table function that reads a file. */
export function sourceOf({ path, format, bytes, csv }: TableFile, header: boolean): Source {
  if (format === "parquet") return { sql: "read_parquet($1)", values: [path] };
  const sample = `sample_size = ${bytes <= SNIFF_WHOLE_BYTES ? -1 : SNIFF_ROWS}`;
  if (format === "json") return { sql: `read_json($1, ${sample})`, values: [path] };
  const marks = missingValueMarks.map(quoteText).join(", ");
  const types = csvTypes.map(quoteText).join(", ");
  const general = `header = ${header}, ${sample}, nullstr = [${marks}], auto_type_candidates = [${types}]`;
  if (csv === undefined) return { sql: `read_csv($1, ${general})`, values: [path] };
  // Without these DuckDB would look for a reading in which every line fits, and find one: a single column, or a table that starts below
  return { sql: `read_csv($1, delim = $2, quote = '"', escape = '"', skip = 0, ${general})`, values: [path, csv.delimiter] };
}

/** A source with its arguments written out, where SQL allows none to be bound. */
export function inlined({ sql, values }: Source): string {
  return sql.replace(/\$(\d)/g, (_, index: string) => quoteText(values[Number(index) - 1]!));
}

/** A name as SQL reads it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
