/** Tables on disk (CSV, TSV, JSON, Parquet), read through DuckDB: names and types of columns, and the numbers in them. */

import { createRequire } from "node:module";
import type { DuckDBConnection } from "@duckdb/node-api";
import { DataError } from "descend";
import { inspectTableFile, malformed, type TableFile } from "./table-file.js";

export type ColumnKind = "number" | "boolean" | "date" | "text" | "other";

export interface TableColumn {
  readonly name: string;
  /** The type as DuckDB names it, such as BIGINT or VARCHAR. */
  readonly type: string;
  readonly kind: ColumnKind;
}

export interface Table {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** Values of the columns of kind number and boolean (as 0 and 1), [rows] each. Missing values are NaN. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Names that occur more than once in the header; DuckDB calls the later ones name_1, name_2, … */
  readonly duplicateNames: readonly string[];
}

export interface ReadTableOptions {
  /** Whether the first line of a CSV file holds the names of the columns. Default true. */
  readonly header?: boolean;
}

/** What stands for a missing value in a CSV file. */
export const missingValueMarks = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-"] as const;

/** Files up to this size are read whole to find the types of their columns. */
const SNIFF_WHOLE_BYTES = 1 << 26;
/** Rows that decide the types of larger ones. */
const SNIFF_ROWS = 200_000;

/**
 * Reads a table.
 *
 * @throws DataError FILE_UNREADABLE, DATA_EMPTY, TABLE_MALFORMED (with the line where DuckDB knows it)
 */
export async function readTable(path: string, options: ReadTableOptions = {}): Promise<Table> {
  const header = options.header ?? true;
  const file = inspectTableFile(path, { header });
  const { DuckDBInstance } = loadDatabase();
  // Nothing is ever fetched from a network
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false", autoload_known_extensions: "false" });
  const connection = await instance.connect();
  try {
    const source = sourceOf(file, header);
    const columns = await describeColumns(connection, source);
    const { rows, numbers } = await readNumbers(connection, source, columns);
    if (rows === 0) {
      throw new DataError("DATA_EMPTY", `${path}: expected rows below the names of the columns, got none.`, { where: path });
    }
    return { path, rows, columns, numbers, duplicateNames: header ? duplicates(file.csv?.header ?? []) : [] };
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw await explain(connection, file, header, error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * The database, loaded when the first table is read. `require` because the package is CommonJS: `import` would first read through all of its
 * files for the names they export, for a fifth of the time from process start to verdict.
 */
function loadDatabase(): typeof import("@duckdb/node-api") {
  return createRequire(import.meta.url)("@duckdb/node-api");
}

/** A table function of DuckDB with its arguments bound, so that no character of a path is ever read as SQL. */
interface Source {
  readonly sql: string;
  readonly values: string[];
}

function sourceOf({ path, format, bytes, csv }: TableFile, header: boolean): Source {
  if (format === "parquet") return { sql: "read_parquet($1)", values: [path] };
  const sample = `sample_size = ${bytes <= SNIFF_WHOLE_BYTES ? -1 : SNIFF_ROWS}`;
  if (format === "json") return { sql: `read_json($1, ${sample})`, values: [path] };
  const marks = missingValueMarks.map((mark) => `'${mark}'`).join(", ");
  const general = `header = ${header}, ${sample}, nullstr = [${marks}]`;
  if (csv === undefined) return { sql: `read_csv($1, ${general})`, values: [path] };
  // Without these DuckDB would look for a reading in which every line fits, and find one: a single column, or a table that starts below
  return { sql: `read_csv($1, delim = $2, quote = '"', escape = '"', skip = 0, ${general})`, values: [path, csv.delimiter] };
}

async function describeColumns(connection: DuckDBConnection, source: Source): Promise<TableColumn[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source.sql}`, source.values);
  return reader.getRowObjects().map((row) => {
    const type = String(row.column_type);
    return { name: String(row.column_name), type, kind: kindOf(type) };
  });
}

function kindOf(type: string): ColumnKind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\s*\d+\)|BIGNUM)$/.test(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (/^(DATE|TIME|TIMESTAMP|INTERVAL)/.test(type) && !type.endsWith("]")) return "date";
  return type === "VARCHAR" || type.startsWith("ENUM(") ? "text" : "other";
}

async function readNumbers(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly TableColumn[],
): Promise<{ rows: number; numbers: Map<string, Float64Array> }> {
  const numeric = columns.filter(({ kind }) => kind === "number" || kind === "boolean");
  const casts = numeric.map(({ name }) => `CAST("${name.replaceAll('"', '""')}" AS DOUBLE)`);
  // A table without numbers still has rows to count
  const result = await connection.stream(`SELECT ${casts.length === 0 ? "NULL" : casts.join(", ")} FROM ${source.sql}`, source.values);
  let values = numeric.map(() => new Float64Array(1 << 12));
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const { rowCount } = chunk;
    if (values.length > 0 && rows + rowCount > values[0]!.length) {
      values = values.map((old) => {
        const wider = new Float64Array(Math.max(2 * old.length, rows + rowCount));
        wider.set(old);
        return wider;
      });
    }
    for (let j = 0; j < numeric.length; j++) {
      const vector = chunk.getColumnVector(j);
      const column = values[j]!;
      for (let i = 0; i < rowCount; i++) column[rows + i] = (vector.getItem(i) as number | null) ?? Number.NaN;
    }
    rows += rowCount;
  }
  return { rows, numbers: new Map(numeric.map(({ name }, j) => [name, values[j]!.subarray(0, rows)])) };
}

/** What is wrong with a file that DuckDB refused: the first line that does not fit, or DuckDB's own first sentence. */
async function explain(connection: DuckDBConnection, file: TableFile, header: boolean, error: unknown): Promise<unknown> {
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
  const line = /\bLine: (\d+)/i.exec(message)?.[1];
  const sentences = message.replace(/^[A-Z][A-Za-z ]+ Error: /, "").split("\n");
  const reason = (
    sentences.find((sentence) => /Could not convert|Expected Number of Columns|unicode|utf/i.test(sentence)) ?? sentences[0]!
  ).trim();
  return malformed(file.path, reason.replace(/\.$/, ""), line === undefined ? undefined : Number(line));
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
      expected === undefined ? String(row.error_message).split("\n")[0]! : `expected ${expected} fields like the first line, got ${found}`;
    return { line: Number(row.line), reason };
  } catch {
    return undefined;
  }
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
