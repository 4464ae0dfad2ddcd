/** How often each row counts: a column of the table that is neither predicted nor predicted from. */

import { DataError, OptionError } from "descend";
import type { Table } from "../table/table.js";
import { kindInWords } from "./encoding.js";
import { unknownColumn } from "./unknown-column.js";

/**
 * Checks that a column can weigh rows.
 *
 * @returns its name; undefined without one.
 * @throws DataError COLUMN_UNKNOWN, COLUMN_NOT_NUMERIC; OptionError OPTIONS_CONFLICT where it is the target as well
 */
export function weightColumn(table: Table, name: string | undefined, target: string): string | undefined {
  if (name === undefined) return undefined;
  if (name === target) {
    throw new OptionError("OPTIONS_CONFLICT", `--weights ${name}: expected another column than the target.`, {
      options: ["--weights", "--target"],
    });
  }
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw unknownColumn(table, "--weights", name);
  if (column.kind === "number" || column.kind === "boolean") return name;
  throw new DataError(
    "COLUMN_NOT_NUMERIC",
    `--weights ${name}: expected a column of numbers, got ${kindInWords(column)} (${column.type}).`,
    {
      column: name,
      type: column.type,
    },
  );
}

/**
 * The weights of some rows, [rows].
 *
 * @throws DataError DATA_NOT_FINITE at the first negative one
 */
export function weightsOf(table: Table, column: string | undefined, rows: Int32Array): Float64Array | undefined {
  if (column === undefined) return undefined;
  const values = table.numbers.get(column)!;
  const negative = rows.find((row) => values[row]! < 0);
  if (negative === undefined) return Float64Array.from(rows, (row) => values[row]!);
  const got = String(values[negative]);
  throw new DataError(
    "DATA_NOT_FINITE",
    `--weights ${column}: expected how often each row counts, a number ≥ 0, got ${got} in row ${negative + 1}.`,
    { column, row: negative, got },
  );
}
