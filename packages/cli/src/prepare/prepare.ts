/** From a table to what a model is fitted on: which columns and rows, how they are encoded; what is left out is named, with the reason. */

import { type ClassLabel, columnStatistics, DataError, splitRows } from "descend";
import { queryForNumbers } from "../table/marked-numbers.js";
import { MAX_LEVELS, type Table, type TableColumn, type TextColumn } from "../table/table.js";
import { formatCount } from "../terminal/format.js";
import {
  type ColumnEncoding,
  constantReason,
  type EncodedRows,
  encodeRows,
  type FeatureColumn,
  kindInWords,
  learnColumn,
  MAX_CATEGORY_LEVELS,
  type MissingPolicy,
  type SetAside,
  whyNoFeature,
} from "./encoding.js";
import { weightColumn, weightsOf } from "./row-weights.js";
import { unknownColumn } from "./unknown-column.js";

export interface PlanOptions {
  readonly target: string;
  /** Names of the columns to predict from. Default: all others that can be used. */
  readonly features?: readonly string[] | undefined;
  /** Name of the column that says how often each row counts. */
  readonly weights?: string | undefined;
  readonly missing: MissingPolicy;
}

/** What the target is, before a model has been chosen for it. */
export interface Target {
  readonly column: string;
  readonly kind: "number" | "boolean" | "text";
}

/** Columns that can be used, and how many rows cannot. */
export interface PlanSummary {
  readonly table: Table;
  readonly target: Target;
  /** Name of the column that says how often each row counts. */
  readonly weights?: string | undefined;
  readonly candidates: readonly TableColumn[];
  readonly setAside: readonly SetAside[];
  readonly missing: MissingPolicy;
  readonly rows: RowCounts;
}

export interface RowCounts {
  readonly read: number;
  /** Left out because the target, or with "drop" a feature, is missing. */
  readonly missing: number;
  /** Left out because the target or a feature is infinite. */
  readonly infinite: number;
}

/** Columns and rows that can be used. */
export interface Plan extends PlanSummary {
  readonly rows: RowCounts & {
    /** Indices of the others. */
    readonly kept: Int32Array;
  };
}

/** Rows to learn from and rows to judge on, encoded. */
export interface PreparedSplit {
  readonly encodings: readonly ColumnEncoding[];
  /** Names of the features in use, in order. */
  readonly features: readonly string[];
  /** Columns and features left out because they do not vary over the rows to learn from, or repeat another. */
  readonly setAside: readonly SetAside[];
  readonly train: EncodedPart;
  readonly test: EncodedPart;
  /** Deviations of the features over all rows to learn from, where those held here are some of them. */
  readonly deviations?: Readonly<Record<string, number>>;
}

export interface EncodedPart extends Pick<EncodedRows, "filled" | "filledRows" | "unseen"> {
  /** Rows of the part: more than are held here where the table was streamed. */
  readonly count: number;
  /** Indices of those held in the table. */
  readonly rows: Int32Array;
  /** One array a feature, by name, each [rows]. */
  readonly features: Readonly<Record<string, Float64Array>>;
  /** How often each row counts, [rows]. Absent: once. */
  readonly weights?: Float64Array | undefined;
}

/**
 * Chooses columns and rows.
 *
 * @throws DataError COLUMN_UNKNOWN, COLUMN_NOT_NUMERIC, DATA_EMPTY, FEATURES_EMPTY, ROWS_TOO_FEW, CLASSES_TOO_MANY
 */
