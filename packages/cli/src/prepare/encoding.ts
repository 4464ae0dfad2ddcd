/**
 * How columns of a table become features a model can use: learned from the rows to learn from, recorded, and repeated exactly for new rows.
 *
 * numbers      as they are; missing values become the median, and a feature of its own says where ("x missing")
 * true/false   1 and 0; missing values become the more frequent one, and likewise
 * dates        days since the first one; as numbers
 * text         for every level but the most frequent (the base) a feature that is 1 there and 0 elsewhere ("x=level"); missing values become
 *              the base, and likewise
 */

import { columnStatistics } from "descend";
import { type ColumnKind, MAX_LEVELS, type Table, type TextColumn } from "../table/table.js";
import { formatCount } from "../terminal/format.js";
import { medianInPlace } from "./median.js";

/** What is done with one column; survives JSON. */
export type ColumnEncoding = NumberEncoding | CategoryEncoding;

export interface NumberEncoding {
  readonly column: string;
  readonly kind: "number" | "boolean" | "date";
  /** Taken off every value: days since 1970 of the first date; 0 for other kinds. */
  readonly origin: number;
  /** What stands for a missing value, `origin` taken off already: the median, or the more frequent of true and false. */
  readonly fill: number;
  /** Missing values among the rows to learn from. */
  readonly missing: number;
  /** Names of the features it gives. `missing` is absent where no value was missing, or rows with missing values are left out. */
  readonly features: { readonly value: string; readonly missing?: string };
}

export interface CategoryEncoding {
  readonly column: string;
  readonly kind: "category";
  /** The most frequent level: all its features are 0. It stands for missing values too. */
  readonly base: string;
  /** The others, in alphabetical order. */
  readonly levels: readonly string[];
  readonly missing: number;
  /** Names of the features: one a level, in their order. */
  readonly features: { readonly levels: readonly string[]; readonly missing?: string };
}

/** One number a row. */
export interface FeatureColumn {
  readonly name: string;
  /** The column of the table it comes from. */
  readonly column: string;
  readonly values: Float64Array;
}

/**
 * Why something cannot be a feature: as a word for programs, in words, and what the words are about
 * (the constant, the other column, a count).
 */
export interface Reason {
  readonly code: "nested" | "constant" | "duplicate" | "empty" | "identifier" | "too-many-categories" | "other";
  readonly reason: string;
  readonly detail?: string;
}

export interface SetAside extends Reason {
  /** A column of the table, or a feature made from one. */
  readonly column: string;
}

/** What to do with rows where a feature is missing. */
export type MissingPolicy = "impute" | "drop";
/** What to do with a category that was not there to learn from. */
export type UnseenPolicy = "error" | "base";

/** More levels than these are no category. */
export const MAX_CATEGORY_LEVELS = 100;

/**
 * Learns how to encode one column.
 *
 * @param rows - those to learn from.
 * @returns the encoding, or why the column cannot be a feature.
 */
export function learnColumn(
  table: Table,
  column: { readonly name: string; readonly kind: ColumnKind; readonly type: string },
  rows: Int32Array,
  missing: MissingPolicy,
): ColumnEncoding | Reason {
  const numbers = table.numbers.get(column.name);
  if (numbers !== undefined) return learnNumbers(column.name, column.kind as NumberEncoding["kind"], numbers, rows, missing);
  const text = table.texts.get(column.name);
  if (text !== undefined) return learnCategory(column.name, text, rows, missing);
  return whyOther(column);
}

/** Why a column can be no feature whatever rows are chosen, or undefined if it may be one. */
export function whyNoFeature(
  table: Table,
  column: { readonly name: string; readonly kind: ColumnKind; readonly type: string },
): Reason | undefined {
  const numbers = table.numbers.get(column.name);
  if (numbers !== undefined) {
    if (!numbers.some((value) => !Number.isNaN(value))) return noValues;
    return isRowNumber(column.name, numbers) ? countsRows : undefined;
  }
  const text = table.texts.get(column.name);
  if (text === undefined) return whyOther(column);
  const present = text.codes.reduce((count, code) => count + (code < 0 ? 0 : 1), 0);
  return whyNoCategory(text, present);
}

/** The same for a column of text of which the different values and the number of values are known. */
export function whyNoCategory({ levels, tooMany }: Pick<TextColumn, "levels" | "tooMany">, present: number): Reason | undefined {
  if (levels.length === 0) return noValues;
  if (tooMany) {
    const detail = formatCount(MAX_LEVELS);
    return { code: "identifier", detail, reason: `more than ${detail} different values: names or free text, no category` };
  }
  return tooManyLevels(levels.length, present);
}

