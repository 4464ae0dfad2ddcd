/** The log of a run as text, read into columns of fields: separated values with one line of names, JSON lines, or one JSON value. */

import { readFileSync } from "node:fs";
import { DataError } from "descend";
import { inspectTableFile, malformed } from "../table/table-file.js";

/** Fields by the name of their column, each with the line (or entry) it stands in. */
export interface TextRecords {
  readonly names: readonly string[];
  /** [rows] of [columns]; undefined where a record has no such field. */
  readonly rows: readonly (readonly unknown[])[];
  /** Where each row stands in the file, from 1: [rows]. */
  readonly lines: readonly number[];
}

/**
 * Reads a log.
 *
 * Words such as NaN and Infinity, which other languages write into JSON, are read as they are meant.
 *
 * @throws DataError FILE_UNREADABLE, DATA_EMPTY, TABLE_MALFORMED
 */
export function readTextRecords(path: string): TextRecords {
  const file = inspectTableFile(path, { header: false });
  if (file.compression !== undefined || file.format === "parquet") {
    throw malformed(path, "expected the log of a run as plain CSV, TSV, JSON or JSON lines", undefined, "Unpack it first.");
  }
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const records = file.format === "json" ? fromJson(path, text) : fromSeparated(path, text, file.csv!.delimiter);
  if (records.rows.length === 0) {
    throw new DataError("DATA_EMPTY", `${path}: expected one row a recorded step, got names only.`, { where: path });
  }
  return records;
}

/** Quoted fields may hold delimiters, line breaks and doubled quotes. */
function fromSeparated(path: string, text: string, delimiter: string): TextRecords {
  const rows: string[][] = [];
  const lines: number[] = [];
  let [row, field, quoted, line, first]: [string[], string, boolean, number, number] = [[], "", false, 1, 1];
  const endRow = (): void => {
    const whole = [...row, field].map((each) => each.trim());
    const comment = rows.length === 0 && whole[0]!.startsWith("#");
    if (!comment && whole.some((each) => each !== "")) {
      rows.push(whole);
      lines.push(first);
    }
    row = [];
    field = "";
  };
  const source = `${text}\n`;
  for (let i = 0; i < source.length; i++) {
    const character = source[i]!;
    if (quoted && character === '"' && source[i + 1] === '"') field += source[i++];
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === delimiter) {
      row.push(field);
      field = "";
    } else if (!quoted && (character === "\n" || character === "\r")) {
      if (character === "\r" && source[i + 1] === "\n") i++;
      endRow();
      first = ++line;
    } else {
      if (character === "\n") line++;
      field += character;
    }
  }
  if (quoted) throw malformed(path, "a quote is opened and never closed", first);
  const [names = [], ...body] = rows;
  if (names.every((name) => Number.isFinite(Number(name)))) {
    throw malformed(
      path,
      `expected the names of columns, got numbers: ${names.slice(0, 5).join(", ")}`,
      1,
      "Add a line such as step,loss.",
    );
  }
  const long = body.findIndex((each) => each.length > names.length);
  if (long >= 0) throw malformed(path, `expected ${names.length} fields like the names, got ${body[long]!.length}`, lines[long + 1]);
  return { names, rows: body, lines: lines.slice(1) };
}

/** An array of records, records one a line, or one record of equally long arrays (as Keras keeps its history). */
function fromJson(path: string, text: string): TextRecords {
  const whole = parseJson(text);
  if (Array.isArray(whole)) return fromObjects(path, whole, (k) => k + 1);
  if (isObject(whole)) {
    const nested = Object.values(whole).find(isObject);
    const columns = Object.values(whole).some(Array.isArray) ? whole : nested;
    if (columns !== undefined) return fromColumns(path, columns);
    return fromObjects(path, [whole], (k) => k + 1);
  }
  const objects: unknown[] = [];
  const lines: number[] = [];
  for (const [k, line] of text.split(/\r\n?|\n/).entries()) {
    if (line.trim() === "") continue;
    const value = parseJson(line);
    if (value === undefined) throw malformed(path, "expected one JSON object a line", k + 1);
    objects.push(value);
    lines.push(k + 1);
  }
  return fromObjects(path, objects, (k) => lines[k]!);
}

function fromObjects(path: string, objects: readonly unknown[], lineOf: (k: number) => number): TextRecords {
  const names = new Set<string>();
  for (const [k, each] of objects.entries()) {
    if (!isObject(each)) throw malformed(path, 'expected objects such as {"step": 0, "loss": 1.5}', lineOf(k));
    for (const name of Object.keys(each)) names.add(name);
  }
  const list = [...names];
  return {
    names: list,
    rows: (objects as readonly Record<string, unknown>[]).map((each) => list.map((name) => each[name])),
    lines: objects.map((_, k) => lineOf(k)),
  };
}

function fromColumns(path: string, columns: Record<string, unknown>): TextRecords {
  const arrays = Object.entries(columns).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const rows = Math.max(0, ...arrays.map(([, values]) => values.length));
  const short = arrays.find(([, values]) => values.length !== rows);
  if (short !== undefined) throw malformed(path, `expected ${rows} entries in every array, got ${short[1].length} in ${short[0]}`);
  return {
    names: arrays.map(([name]) => name),
    rows: Array.from({ length: rows }, (_, i) => arrays.map(([, values]) => values[i])),
    lines: Array.from({ length: rows }, (_, i) => i + 1),
  };
}

/** A JSON value, undefined where it is none. Bare NaN and ±Infinity become texts. */
function parseJson(text: string): unknown {
  const readable = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) => (token.startsWith('"') ? token : `"${token}"`));
  try {
    return JSON.parse(readable);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
