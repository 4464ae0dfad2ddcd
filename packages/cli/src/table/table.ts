/** Tables on disk (CSV, TSV, JSON, Parquet) or asked for in SQL, read through DuckDB: types of columns, and the values in them. */

import type { DuckDBConnection, DuckDBVector } from "@duckdb/node-api";
import { DataError, InternalError } from "descend";
import { quoteName, type Source, sourceOf, withDatabase } from "./database.js";
import { GrowingColumn } from "./growing-column.js";
import { inspectMarkedNumbers, type MarkedNumbers } from "./marked-numbers.js";
import { inspectNumberText, type NumberText, numberFromText } from "./number-text.js";
import { dataFrom, explainQuery } from "./query.js";
import { inspectTableFile, type TableFile, verifyGzip } from "./table-file.js";
import { explainFile } from "./table-mistakes.js";

export type ColumnKind = "number" | "boolean" | "date" | "text" | "other";

export interface TableColumn {
  readonly name: string;
  /** The type as DuckDB names it, such as BIGINT or VARCHAR. */
  readonly type: string;
  readonly kind: ColumnKind;
  /** What was done to read it, or what stands in the way of reading it as numbers; absent where there is nothing to say. */
  readonly note?: string;
  /** Where it is text and holds numbers with a mark beside them. */
  readonly marked?: MarkedNumbers;
  /** Where it is text and read as numbers: the SQL that does it. */
  readonly readAs?: string;
}

/** Text by its different values. */
export interface TextColumn {
  /** Index into levels, [rows]; −1 where the value is missing. Empty where there are too many levels. */
  readonly codes: Int32Array;
  /** The different values, blanks around them removed, in the order they come. */
  readonly levels: readonly string[];
  /** More than {@link MAX_LEVELS} different values: codes were not kept. */
  readonly tooMany: boolean;
}

export interface Table {
  /** As the user gave it; "--query" where SQL names the files. */
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** Columns that were not wanted. */
  readonly otherNames: readonly string[];
  /** Columns of numbers, of true and false (1 and 0), and of dates (days since 1970), [rows] each. Missing values are NaN. */
  readonly numbers: Map<string, Float64Array>;
  readonly texts: Map<string, TextColumn>;
  /** Names that occur more than once in the header; DuckDB calls the later ones name_1, name_2, … */
  readonly duplicateNames: readonly string[];
}

export interface ReadTableOptions {
  /** Whether the first line of a CSV file holds the names of the columns. Default true. */
  readonly header?: boolean;
  /** A SELECT whose result is the table; the file, if there is one, is called `data` in it. */
  readonly query?: string | undefined;
  /** Read these columns only, as these kinds; one that is not there is left to the caller. Default: all, as they are. */
  readonly wanted?: ReadonlyMap<string, Exclude<ColumnKind, "other">> | undefined;
  /** Of these, one that is not read where it is of another kind. */
  readonly optional?: string | undefined;
}

/** Different values of text that are kept apart. */
export const MAX_LEVELS = 10_000;

/**
 * Reads a table: one pass to find the types of the columns, one over columns of text that might be numbers, one for the values.
 *
 * Memory: 8 bytes a number and 4 a text; values go from the database's chunks of 2048 rows straight into typed arrays.
 *
 * @param path - may be absent with a query that names its files itself.
 * @throws DataError FILE_UNREADABLE, DATA_EMPTY, TABLE_MALFORMED (with the line where DuckDB knows it), COLUMN_NOT_NUMERIC where text is
 * wanted as numbers; OptionError OPTION_OUT_OF_RANGE for a query that cannot be run
 */
export async function readTable(path: string | undefined, options: ReadTableOptions = {}): Promise<Table> {
  return withTable(path, options, async (open) => (await loadTable(open))!);
}

/** A table whose columns are known and whose values can be read, as often as needed. */
export interface OpenTable extends Pick<Table, "path" | "columns" | "otherNames" | "duplicateNames"> {
  readonly connection: DuckDBConnection;
  readonly source: Source;
  /** How to read each column, as a number or a text; those without cannot be read. */
  readonly plans: readonly ColumnPlan[];
  readonly file: TableFile | undefined;
  /** Whether it is what a query gives. */
  readonly isQuery: boolean;
}

/**
 * The values of all columns.
 *
 * @param most - numbers at most: rows times columns.
 * @returns undefined where the table has more.
 */
export async function loadTable(open: OpenTable, most: number = Number.POSITIVE_INFINITY): Promise<Table | undefined> {
  const values = await readValues(open.connection, open.source, open.plans, most);
  if (values === undefined) return undefined;
  if (values.rows === 0) throw noRows(open);
  const { path, columns, otherNames, duplicateNames } = open;
  return { path, columns, otherNames, duplicateNames, ...values };
}

export function noRows({ path, isQuery }: OpenTable): DataError {
  const where = isQuery ? "from the query" : "below the names of the columns";
  return new DataError("DATA_EMPTY", `${path}: expected rows ${where}, got none.`, { where: path });
}