function tooManyLevels(levels: number, present: number): Reason | undefined {
  const isUnique = levels > 2 && levels > present / 2;
  if (levels <= MAX_CATEGORY_LEVELS && !isUnique) return undefined;
  const counts = `${formatCount(levels)} different values in ${formatCount(present)} rows`;
  return isUnique
    ? { code: "identifier", detail: formatCount(levels), reason: `${counts}: names or free text, no category` }
    : { code: "too-many-categories", detail: formatCount(levels), reason: `${counts}, more than ${MAX_CATEGORY_LEVELS}` };
}

export const noValues: Reason = { code: "empty", reason: "no values" };
export const countsRows: Reason = { code: "identifier", reason: "counts the rows" };

export function constantReason(detail: string): Reason {
  return { code: "constant", detail, reason: `constant (${detail})` };
}

export function whyOther(column: { readonly kind: ColumnKind; readonly type: string }): Reason {
  const reason = kindInWords(column);
  return { code: reason === "nested" ? "nested" : "other", detail: reason, reason };
}

/** An index that some program wrote beside its rows: called like one, and 0, 1, 2, … or 1, 2, 3, … */
function isRowNumber(name: string, values: Float64Array): boolean {
  if (!isIndexName(name)) return false;
  return values.length > 2 && values[0]! >= 0 && values[0]! <= 1 && values.every((value, i) => value === values[0]! + i);
}

export function isIndexName(name: string): boolean {
  return /^(column0*|rownames|row_names|unnamed: 0|index|id|row|no|编号|序号)$/i.test(name);
}

/** What a column holds, for people. */
export function kindInWords({ kind, type }: { readonly kind: ColumnKind; readonly type: string }): string {
  if (kind !== "other") return kind === "number" ? "numbers" : kind;
  return type.endsWith("]") || type.startsWith("STRUCT") || type.startsWith("MAP") || type === "JSON"
    ? "nested"
    : "neither numbers nor text";
}

function learnNumbers(
  column: string,
  kind: NumberEncoding["kind"],
  values: Float64Array,
  rows: Int32Array,
  policy: MissingPolicy,
): NumberEncoding | Reason {
  const present = presentValues(values, rows);
  if (present.length === 0) return noValues;
  const least = kind === "date" ? present.reduce((low, value) => Math.min(low, value)) : 0;
  const missing = rows.length - present.length;
  return encodingOfNumbers(column, kind, { ...columnStatistics(present), least, missing, median: () => medianInPlace(present) }, policy);
}

/** What is known of the numbers of a column that are there. */
export interface NumberSummary {
  readonly mean: number;
  readonly deviation: number;
  /** Of dates. */
  readonly least: number;
  readonly missing: number;
  readonly median: () => number;
}

/** The encoding of a column that has at least one number. */
export function encodingOfNumbers(
  column: string,
  kind: NumberEncoding["kind"],
  { mean, deviation, least, missing, median }: NumberSummary,
  policy: MissingPolicy,
): NumberEncoding | Reason {
  if (deviation === 0 && (missing === 0 || policy === "drop")) return constantReason(kind === "date" ? dateText(mean) : String(mean));
  const origin = kind === "date" ? least : 0;
  const fill = kind === "boolean" ? (mean > 0.5 ? 1 : 0) : median() - origin;
  const value = kind === "date" ? `${column} (days since ${dateText(origin)})` : column;
  return {
    column,
    kind,
    origin,
    fill,
    missing,
    features: { value, ...(missing > 0 && policy === "impute" ? { missing: `${column} missing` } : {}) },
  };
}

