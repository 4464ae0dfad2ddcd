/** The first pass over a streamed table: which columns can be features, and how many rows can be used. */

import { countsRows, isIndexName, noValues, type Reason, whyNoCategory, whyOther } from "../prepare/encoding.js";
import type { Table, TableColumn } from "../table/table.js";

/** What is found out about one column. */
export interface ColumnSurvey {
  readonly missing: number;
  /** Why it can be no feature, if so. */
  readonly reason: Reason | undefined;
}

export interface Survey {
  add(piece: Table): void;
  of(column: TableColumn): ColumnSurvey;
}

export function createSurvey(columns: readonly TableColumn[]): Survey {
  const counts = new Map(columns.map(({ name }) => [name, { rows: 0, missing: 0, countsRows: isIndexName(name), first: 0 }]));
  const texts = new Map<string, { levels: readonly string[]; tooMany: boolean }>();
  return {
    add(piece) {
      for (const [name, values] of piece.numbers) {
        const count = counts.get(name);
        if (count === undefined) continue;
        if (count.rows === 0) count.first = values[0]!;
        for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) count.missing++;
        if (count.countsRows) {
          const { first, rows } = count;
          count.countsRows = first >= 0 && first <= 1 && values.every((value, i) => value === first + rows + i);
        }
        count.rows += values.length;
      }
      for (const [name, { codes, levels, tooMany }] of piece.texts) {
        const count = counts.get(name);
        if (count === undefined) continue;
        for (let i = 0; i < codes.length; i++) if (codes[i]! < 0) count.missing++;
        count.rows += piece.rows;
        texts.set(name, { levels, tooMany });
      }
    },
    of(column) {
      const { rows, missing, countsRows: isIndex } = counts.get(column.name)!;
      if (column.kind === "other") return { missing, reason: whyOther(column) };
      const text = texts.get(column.name);
      if (text !== undefined) return { missing, reason: whyNoCategory(text, rows - missing) };
      return { missing, reason: missing === rows ? noValues : isIndex && rows > 2 ? countsRows : undefined };
    },
  };
}
