/** A part of a streamed table, judged as it passes: metrics of all rows, and some rows kept for pictures. */

import type { RegressionMetrics, RegressionModel } from "descend";
import type { JudgedRegression } from "../fit/judge.js";
import type { EncodedRows } from "../prepare/encoding.js";
import { type EncodedPart, partOf } from "../prepare/prepare.js";
import { createRunningStatistics } from "./running-statistics.js";

export interface StreamedPart {
  add(encoded: EncodedRows, actual: Float64Array): void;
  /** The rows kept are `firstRow`, `firstRow` + 1, … of the table that holds them. */
  finish(firstRow: number): { readonly part: EncodedPart; readonly judged: JudgedRegression | undefined };
}

/** @param every - keeps each row whose number is a multiple of it. */
export function createStreamedPart(model: RegressionModel, names: readonly string[], every: number): StreamedPart {
  const statistics = createRunningStatistics();
  const kept = { actual: [] as number[], predicted: [] as number[], features: names.map((): number[] => []) };
  const filled = new Map<string, number>();
  const unseen = new Map<string, Map<string, number>>();
  let [count, filledRows, squared, absolute] = [0, 0, 0, 0];
  return {
    add(encoded, actual) {
      if (actual.length === 0) return;
      const { features } = partOf(encoded, new Int32Array(0), names);
      const predicted = model.predict(features);
      let [pieceSquared, pieceAbsolute] = [0, 0];
      for (let i = 0; i < actual.length; i++) {
        const error = actual[i]! - predicted[i]!;
        pieceSquared += error * error;
        pieceAbsolute += Math.abs(error);
      }
      squared += pieceSquared;
      absolute += pieceAbsolute;
      statistics.add(actual);
      for (let i = (every - (count % every)) % every; i < actual.length; i += every) {
        kept.actual.push(actual[i]!);
        kept.predicted.push(predicted[i]!);
        names.forEach((name, j) => {
          kept.features[j]!.push(features[name]![i]!);
        });
      }
      count += actual.length;
      filledRows += encoded.filledRows;
      for (const [column, rows] of encoded.filled) filled.set(column, (filled.get(column) ?? 0) + rows);
      for (const [column, levels] of encoded.unseen) {
        const counts = unseen.get(column) ?? new Map<string, number>();
        for (const [level, rows] of levels) counts.set(level, (counts.get(level) ?? 0) + rows);
        unseen.set(column, counts);
      }
    },
    finish(firstRow) {
      const rows = Int32Array.from(kept.actual, (_, i) => firstRow + i);
      const features = Object.fromEntries(names.map((name, j) => [name, Float64Array.from(kept.features[j]!)]));
      const part = { count, rows, features, filled, filledRows, unseen };
      if (count === 0) return { part, judged: undefined };
      const total = statistics.deviation ** 2 * count;
      const metrics: RegressionMetrics = {
        rows: count,
        rmse: Math.sqrt(squared / count),
        mae: absolute / count,
        r2: total > 0 ? 1 - squared / total : null,
      };
      return {
        part,
        judged: {
          task: "regression",
          actual: Float64Array.from(kept.actual),
          predicted: Float64Array.from(kept.predicted),
          metrics,
        },
      };
    },
  };
}