/** Loops, not `from` and `filter`: those call a function for each of perhaps millions of values. */
function presentValues(values: Float64Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

function learnCategory(column: string, text: TextColumn, rows: Int32Array, policy: MissingPolicy): CategoryEncoding | Reason {
  const counts = new Float64Array(text.levels.length);
  let missing = 0;
  for (const row of rows) {
    const code = text.codes[row]!;
    if (code < 0) missing++;
    else counts[code]!++;
  }
  return encodingOfCategory(column, text.levels, counts, missing, policy);
}

/**
 * The encoding of a column of text.
 *
 * @param counts - how often each level occurs, [levels].
 */
export function encodingOfCategory(
  column: string,
  allLevels: readonly string[],
  counts: ArrayLike<number>,
  missing: number,
  policy: MissingPolicy,
): CategoryEncoding | Reason {
  const seen = [...allLevels.keys()].filter((code) => counts[code]! > 0);
  const present = seen.reduce((sum, code) => sum + counts[code]!, 0);
  if (seen.length === 0) return noValues;
  if (seen.length === 1 && (missing === 0 || policy === "drop")) return constantReason(allLevels[seen[0]!]!);
  const tooMany = tooManyLevels(seen.length, present);
  if (tooMany !== undefined) return tooMany;
  // Of equally frequent levels the one that comes first by its characters, so that the order of the rows does not matter
  const ordered = seen
    .map((code) => ({ level: allLevels[code]!, count: counts[code]! }))
    .sort((a, b) => b.count - a.count || (a.level < b.level ? -1 : 1));
  const base = ordered[0]!.level;
  const levels = ordered
    .slice(1)
    .map(({ level }) => level)
    .sort();
  return {
    column,
    kind: "category",
    base,
    levels,
    missing,
    features: {
      levels: levels.map((level) => `${column}=${level}`),
      ...(missing > 0 && policy === "impute" ? { missing: `${column} missing` } : {}),
    },
  };
}

/** 2020-01-31 of days since 1970. */
function dateText(days: number): string {
  return new Date(days * 86_400_000)
    .toISOString()
    .replace(/T00:00:00.000Z$/, "")
    .replace(/\.000Z$/, "Z");
}

/** What happened when an encoding met rows. */
export interface EncodedRows {
  readonly features: readonly FeatureColumn[];
  /** Rows in which at least one value was filled in. */
  readonly filledRows: number;
  /** Missing values that were filled, by column; columns without any are left out. */
  readonly filled: ReadonlyMap<string, number>;
  /** Rows with a level that was not there to learn from, by column and level; they count as the base level. */
  readonly unseen: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Encodes some rows of a table whose columns have the kinds they had when the encoding was learned. */
export function encodeRows(table: Table, encodings: readonly ColumnEncoding[], rows: Int32Array): EncodedRows {
  const features: FeatureColumn[] = [];
  const filled = new Map<string, number>();
  const unseen = new Map<string, ReadonlyMap<string, number>>();
  const isFilled = new Uint8Array(rows.length);
  for (const encoding of encodings) {
    const encode = encoding.kind === "category" ? encodeCategory : encodeNumbers;
    const result = encode(table, encoding as never, rows, isFilled);
    features.push(...result.features);
    if (result.filled > 0) filled.set(encoding.column, result.filled);
    if (result.unseen.size > 0) unseen.set(encoding.column, result.unseen);
  }
  return { features, filled, filledRows: isFilled.reduce((sum, filledRow) => sum + filledRow, 0), unseen };
}

interface EncodedColumn {
  readonly features: readonly FeatureColumn[];
  readonly filled: number;
  readonly unseen: ReadonlyMap<string, number>;
}

const nothingUnseen: ReadonlyMap<string, number> = new Map();

function encodeNumbers(
  table: Table,
  { column, origin, fill, features }: NumberEncoding,
  rows: Int32Array,
  isFilled: Uint8Array,
): EncodedColumn {
  const values = table.numbers.get(column)!;
  const value = new Float64Array(rows.length);
  const absent = new Float64Array(features.missing === undefined ? 0 : rows.length);
  let filled = 0;
  for (let i = 0; i < rows.length; i++) {
    const number = values[rows[i]!]!;
    if (Number.isNaN(number)) {
      filled++;
      isFilled[i] = 1;
      value[i] = fill;
      if (features.missing !== undefined) absent[i] = 1;
    } else {
      value[i] = number - origin;
    }
  }
  const encoded: FeatureColumn[] = [{ name: features.value, column, values: value }];
  if (features.missing !== undefined) encoded.push({ name: features.missing, column, values: absent });
  return { features: encoded, filled, unseen: nothingUnseen };
}

function encodeCategory(
  table: Table,
  { column, base, levels, features }: CategoryEncoding,
  rows: Int32Array,
  isFilled: Uint8Array,
): EncodedColumn {
  const text = table.texts.get(column)!;
  const place = new Map<string, number>([[base, -1], ...levels.map((level, k) => [level, k] as const)]);
  // −1 the base, −2 a level not seen before
  const placeOf = text.levels.map((level) => place.get(level) ?? -2);
  const columns = levels.map(() => new Float64Array(rows.length));
  const absent = new Float64Array(features.missing === undefined ? 0 : rows.length);
  const unseen = new Map<string, number>();
  let filled = 0;
  for (let i = 0; i < rows.length; i++) {
    const code = text.codes[rows[i]!]!;
    if (code < 0) {
      filled++;
      isFilled[i] = 1;
      if (features.missing !== undefined) absent[i] = 1;
      continue;
    }
    const k = placeOf[code]!;
    if (k >= 0) columns[k]![i] = 1;
    else if (k === -2) unseen.set(text.levels[code]!, (unseen.get(text.levels[code]!) ?? 0) + 1);
  }
  const encoded: FeatureColumn[] = columns.map((values, k) => ({ name: features.levels[k]!, column, values }));
  if (features.missing !== undefined) encoded.push({ name: features.missing, column, values: absent });
  return { features: encoded, filled, unseen };
}
