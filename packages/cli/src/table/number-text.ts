/**
 * Columns of text that are numbers as people write them (or true and false): with thousand separators
 * (1,234.5), or with a decimal comma (1.234,5).
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, type Source } from "./database.js";

/** "boolean": true and false. */
export type NumberNotation = "thousands" | "decimal-comma" | "boolean";

/** What a column of text holds, if it is not text at heart. */
export interface NumberText {
  readonly notation: NumberNotation | undefined;
  /** Values that are there. */
  readonly values: number;
  /** Of these, plain numbers such as -1.5e3. */
  readonly plain: number;
  /** One that is no number in the notation of most, if any. */
  readonly offender: string | undefined;
}

const plain = String.raw`\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*`;
const thousands = String.raw`\s*[-+]?(\d{1,3}(,\d{3})+(\.\d*)?|\d+\.?\d*|\.\d+)\s*`;
const booleans = String.raw`\s*([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])\s*`;
const decimalComma = String.raw`\s*[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s*`;

/** Looks at every value of some columns of text. One pass. */
export async function inspectNumberText(
  connection: DuckDBConnection,
  source: Source,
  names: readonly string[],
): Promise<ReadonlyMap<string, NumberText>> {
  if (names.length === 0) return new Map();
  const fits = (column: string, pattern: string): string => `regexp_full_match(${column}, '${pattern}')`;
  const columns = names.flatMap((name) => {
    const column = quoteName(name);
    return [
      `count(${column})`,
      `count(*) FILTER (WHERE ${fits(column, plain)})`,
      `count(*) FILTER (WHERE ${fits(column, thousands)})`,
      `count(*) FILTER (WHERE ${fits(column, decimalComma)})`,
      `count(*) FILTER (WHERE ${fits(column, booleans)})`,
      `min(${column}) FILTER (WHERE NOT ${fits(column, plain)})`,
    ];
  });
  const reader = await connection.runAndReadAll(`SELECT ${columns.join(", ")} FROM ${source.sql}`, source.values);
  const row = reader.getRows()[0]!;
  return new Map(
    names.map((name, k) => {
      const counts = row.slice(6 * k, 6 * k + 5).map(Number) as [number, number, number, number, number];
      const [values, plainCount, thousandsCount, decimalCount, booleanCount] = counts;
      const all = (count: number): boolean => values > 0 && count === values;
      const notation = all(thousandsCount) ? "thousands" : all(decimalCount) ? "decimal-comma" : all(booleanCount) ? "boolean" : undefined;
      const offender = row[6 * k + 5];
      return [name, { notation, values, plain: plainCount, offender: offender === null ? undefined : String(offender) }];
    }),
  );
}

/** The SQL of such a column as a number; NULL for what is none. Without apostrophes: it may be proposed to be typed into a shell. */
export function numberFromText(name: string, notation: NumberNotation): string {
  const column = `trim(${quoteName(name)})`;
  if (notation === "boolean") return `CAST(TRY_CAST(${column} AS BOOLEAN) AS DOUBLE)`;
  const digits = notation === "thousands" ? `replace(${column}, $$,$$, $$$$)` : `replace(replace(${column}, $$.$$, $$$$), $$,$$, $$.$$)`;
  return `TRY_CAST(${digits} AS DOUBLE)`;
}
