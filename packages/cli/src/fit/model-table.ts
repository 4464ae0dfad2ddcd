/** A table for a model that is there already: the columns it learned from, and the rows it can use. */

import { DataError, nearestName } from "descend";
import type { ColumnEncoding } from "../prepare/encoding.js";
import type { EncodedPart } from "../prepare/prepare.js";
import type { ColumnKind, Table } from "../table/table.js";
import { formatCount, formatList } from "../terminal/format.js";
import type { SavedModel } from "./saved-model.js";

/** What to read, and as what. */
export function wantedColumns({ columns, target }: SavedModel): Map<string, Exclude<ColumnKind, "other">> {
  const wanted = new Map<string, Exclude<ColumnKind, "other">>(
    columns.map(({ column, kind }) => [column, kind === "category" ? "text" : kind]),
  );
  // Where the answer is known, the predictions are judged
  return wanted.set(target.column, target.kind);
}

/** @throws DataError COLUMNS_MISSING */
export function requireColumns(table: Table, columns: readonly string[]): void {
  const known = table.columns.map(({ name }) => name);
  const missing = columns.filter((column) => !known.includes(column));
  if (missing.length === 0) return;
  const others = table.otherNames;
  const nearest = missing.map((column) => nearestName(column, others)).find((name) => name !== undefined);
  throw new DataError(
    "COLUMNS_MISSING",
    `${table.path}: expected the columns the model learned from, but ${formatList(missing, 20)} ${missing.length === 1 ? "is" : "are"} missing.`,
    { columns: missing, known: [...known, ...others] },
    nearest === undefined ? {} : { hint: `There is a column "${nearest}".` },
  );
}

/** Rows without infinite values and, where the model was fitted without them, without missing ones. */
export function usableRows(table: Table, { columns, missing }: SavedModel): Int32Array {
  const usable = new Uint8Array(table.rows).fill(1);
  for (const { column } of columns) {
    const values = table.numbers.get(column);
    const codes = table.texts.get(column)?.codes;
    for (let i = 0; i < usable.length; i++) {
      const absent = values === undefined ? codes![i]! < 0 : Number.isNaN(values[i]!);
      if (absent ? missing === "drop" : values !== undefined && !Number.isFinite(values[i]!)) usable[i] = 0;
    }
  }
  return Int32Array.from(usable.keys()).filter((row) => usable[row] === 1);
}

/**
 * @param hint - what to do about it.
 * @throws DataError CATEGORY_UNSEEN
 */
export function refuseUnseen(table: Table, columns: readonly ColumnEncoding[], unseen: EncodedPart["unseen"], hint: string): void {
  const [first] = unseen;
  if (first === undefined) return;
  const [column, levels] = first;
  const rows = [...levels.values()].reduce((sum, count) => sum + count, 0);
  const encoding = columns.find((candidate) => candidate.column === column)!;
  const known = encoding.kind === "category" ? [encoding.base, ...encoding.levels] : [];
  throw new DataError(
    "CATEGORY_UNSEEN",
    `${table.path}: ${formatCount(rows)} rows have a ${column} the model has not seen: ${formatList([...levels.keys()], 5)}. It learned from ${formatList(known, 10)}.`,
    { column, levels: [...levels.keys()], rows },
    { hint },
  );
}