/**
 * Opens a table: one pass to find the types of the columns, one over columns of text that might
 * be numbers. It is closed when `use` is done.
 *
 * @throws as {@link readTable}
 */
export async function withTable<T>(path: string | undefined, options: ReadTableOptions, use: (open: OpenTable) => Promise<T>): Promise<T> {
  const { header = true, query, wanted, optional } = options;
  if (path === undefined && query === undefined) throw new InternalError("a table is a file or a query");
  const file = path === undefined ? undefined : inspectTableFile(path, { header });
  if (file?.compression === "gzip") await verifyGzip(file.path);
  const label = path ?? "--query";
  return withDatabase({ query: query !== undefined }, async (connection) => {
    const fileSource = file === undefined ? undefined : sourceOf(file, header);
    try {
      const source = query === undefined ? fileSource! : await dataFrom(connection, query, fileSource);
      const all = await describeColumns(connection, source);
      const columns = wanted === undefined ? all : all.filter(({ name }) => wanted.has(name));
      const typed = file !== undefined && file.format !== "parquet" && query === undefined;
      const plans = await planColumns(connection, source, columns, { wanted, optional, label, typed });
      const shown = plans.map(({ sql: _, ...column }) => column);
      const otherNames = wanted === undefined ? [] : all.map(({ name }) => name).filter((name) => !wanted.has(name));
      const duplicateNames = header ? duplicates(file?.csv?.header ?? []) : [];
      return await use({
        path: label,
        columns: shown,
        otherNames,
        duplicateNames,
        connection,
        source,
        plans,
        file,
        isQuery: query !== undefined,
      });
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw query === undefined ? await explainFile(connection, file!, header, error) : explainQuery(query, error);
    }
  });
}

