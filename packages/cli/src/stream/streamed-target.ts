/** The target of a streamed table as numbers: values, or codes of text, and the classes they stand for. */

import { type ClassLabel, DataError } from "descend";
import { MAX_CATEGORY_LEVELS } from "../prepare/encoding.js";
import { type Target, targetNumbers } from "../prepare/prepare.js";
import { MAX_LEVELS, type Table } from "../table/table.js";
import { formatCount } from "../terminal/format.js";

/** Different values that are remembered: one more than there may be classes. */
export const MOST_DISTINCT: number = MAX_CATEGORY_LEVELS + 1;

export interface StreamedTarget {
  /** One number a row. */
  values(piece: Table, rows: Int32Array): Float64Array;
  /** What a number stands for as a class. */
  label(value: number): ClassLabel;
  /** The target of rows that are kept, as a table of its own has it. */
  columns(values: Float64Array): Pick<Table, "numbers" | "texts">;
}

export function createStreamedTarget(target: Target): StreamedTarget {
  const { column, kind } = target;
  let levels: readonly string[] = [];
  if (kind !== "text") {
    return {
      values: (piece, rows) => targetNumbers(piece, target, rows),
      label: (value) => (kind === "boolean" ? value === 1 : value),
      columns: (values) => ({ numbers: new Map([[column, values]]), texts: new Map() }),
    };
  }
  return {
    values(piece, rows) {
      const text = piece.texts.get(column)!;
      if (text.tooMany) throw tooManyClasses(column, `more than ${formatCount(MAX_LEVELS)}`, text.levels.length);
      // Levels keep their codes from piece to piece, and from pass to pass over the same rows
      levels = text.levels;
      const codes = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) codes[i] = text.codes[rows[i]!]!;
      return codes;
    },
    label: (code) => levels[code]!,
    columns: (values) => ({ numbers: new Map(), texts: new Map([[column, { codes: Int32Array.from(values), levels, tooMany: false }]]) }),
  };
}

/**
 * Classes in the order that models have them, as the numbers that stand for them: numbers ascending, false before true, texts by code unit.
 *
 * @throws DataError CLASSES_TOO_MANY
 */
export function sortedClasses({ column }: Target, { label }: StreamedTarget, distinct: readonly number[]): number[] {
  if (distinct.length >= MOST_DISTINCT) throw tooManyClasses(column, `more than ${MAX_CATEGORY_LEVELS}`, distinct.length);
  return [...distinct].sort((a, b) => {
    const [left, right] = [label(a), label(b)];
    return typeof left === "number" ? left - (right as number) : String(left) < String(right) ? -1 : 1;
  });
}

function tooManyClasses(column: string, got: string, classes: number): DataError {
  return new DataError("CLASSES_TOO_MANY", `--target ${column}: expected at most ${MAX_CATEGORY_LEVELS} classes, got ${got}.`, {
    classes,
    allowed: MAX_CATEGORY_LEVELS,
  });
}
