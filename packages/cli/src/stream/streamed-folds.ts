/** Cross-validation of a streamed table: each fold is fitted without its rows, and judged on them as they pass once more. */

import type { FittedModel } from "descend";
import type { FitSettings } from "../fit/fit-table.js";
import { type CrossValidation, createFoldScores } from "../fit/fold-scores.js";
import { type ColumnEncoding, encodeRows } from "../prepare/encoding.js";
import type { Table } from "../table/table.js";
import { descendWithProgress } from "../terminal/descend-with-progress.js";
import { words } from "../terminal/words/words.js";
import type { LearnedTable } from "./learn-table.js";
import { createStreamedPart, type StreamedPart } from "./streamed-part.js";
import type { StreamedSplit } from "./streamed-split.js";
import type { StreamedTarget } from "./streamed-target.js";

/** A fold that was fitted, and takes in the rows it is judged on. */
export interface FittedFold {
  /** Its place among the parts into which rows are dealt. */
  readonly number: number;
  readonly fitted: FittedModel;
  readonly part: StreamedPart;
  readonly encodings: readonly ColumnEncoding[];
}

/** A pass that gathers products and rows, for those of the splits that need one. */
export async function gatherTerms(learned: LearnedTable, splits: ReadonlyMap<number, StreamedSplit>): Promise<void> {
  const needy = [...splits].filter(([, { needsTerms }]) => needsTerms);
  if (needy.length === 0) return;
  for (const [, split] of needy) split.makeReadyForTerms();
  await learned.pass((piece, parts) => {
    for (const [number, split] of needy) split.gatherTerms(piece, parts[number]!.train);
  });
}

/**
 * Fits the folds one after the other. Rows of a fold that needs them lie in a temporary file while it is fitted, so there is never more than
 * one beside that of the whole; each takes a pass over the table to be written.
 *
 * @param folds - by their place among the parts into which rows are dealt, settled; those that need no rows with their products gathered.
 */
export async function fitFolds(
  learned: LearnedTable,
  folds: ReadonlyMap<number, StreamedSplit>,
  settings: FitSettings,
): Promise<FittedFold[]> {
  const fittedFolds: FittedFold[] = [];
  for (const [number, fold] of folds) {
    if (fold.needsRows) await gatherTerms(learned, new Map([[number, fold]]));
    fold.open();
    const prepared = fold.start({ ...settings, history: false });
    const { interrupted } = await descendWithProgress(prepared.descent, {
      prefix: words().progress.fold(number, folds.size),
      maxSteps: prepared.maxSteps,
      stepsPerEpoch: prepared.stepsPerEpoch,
      valueUnit: prepared.valueUnit,
      learningRate: prepared.choice.learningRate,
      slow: fold.needsRows,
    });
    const fitted = prepared.finish();
    fold.close();
    const part = createStreamedPart(fitted, fold.features, Number.MAX_SAFE_INTEGER, fold.classes);
    fittedFolds.push({ number, fitted, part, encodings: fold.encodingsInUse() });
    if (interrupted) break;
  }
  return fittedFolds;
}

/** Judges folds on some of their rows. */
export function judgeFold({ part, encodings }: FittedFold, piece: Table, rows: Int32Array, reader: StreamedTarget): void {
  part.add(encodeRows(piece, encodings, rows), reader.values(piece, rows));
}

export function scoresOf(fitted: readonly FittedFold[], folds: number): CrossValidation {
  const scores = createFoldScores();
  for (const { fitted: model, part } of fitted) scores.add(part.finish(0).judged, model.solution.converged);
  return scores.finish(folds);
}