async function describeColumns(connection: DuckDBConnection, source: Source): Promise<{ name: string; type: string; kind: ColumnKind }[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source.sql}`, source.values);
  return reader.getRowObjects().map((row) => {
    const type = String(row.column_type);
    return { name: String(row.column_name), type, kind: kindOf(type) };
  });
}

function kindOf(type: string): ColumnKind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\s*\d+\)|BIGNUM)$/.test(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (/^(DATE|TIMESTAMP\w*|TIMESTAMP WITH TIME ZONE)$/.test(type)) return "date";
  // A column of JSON whose values are texts here and numbers there
  if (type === "JSON") return "text";
  return type === "VARCHAR" || type === "UUID" || type.startsWith("ENUM(") ? "text" : "other";
}

/** How one column is read. */
export interface ColumnPlan extends TableColumn {
  /** An expression of type DOUBLE without NULL, or of type VARCHAR; absent for columns that are not read. */
  readonly sql: string | undefined;
}

interface PlanOptions {
  readonly wanted: ReadTableOptions["wanted"];
  readonly optional: string | undefined;
  readonly label: string;
  /** Whether text may be numbers: in files that have types of their own, text is meant to be text. */
  readonly typed: boolean;
}

async function planColumns(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly { name: string; type: string; kind: ColumnKind }[],
  { wanted, optional, label, typed }: PlanOptions,
): Promise<ColumnPlan[]> {
  const mayBeNumbers = columns.filter(
    ({ name, kind, type }) => kind === "text" && type !== "JSON" && (wanted === undefined ? typed : wanted.get(name) !== "text"),
  );
  const inspected = await inspectNumberText(
    connection,
    source,
    mayBeNumbers.map(({ name }) => name),
  );
  const isText = ({ name }: { name: string }): boolean => inspected.get(name)?.notation === undefined;
  const textNames = wanted === undefined ? mayBeNumbers.filter(isText).map(({ name }) => name) : [];
  const marked = await inspectMarkedNumbers(connection, source, textNames);
  return columns.map((column) => {
    const text = inspected.get(column.name);
    const inText = marked.get(column.name);
    return wanted === undefined
      ? { ...planAsItIs(column, text), ...(inText && { marked: inText }) }
      : planAsWanted(column, wanted.get(column.name)!, text, column.name === optional ? undefined : label);
  });
}

function planAsItIs(column: { name: string; type: string; kind: ColumnKind }, text: NumberText | undefined): ColumnPlan {
  const { name, type, kind } = column;
  const readAs = text?.notation && numberFromText(name, text.notation);
  if (text?.notation === "boolean") return { name, type, kind: "boolean", readAs: readAs!, sql: withoutNull(readAs!) };
  if (text?.notation !== undefined) {
    const notation = text.notation === "thousands" ? "thousand separators" : "a decimal comma";
    const note = text.plain === text.values ? "numbers written as text" : `numbers with ${notation}`;
    return { name, type, kind: "number", note, readAs: readAs!, sql: withoutNull(readAs!) };
  }
  if (text !== undefined && text.values > 0 && text.plain > 0.8 * text.values) {
    return {
      ...column,
      note: `${text.values - text.plain} of ${text.values} values are no numbers, such as "${text.offender}"`,
      sql: sqlOf(name, type, kind),
    };
  }
  return { ...column, sql: sqlOf(name, type, kind) };
}

/**
 * The same column as it was when a model was fitted, whatever type it has now.
 *
 * @param label - of the table, for the message; undefined where the column may as well be left out.
 */
function planAsWanted(
  column: { name: string; type: string; kind: ColumnKind },
  kind: Exclude<ColumnKind, "other">,
  text: NumberText | undefined,
  label: string | undefined,
): ColumnPlan {
  const { name, type } = column;
  // A whole number that became a float is still the same category
  if (kind === "text") return { name, type, kind, sql: `regexp_replace(CAST(${quoteName(name)} AS VARCHAR), '^(-?\\d+)\\.0$', '\\1')` };
  if (text?.values === 0) return { name, type, kind, sql: "'NaN'::DOUBLE" };
  if (kind !== "date" && text?.notation !== undefined) return { name, type, kind, sql: withoutNull(numberFromText(name, text.notation)) };
  const isNumeric = column.kind === "number" || column.kind === "boolean";
  if (kind === "date" ? column.kind === "date" : isNumeric) return { name, type, kind, sql: sqlOf(name, type, column.kind) };
  if (label === undefined) return { name, type, kind: "other", sql: undefined };
  const offender = text?.offender === undefined ? "" : `, such as "${text.offender}"`;
  throw new DataError(
    "COLUMN_NOT_NUMERIC",
    `${label}: expected ${kind === "date" ? "dates" : "numbers"} in "${name}", got ${column.kind} (${type})${offender}.`,
    {
      column: name,
      type,
    },
  );
}

function sqlOf(name: string, type: string, kind: ColumnKind): string | undefined {
  const column = quoteName(name);
  if (kind === "number" || kind === "boolean") return withoutNull(`CAST(${column} AS DOUBLE)`);
  if (kind === "text") return type === "JSON" ? `(${column} ->> '$')` : `CAST(${column} AS VARCHAR)`;
  if (kind !== "date") return undefined;
  const instant = type === "TIMESTAMP WITH TIME ZONE" ? column : `CAST(${column} AS TIMESTAMP)`;
  return withoutNull(`CASE WHEN isfinite(${column}) THEN epoch_ms(${instant}) / 86400000.0 END`);
}

function withoutNull(sql: string): string {
  return `coalesce(${sql}, 'NaN'::DOUBLE)`;
}

async function readValues(
  connection: DuckDBConnection,
  source: Source,
  plans: readonly ColumnPlan[],
  most: number,
): Promise<Pick<Table, "rows" | "numbers" | "texts"> | undefined> {
  const read = plans.filter(({ sql }) => sql !== undefined);
  // A table without columns to read still has rows to count
  const result = await connection.stream(
    `SELECT ${read.length === 0 ? "NULL" : read.map(({ sql }) => sql).join(", ")} FROM ${source.sql}`,
    source.values,
  );
  const readers = readersFor(read);
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (let j = 0; j < readers.length; j++) readers[j]!.append(chunk.getColumnVector(j));
    rows += chunk.rowCount;
    if (rows * read.length > most) return undefined;
  }
  return { rows, ...valuesOf(read, readers) };
}

/** What the readers have taken in since they were last asked. */
export function valuesOf(read: readonly ColumnPlan[], readers: readonly (TextReader | NumberReader)[]): Pick<Table, "numbers" | "texts"> {
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, TextColumn>();
  readers.forEach((reader, j) => {
    const { name } = read[j]!;
    if (reader instanceof TextReader) texts.set(name, reader.finish());
    else numbers.set(name, reader.finish());
  });
  return { numbers, texts };
}

/** One for each column, in their order. */
export function readersFor(read: readonly ColumnPlan[]): (TextReader | NumberReader)[] {
  return read.map(({ kind }) => (kind === "text" ? new TextReader() : new NumberReader()));
}

export class NumberReader {
  private readonly column = new GrowingColumn<Float64Array>((length) => new Float64Array(length));

  append(vector: DuckDBVector): void {
    // The vector of a DOUBLE holds its numbers in one typed array; no NULL is among them
    const { items } = vector as unknown as { items: unknown };
    if (!(items instanceof Float64Array)) throw new InternalError("a column of numbers comes as float64");
    this.column.append(items);
  }

  finish(): Float64Array {
    return this.column.finish();
  }
}

export class TextReader {
  private codes: GrowingColumn<Int32Array> | undefined = new GrowingColumn<Int32Array>((length) => new Int32Array(length));
  private readonly codeOf = new Map<string, number>();

  append(vector: DuckDBVector): void {
    if (this.codes === undefined) return;
    for (let i = 0; i < vector.itemCount; i++) {
      const value = (vector.getItem(i) as string | null)?.trim() ?? "";
      let code = value === "" ? -1 : this.codeOf.get(value);
      if (code === undefined) {
        code = this.codeOf.size;
        this.codeOf.set(value, code);
      }
      this.codes.push(code);
    }
    if (this.codeOf.size > MAX_LEVELS) this.codes = undefined;
  }

  finish(): TextColumn {
    return { codes: this.codes?.finish() ?? new Int32Array(0), levels: [...this.codeOf.keys()], tooMany: this.codes === undefined };
  }
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
