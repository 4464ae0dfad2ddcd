/** Learns the encoding of one column from rows that come in pieces. */

import { createStreamingMedian } from "descend";
import {
  type ColumnEncoding,
  encodingOfCategory,
  encodingOfNumbers,
  type MissingPolicy,
  type NumberEncoding,
  noValues,
  type Reason,
} from "../prepare/encoding.js";
import type { Table, TableColumn } from "../table/table.js";
import { createRunningStatistics } from "./running-statistics.js";

export interface ColumnLearner {
  /** Whether everything is known; else more passes are needed, each ended by `endPass`. */
  readonly done: boolean;
  add(piece: Table, rows: Int32Array): void;
  endPass(): void;
  /** From the end of the first pass on. Before it is done, what fills a missing value is not a number. */
  encoding(): ColumnEncoding | Reason;
}

/** @param needsMiddle - whether the median of numbers is wanted, which takes more passes. */
export function createColumnLearner(column: TableColumn, policy: MissingPolicy, needsMiddle: boolean): ColumnLearner {
  if (column.kind === "text") return learnText(column.name, policy);
  return learnNumbers(column.name, column.kind as NumberEncoding["kind"], policy, needsMiddle);
}

function learnNumbers(column: string, kind: NumberEncoding["kind"], policy: MissingPolicy, needsMiddle: boolean): ColumnLearner {
  const statistics = createRunningStatistics();
  const median = kind === "boolean" || !needsMiddle ? undefined : createStreamingMedian();
  let isFirst = true;
  let least = Number.POSITIVE_INFINITY;
  let missing = 0;
  let done = false;
  return {
    get done() {
      return done;
    },
    add(piece, rows) {
      const present = presentAmong(piece.numbers.get(column)!, rows);
      median?.add(present);
      if (!isFirst) return;
      statistics.add(present);
      missing += rows.length - present.length;
      if (kind === "date") for (const value of present) least = Math.min(least, value);
    },
    endPass() {
      isFirst = false;
      // Of no value at all there is no middle
      done ||= median === undefined || statistics.count === 0 || median.endPass();
    },
    encoding() {
      if (statistics.count === 0) return noValues;
      const { mean, deviation } = statistics;
      if (!Number.isFinite(deviation)) {
        const reason = "its values are so large that their squares overflow";
        return { code: "other", detail: reason, reason };
      }
      return encodingOfNumbers(
        column,
        kind,
        { mean, deviation, least, missing, median: () => (done ? (median?.value ?? Number.NaN) : Number.NaN) },
        policy,
      );
    },
  };
}

function presentAmong(values: Float64Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

function learnText(column: string, policy: MissingPolicy): ColumnLearner {
  const counts: number[] = [];
  let levels: readonly string[] = [];
  let missing = 0;
  let done = false;
  return {
    get done() {
      return done;
    },
    add(piece, rows) {
      if (done) return;
      const text = piece.texts.get(column)!;
      levels = text.levels;
      while (counts.length < levels.length) counts.push(0);
      for (const row of rows) {
        const code = text.codes[row]!;
        if (code < 0) missing++;
        else counts[code]!++;
      }
    },
    endPass() {
      done = true;
    },
    encoding: () => encodingOfCategory(column, levels, counts, missing, policy),
  };
}
