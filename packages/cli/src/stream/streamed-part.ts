/** A part of a streamed table, judged as it passes: metrics of all rows, and some rows kept for pictures. */

import { type ClassificationModel, createClassificationMetrics, type RegressionMetrics, type RegressionModel } from "descend";
import type { JudgedPart } from "../fit/judge.js";
import type { EncodedRows } from "../prepare/encoding.js";
import { type EncodedPart, partOf } from "../prepare/prepare.js";
import { createRunningStatistics } from "./running-statistics.js";

export interface StreamedPart {
  /** @param actual - the target as numbers; for classes those that stand for them. */
  add(encoded: EncodedRows, actual: Float64Array): void;
  /** The rows kept are `firstRow`, `firstRow` + 1, … of the table that holds them; `actual` is their target. */
  finish(firstRow: number): { readonly part: EncodedPart; readonly judged: JudgedPart | undefined; readonly actual: Float64Array };
}

/** Judges pieces; told which of their rows are kept. */
interface PartJudge {
  add(features: EncodedPart["features"], actual: Float64Array, isKept: (row: number) => boolean): void;
  finish(): JudgedPart | undefined;
}

/**
 * @param every - keeps each row whose number is a multiple of it.
 * @param classes - the numbers that stand for the classes of the model, in their order.
 */
export function createStreamedPart(
  model: RegressionModel | ClassificationModel,
  names: readonly string[],
  every: number,
  classes: readonly number[],
): StreamedPart {
  const judge = "classes" in model ? judgeClasses(model, classes) : judgeNumbers(model);
  const kept = { actual: [] as number[], features: names.map((): number[] => []) };
  const filled = new Map<string, number>();
  const unseen = new Map<string, Map<string, number>>();
  let [count, filledRows] = [0, 0];
  return {
    add(encoded, actual) {
      if (actual.length === 0) return;
      const { features } = partOf(encoded, new Int32Array(0), names);
      const isKept = (row: number): boolean => (count + row) % every === 0;
      judge.add(features, actual, isKept);
      for (let i = (every - (count % every)) % every; i < actual.length; i += every) {
        kept.actual.push(actual[i]!);
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
      return {
        part: { count, rows, features, filled, filledRows, unseen },
        judged: count === 0 ? undefined : judge.finish(),
        actual: Float64Array.from(kept.actual),
      };
    },
  };
}

function judgeNumbers(model: RegressionModel): PartJudge {
  const statistics = createRunningStatistics();
  const kept = { actual: [] as number[], predicted: [] as number[] };
  let [squared, absolute] = [0, 0];
  return {
    add(features, actual, isKept) {
      const predicted = model.predict(features);
      let [pieceSquared, pieceAbsolute] = [0, 0];
      for (let i = 0; i < actual.length; i++) {
        const error = actual[i]! - predicted[i]!;
        pieceSquared += error * error;
        pieceAbsolute += Math.abs(error);
        if (!isKept(i)) continue;
        kept.actual.push(actual[i]!);
        kept.predicted.push(predicted[i]!);
      }
      squared += pieceSquared;
      absolute += pieceAbsolute;
      statistics.add(actual);
    },
    finish() {
      const { count: rows, deviation } = statistics;
      const total = deviation ** 2 * rows;
      const metrics: RegressionMetrics = {
        rows,
        rmse: Math.sqrt(squared / rows),
        mae: absolute / rows,
        r2: total > 0 ? 1 - squared / total : null,
      };
      const [actual, predicted] = [Float64Array.from(kept.actual), Float64Array.from(kept.predicted)];
      return { task: "regression", actual, predicted, metrics };
    },
  };
}

function judgeClasses(model: ClassificationModel, classes: readonly number[]): PartJudge {
  const index = new Map(classes.map((value, c) => [value, c]));
  const metrics = createClassificationMetrics(classes.length);
  const kept = { actual: [] as number[], probabilities: [] as Float64Array[] };
  let unknownClass = 0;
  return {
    add(features, actual, isKept) {
      const all = model.predictProbabilities(features);
      const known: number[] = [];
      const probabilities: Float64Array[] = [];
      actual.forEach((value, i) => {
        const c = index.get(value);
        if (c === undefined) {
          unknownClass++;
          return;
        }
        known.push(c);
        probabilities.push(all[i]!);
        if (!isKept(i)) return;
        kept.actual.push(c);
        kept.probabilities.push(all[i]!);
      });
      metrics.add(known, probabilities);
    },
    finish() {
      const found = metrics.finish();
      const { probabilities } = kept;
      return found && { task: "classification", actual: Float64Array.from(kept.actual), probabilities, metrics: found, unknownClass };
    },
  };
}
