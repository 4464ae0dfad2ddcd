/**
 * Columns of text that hold numbers with a mark beside them, `$12` or `5%` or `7 kg`, or with separators that not all of them have. What
 * the mark means is not ours to say (5 % is 5 or 0.05), so they stay text; who reads the table is told how to have the numbers.
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, type Source } from "./database.js";

export interface MarkedNumbers {
  /** One of them, as it is written. */
  readonly example: string;
  /** The number in it. */
  readonly value: number;
  /** How the numbers are written. */
  readonly decimal: "." | ",";
}

/** Rows that are looked at. */
const LOOKED_AT = 1000;
/** Of the values there are, those that must be such numbers: the rest may be gaps in words of their own. */
const MOST = 0.8;

/** Looks at the first rows of some columns of text. */
export async function inspectMarkedNumbers(
  connection: DuckDBConnection,
  source: Source,
  names: readonly string[],
): Promise<ReadonlyMap<string, MarkedNumbers>> {
  if (names.length === 0) return new Map();
  const columns = names.map(quoteName).join(", ");
  const reader = await connection.runAndReadAll(`SELECT ${columns} FROM ${source.sql} LIMIT ${LOOKED_AT}`, source.values);
  const rows = reader.getRows();
  return new Map(
    names.flatMap((name, k) => {
      const marked = markedNumbers(rows.flatMap((row) => (row[k] === null ? [] : [String(row[k])])));
      return marked === undefined ? [] : [[name, marked] as const];
    }),
  );
}

/** A sign on either side of a mark such as $, the number, a mark or unit such as % or kg. */
const MARKED = /^\s*([-+]?)\s*([^\p{L}\p{N}\s.,+-]{0,3})\s*([-+]?)\s*(\d[\d.,]*)\s*([^\p{N}\s.,+-]{0,5})\s*$/u;
const WITH_POINT = /^(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;
const WITH_COMMA = /^(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/;

/** What is said of texts most of which are numbers with one and the same mark; undefined of others, and of plain numbers. */
export function markedNumbers(texts: readonly string[]): MarkedNumbers | undefined {
  const found = texts.flatMap((text) => {
    const [, sign, before, inner, digits, after] = MARKED.exec(text) ?? [];
    if (digits === undefined) return [];
    return [{ text, digits, negative: `${sign}${inner}`.includes("-"), mark: `${before}${after}` }];
  });
  const pointed = found.filter(({ digits }) => WITH_POINT.test(digits));
  const withComma = found.filter(({ digits }) => WITH_COMMA.test(digits));
  const decimal = withComma.length > pointed.length ? "," : ".";
  const numbers = decimal === "," ? withComma : pointed;
  const marks = new Set(numbers.flatMap(({ mark }) => (mark === "" ? [] : [mark])));
  const isMarked = ({ mark, digits }: (typeof numbers)[number]): boolean => mark !== "" || digits.includes(",");
  const first = numbers.find((number) => isMarked(number) && /[1-9]/.test(number.digits)) ?? numbers.find(isMarked);
  if (first === undefined || marks.size > 1 || numbers.length < MOST * texts.length) return undefined;
  const plain = decimal === "," ? first.digits.replaceAll(".", "").replace(",", ".") : first.digits.replaceAll(",", "");
  return { example: first.text.trim(), value: (first.negative ? -1 : 1) * Number(plain), decimal };
}

/** A column that a query can give as numbers. */
export interface ReadableColumn {
  readonly name: string;
  readonly marked?: MarkedNumbers;
  readonly readAs?: string;
}

/**
 * The option that reads such columns as numbers; what is none becomes a missing value.
 *
 * @param others - columns of the same table: what is made of text by itself is not where a query says what is read.
 */
export function queryForNumbers(columns: readonly ReadableColumn[], others: readonly ReadableColumn[] = []): string {
  const replacements = [...columns, ...others.filter(({ readAs }) => readAs !== undefined)].map(({ name, marked, readAs }) => {
    const column = quoteName(name);
    const kept = (characters: string): string => `regexp_replace(${column}, $$[^0-9${characters}-]$$, $$$$, $$g$$)`;
    const digits = marked?.decimal === "," ? `replace(${kept(",")}, $$,$$, $$.$$)` : kept(".");
    return `${readAs ?? `TRY_CAST(${digits} AS DOUBLE)`} AS ${column}`;
  });
  return `--query '${`SELECT * REPLACE (${replacements.join(", ")}) FROM data`.replaceAll("'", "'\\''")}'`;
}