export function planTable(table: Table, options: PlanOptions): Plan {
  const target = targetOf(table, options.target);
  const weights = weightColumn(table, options.weights, target.column);
  const setAside: SetAside[] = [];
  const candidates: TableColumn[] = [];
  for (const column of featureColumns(table, target.column, options.features, weights)) {
    const reason = whyNoFeature(table, column);
    if (reason === undefined) candidates.push(column);
    else setAside.push({ column: column.name, ...reason });
  }
  if (candidates.length === 0) throw noFeatures(table, target.column, setAside);
  const always = weights === undefined ? [target.column] : [target.column, weights];
  const used = [...always, ...candidates.map(({ name }) => name)];
  const required = options.missing === "drop" ? used : always;
  const { kept, missing, infinite } = usableRows(table, required, used);
  if (kept.length === 0) throw allRowsDropped(table, required);
  if (kept.length < 2) {
    const message = `${table.path}: expected at least 2 rows with all values needed, got ${kept.length} (of ${table.rows}).`;
    throw new DataError("ROWS_TOO_FEW", message, { rows: kept.length, needed: 2 });
  }
  return { table, target, weights, candidates, setAside, missing: options.missing, rows: { read: table.rows, missing, infinite, kept } };
}

/** A seeded split of the rows of a plan. */
export function splitPlan(plan: Plan, options: { testFraction: number; seed: number }): { train: Int32Array; test: Int32Array } {
  if (options.testFraction === 0) return { train: plan.rows.kept, test: new Int32Array(0) };
  const { train, test } = splitRows(plan.rows.kept.length, options);
  if (train.length < 2) {
    const message = `--test-fraction ${options.testFraction}: expected at least 2 rows to learn from, got ${train.length} (of ${plan.rows.kept.length}).`;
    throw new DataError("ROWS_TOO_FEW", message, { rows: train.length, needed: 2 });
  }
  return { train: train.map((i) => plan.rows.kept[i]!), test: test.map((i) => plan.rows.kept[i]!) };
}

/**
 * Learns the encoding of all columns from some rows, and encodes these and others with it.
 *
 * @throws DataError FEATURES_EMPTY where no feature varies over the rows to learn from
 */
export function prepareSplit(plan: Plan, train: Int32Array, test: Int32Array): PreparedSplit {
  const { table, candidates } = plan;
  const setAside: SetAside[] = [];
  const learned: ColumnEncoding[] = [];
  for (const column of candidates) {
    const encoding = learnColumn(table, column, train, plan.missing);
    if ("reason" in encoding) setAside.push({ column: column.name, ...encoding });
    else learned.push(encoding);
  }
  const unique = withUniqueNames(learned);
  const encodedTrain = encodeRows(table, unique, train);
  const used = distinctFeatures(encodedTrain.features, setAside);
  if (used.length === 0) throw noFeatures(table, plan.target.column, [...plan.setAside, ...setAside]);
  const features = used.map(({ name }) => name);
  const columns = new Set(used.map(({ column }) => column));
  const encodings = unique.filter(({ column }) => columns.has(column));
  const encodedTest = encodeRows(table, encodings, test);
  return {
    encodings,
    features,
    setAside,
    train: { ...partOf(encodedTrain, train, features), weights: weightsOf(table, plan.weights, train) },
    test: { ...partOf(encodedTest, test, features), weights: weightsOf(table, plan.weights, test) },
  };
}

/** The part of encoded rows that a model needs. */
export function partOf({ features, filled, filledRows, unseen }: EncodedRows, rows: Int32Array, names: readonly string[]): EncodedPart {
  const byName = new Map(features.map(({ name, values }) => [name, values]));
  return {
    count: rows.length,
    rows,
    features: Object.fromEntries(names.map((name) => [name, byName.get(name)!])),
    filled,
    filledRows,
    unseen,
  };
}

/** Lets the columns of a table go that encoded rows stand for now: all but the target. */
export function releaseFeatures({ table, target }: Plan): void {
  for (const columns of [table.numbers, table.texts]) {
    for (const name of [...columns.keys()]) if (name !== target.column) columns.delete(name);
  }
}

/** The target as numbers, [rows]; true and false are 1 and 0. */
export function targetNumbers(table: Table, target: Target, rows: Int32Array): Float64Array {
  const values = table.numbers.get(target.column);
  if (values === undefined) throw notNumeric(table, target.column);
  const chosen = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) chosen[i] = values[rows[i]!]!;
  return chosen;
}

