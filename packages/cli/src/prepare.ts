/** From a table to the columns and rows a linear model is fitted on; what is left out is named, with the reason. */

import { columnStatistics, DataError, nearestName, splitRows } from "descend";
import type { Table, TableColumn } from "./table.js";

export interface SetAside {
  readonly column: string;
  readonly reason: string;
}

export interface Prepared {
  readonly target: string;
  /** Columns used to predict, in the order of the table. */
  readonly features: readonly string[];
  /** Their values, complete columns of the table. */
  readonly featureValues: readonly Float64Array[];
  readonly targetValues: Float64Array;
  readonly setAside: readonly SetAside[];
  readonly rows: {
    readonly read: number;
    /** Left out because the target or a feature is missing. */
    readonly missing: number;
    /** Left out because the target or a feature is infinite. */
    readonly infinite: number;
    /** Indices of the rows to learn from and to judge on. */
    readonly train: Int32Array;
    readonly test: Int32Array;
  };
}

export interface PrepareOptions {
  readonly target: string;
  readonly testFraction: number;
  readonly seed: number;
}

/**
 * Chooses columns and rows.
 *
 * Features are the columns of numbers (and of true/false, as 1 and 0) that vary over the rows to learn from. A row is used if its
 * target and all features are there and finite.
 *
 * @throws DataError COLUMN_UNKNOWN, COLUMN_NOT_NUMERIC, DATA_EMPTY, FEATURES_EMPTY, ROWS_TOO_FEW, TARGET_CONSTANT
 */
export function prepare(table: Table, { target, testFraction, seed }: PrepareOptions): Prepared {
  const targetValues = targetColumn(table, target);
  const setAside: SetAside[] = [];
  const candidates: TableColumn[] = [];
  for (const column of table.columns) {
    if (column.name === target) continue;
    const reason = whyNotUsable(table, column);
    if (reason === undefined) candidates.push(column);
    else setAside.push({ column: column.name, reason });
  }
  if (candidates.length === 0) throw noFeatures(table, target, setAside);

  const { kept, missing, infinite } = usableRows(table, [target, ...candidates.map(({ name }) => name)]);
  if (kept.length === 0) throw allRowsDropped(table, target, candidates);
  if (kept.length < 2) {
    throw new DataError("ROWS_TOO_FEW", `${table.path}: expected at least 2 rows with all values, got ${kept.length} (of ${table.rows}).`, {
      rows: kept.length,
      needed: 2,
    });
  }
  const split = splitRows(kept.length, { testFraction, seed });
  const train = split.train.map((i) => kept[i]!);
  const test = split.test.map((i) => kept[i]!);

  const features: string[] = [];
  for (const { name } of candidates) {
    const { mean, deviation } = columnStatistics(pick(table.numbers.get(name)!, train));
    if (deviation > 0) features.push(name);
    else setAside.push({ column: name, reason: `constant (${mean})` });
  }
  if (features.length === 0) throw noFeatures(table, target, setAside);
  const { mean, deviation } = columnStatistics(pick(targetValues, train));
  if (deviation === 0) {
    throw new DataError(
      "TARGET_CONSTANT",
      `--target ${target}: expected a column that varies, got ${mean} in all ${train.length} rows to learn from. There is nothing to fit.`,
      {
        column: target,
        value: mean,
      },
    );
  }
  return {
    target,
    features,
    featureValues: features.map((name) => table.numbers.get(name)!),
    targetValues,
    setAside,
    rows: { read: table.rows, missing, infinite, train, test },
  };
}

/** The values of a column at some rows. */
export function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function targetColumn(table: Table, target: string): Float64Array {
  const column = table.columns.find(({ name }) => name === target);
  if (column === undefined) {
    const known = table.columns.map(({ name }) => name);
    const nearest = nearestName(target, known);
    throw new DataError(
      "COLUMN_UNKNOWN",
      `--target: ${table.path} has no column "${target}".`,
      { column: target, known, ...(nearest === undefined ? {} : { nearest }) },
      {
        hint:
          nearest === undefined
            ? `Its columns are ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", …" : ""}.`
            : `Did you mean "${nearest}"?`,
      },
    );
  }
  const values = table.numbers.get(target);
  if (values === undefined) {
    throw new DataError(
      "COLUMN_NOT_NUMERIC",
      `--target ${target}: expected a column of numbers, got ${kindInWords(column)} (${column.type}).`,
      {
        column: target,
        type: column.type,
      },
    );
  }
  return values;
}

/** Why a column cannot be a feature, or undefined if it can. */
function whyNotUsable(table: Table, column: TableColumn): string | undefined {
  const values = table.numbers.get(column.name);
  if (values === undefined) return kindInWords(column);
  return values.every(Number.isNaN) ? "no values" : undefined;
}

function kindInWords({ kind, type }: TableColumn): string {
  if (kind === "other")
    return type.endsWith("]") || type.startsWith("STRUCT") || type.startsWith("MAP") ? "nested" : "neither numbers nor text";
  return kind;
}

function usableRows(table: Table, names: readonly string[]): { kept: Int32Array; missing: number; infinite: number } {
  // 0: usable, 1: infinite, 2: missing
  const state = new Uint8Array(table.rows);
  for (const name of names) {
    const values = table.numbers.get(name)!;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) state[i] = 2;
      else if (!Number.isFinite(value) && state[i] === 0) state[i] = 1;
    }
  }
  const kept = new Int32Array(state.reduce((count, value) => count + (value === 0 ? 1 : 0), 0));
  let next = 0;
  for (let i = 0; i < state.length; i++) if (state[i] === 0) kept[next++] = i;
  return { kept, missing: state.filter((value) => value === 2).length, infinite: state.filter((value) => value === 1).length };
}

function noFeatures(table: Table, target: string, setAside: readonly SetAside[]): DataError {
  const left =
    setAside.length === 0
      ? "there is no other column"
      : `not usable: ${setAside.map(({ column, reason }) => `${column} (${reason})`).join(", ")}`;
  return new DataError("FEATURES_EMPTY", `${table.path}: expected at least one column of numbers beside ${target}; ${left}.`, {
    target,
    setAside,
  });
}

function allRowsDropped(table: Table, target: string, candidates: readonly TableColumn[]): DataError {
  const emptiest = [target, ...candidates.map(({ name }) => name)]
    .map((name) => ({ name, missing: table.numbers.get(name)!.filter((value) => !Number.isFinite(value)).length }))
    .sort((a, b) => b.missing - a.missing)[0]!;
  return new DataError(
    "DATA_EMPTY",
    `${table.path}: every one of the ${table.rows} rows lacks a value; most are missing in ${emptiest.name} (${emptiest.missing}).`,
    { where: table.path },
    { hint: "Remove or fill that column first." },
  );
}