/** The target as labels of classes, [rows]. */
export function targetLabels(table: Table, target: Target, rows: Int32Array): ClassLabel[] {
  const text = table.texts.get(target.column);
  if (text !== undefined) return Array.from(rows, (row) => text.levels[text.codes[row]!]!);
  const values = table.numbers.get(target.column)!;
  return Array.from(rows, (row) => (target.kind === "boolean" ? values[row] === 1 : values[row]!));
}

export function targetOf(table: Table, name: string): Target {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw unknownColumn(table, "--target", name);
  if (column.kind === "date" || column.kind === "other") throw notNumeric(table, name);
  const text = table.texts.get(name);
  if (text !== undefined) refuseManyClasses(column, text, table);
  return { column: name, kind: column.kind };
}

/** Names and free text are no classes: each must come twice on average. */
function refuseManyClasses(column: TableColumn, { levels, codes, tooMany }: TextColumn, { columns }: Table): void {
  const { name } = column;
  const classes = levels.length;
  const present = codes.reduce((count, code) => count + (code < 0 ? 0 : 1), 0);
  const allowed = Math.max(2, Math.min(MAX_CATEGORY_LEVELS, Math.floor(present / 2)));
  if (!tooMany && classes <= allowed) return;
  const got = tooMany ? `more than ${formatCount(MAX_LEVELS)}` : `${formatCount(classes)} in ${formatCount(present)} rows`;
  const message = `--target ${name}: expected numbers, or at most ${MAX_CATEGORY_LEVELS} classes that come twice on average, got ${got}.`;
  throw new DataError("CLASSES_TOO_MANY", [message, whyText(column, columns)].join(" ").trim(), { classes, allowed });
}

/** Why numbers may have been taken for text: prices with a sign, counts with a unit, words among them. */
function whyText({ name, note, marked }: TableColumn, columns: readonly TableColumn[]): string {
  if (marked !== undefined)
    return `It is read as text, such as "${marked.example}"; for its numbers: ${queryForNumbers([{ name, marked }], columns)}`;
  return note === undefined ? "" : `It is read as text: ${note}.`;
}

/** Columns to predict from, asked for or all: neither the target nor the one that weighs rows. */
export function featureColumns(
  table: Table,
  target: string,
  features: readonly string[] | undefined,
  weights: string | undefined,
): readonly TableColumn[] {
  const isFeature = ({ name }: TableColumn): boolean => name !== target && name !== weights;
  if (features === undefined) return table.columns.filter(isFeature);
  return features.map((feature) => {
    const column = table.columns.find((candidate) => candidate.name === feature && isFeature(candidate));
    if (column === undefined) throw unknownColumn(table, "--features", feature);
    return column;
  });
}

function notNumeric(table: Table, name: string): DataError {
  const column = table.columns.find((candidate) => candidate.name === name)!;
  const note = column.note === undefined ? "" : `; ${column.note}`;
  const expected = column.kind === "text" ? "a column of numbers" : "a column of numbers or classes";
  return new DataError(
    "COLUMN_NOT_NUMERIC",
    `--target ${name}: expected ${expected}, got ${kindInWords(column)} (${column.type})${note}.`,
    {
      column: name,
      type: column.type,
    },
  );
}

/**
 * @param required - columns that must have a value, and a finite one.
 * @param finite - columns that must not be infinite.
 */
export function usableRows(
  table: Table,
  required: readonly string[],
  finite: readonly string[],
): { kept: Int32Array; missing: number; infinite: number } {
  // 0: usable, 1: infinite, 2: missing
  const state = new Uint8Array(table.rows);
  const needed = new Set(required);
  for (const name of new Set([...finite, ...required])) {
    const values = table.numbers.get(name);
    const codes = table.texts.get(name)?.codes;
    const isNeeded = needed.has(name);
    for (let i = 0; i < state.length; i++) {
      const missing = values === undefined ? codes![i]! < 0 : Number.isNaN(values[i]!);
      if (missing && isNeeded) state[i] = 2;
      else if (!missing && values !== undefined && !Number.isFinite(values[i]!) && state[i] === 0) state[i] = 1;
    }
  }
  const counts = [0, 0, 0];
  for (const value of state) counts[value]!++;
  const kept = new Int32Array(counts[0]!);
  let next = 0;
  for (let i = 0; i < state.length; i++) if (state[i] === 0) kept[next++] = i;
  return { kept, missing: counts[2]!, infinite: counts[1]! };
}

export function noFeatures(table: Table, target: string, setAside: readonly SetAside[]): DataError {
  const left =
    setAside.length === 0
      ? "there is no other column"
      : `not usable: ${setAside.map(({ column, reason }) => `${column} (${reason})`).join(", ")}`;
  return new DataError("FEATURES_EMPTY", `${table.path}: expected at least one column that varies beside ${target}; ${left}.`, {
    target,
    setAside,
  });
}

function allRowsDropped(table: Table, required: readonly string[]): DataError {
  const missingIn = (name: string): number => {
    const values = table.numbers.get(name);
    if (values !== undefined) return values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    return table.texts.get(name)!.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
  };
  const emptiest = required.map((name) => ({ name, missing: missingIn(name) })).sort((a, b) => b.missing - a.missing)[0]!;
  return new DataError(
    "DATA_EMPTY",
    `${table.path}: every one of the ${table.rows} rows lacks a value; most are missing in ${emptiest.name} (${emptiest.missing}).`,
    { where: table.path },
    {
      hint:
        required.length === 1
          ? "There is nothing to learn without values of the target."
          : "Remove that column, or leave out --missing drop.",
    },
  );
}

/** Names of features must differ: one that is taken already gets apostrophes. */
export function withUniqueNames(encodings: readonly ColumnEncoding[]): ColumnEncoding[] {
  const taken = new Set(encodings.flatMap((encoding) => (encoding.kind === "category" ? [] : [encoding.column])));
  const unique = (name: string): string => {
    let free = name;
    while (taken.has(free)) free += "'";
    taken.add(free);
    return free;
  };
  return encodings.map((encoding) => {
    const missing = encoding.features.missing === undefined ? {} : { missing: unique(encoding.features.missing) };
    if (encoding.kind === "category") return { ...encoding, features: { levels: encoding.features.levels.map(unique), ...missing } };
    const { value } = encoding.features;
    return { ...encoding, features: { value: value === encoding.column ? value : unique(value), ...missing } };
  });
}

/** What the library fits goes up to this size, and down to one over it. */
const LARGEST = 1e290;

/** Features that vary and repeat no other; the rest is added to `setAside`. */
function distinctFeatures(features: readonly FeatureColumn[], setAside: SetAside[]): FeatureColumn[] {
  const used: FeatureColumn[] = [];
  const byStatistics = new Map<string, FeatureColumn[]>();
  for (const feature of features) {
    const { mean, deviation } = columnStatistics(feature.values);
    const spread = Math.max(deviation, Math.abs(mean));
    if (!(spread < LARGEST) || (deviation > 0 && deviation < 1 / LARGEST)) {
      const reason = `its values are so ${spread < LARGEST ? "small" : "large"} that double precision does not hold their coefficients`;
      setAside.push({ column: feature.name, code: "other", detail: reason, reason });
      continue;
    }
    if (deviation === 0) {
      setAside.push({ column: feature.name, ...constantReason(String(mean)) });
      continue;
    }
    // Equal columns have equal statistics: only such pairs are compared value by value
    const alike = byStatistics.get(`${mean} ${deviation}`) ?? [];
    const same = alike.find(({ values }) => values.every((value, i) => value === feature.values[i]));
    if (same !== undefined) {
      setAside.push({ column: feature.name, code: "duplicate", detail: same.name, reason: `the same values as ${same.name}` });
      continue;
    }
    byStatistics.set(`${mean} ${deviation}`, [...alike, feature]);
    used.push(feature);
  }
  return used;
}
