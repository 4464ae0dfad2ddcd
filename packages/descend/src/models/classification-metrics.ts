/** How good predicted probabilities and classes are. */

import { invariant, ShapeError } from "../errors.js";

export interface ClassMetrics {
  /** Of the rows predicted as this class, the share that are; null where none was predicted. */
  readonly precision: number | null;
  /** Of the rows of this class, the share that were found; null where there are none. */
  readonly recall: number | null;
  /** Harmonic mean of the two; null where one is. 0 where both are 0. */
  readonly f1: number | null;
  /** Rows of this class. */
  readonly rows: number;
}

/** Rows whose predicted probability of the last class lies in a range, and what they turned out to be. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean predicted probability, and share of the class; null where the bin is empty. */
  readonly predicted: number | null;
  readonly observed: number | null;
}

export interface ClassificationMetrics {
  readonly rows: number;
  /** Share of rows whose most probable class is theirs. */
  readonly accuracy: number;
  /** Mean of −log of the probability given to the true class, ≥ 0; null where one was given 0. */
  readonly logLoss: number | null;
  /** Mean over rows of Σ over classes of (probability − indicator)², 0 … 2; for two classes the usual half of that, 0 … 1. */
  readonly brier: number;
  /** [actual][predicted] counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly ClassMetrics[];
  /** Area under the ROC curve of the second class, for two classes with rows of both; else null. Ties count half. */
  readonly auc: number | null;
  /** Ten bins of the probability of the second class, for two classes; else empty. */
  readonly calibration: readonly CalibrationBin[];
}

const BINS = 10;

/**
 * @param actual - class indices, [rows], rows ≥ 1.
 * @param probabilities - [rows][classes].
 * @throws ShapeError SHAPE_MISMATCH
 */
export function classificationMetrics(actual: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): ClassificationMetrics {
  const rows = actual.length;
  if (rows === 0 || probabilities.length !== rows) {
    throw new ShapeError(
      "SHAPE_MISMATCH",
      `classificationMetrics: expected probabilities for each row, and at least one row, got ${probabilities.length} for ${rows}.`,
      { where: "classificationMetrics", expected: `[${rows}]`, got: `[${probabilities.length}]` },
    );
  }
  const count = probabilities[0]!.length;
  const confusion = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  let logLoss = 0;
  let brier = 0;
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i]!;
    const truth = actual[i]!;
    invariant(Number.isInteger(truth) && truth >= 0 && truth < count, `class index ${truth} is one of ${count}`);
    let best = 0;
    for (let c = 0; c < count; c++) {
      if (p[c]! > p[best]!) best = c;
      brier += (p[c]! - (c === truth ? 1 : 0)) ** 2;
    }
    confusion[truth]![best]!++;
    logLoss -= Math.log(p[truth]!);
  }
  const correct = confusion.reduce((sum, row, c) => sum + row[c]!, 0);
  const binary = count === 2;
  const positive = Float64Array.from(probabilities, (p) => p[1]!);
  return {
    rows,
    accuracy: correct / rows,
    logLoss: Number.isFinite(logLoss) ? logLoss / rows : null,
    brier: brier / rows / (binary ? 2 : 1),
    confusion,
    classes: confusion.map((row, c) => classMetrics(row, confusion, c)),
    auc: binary ? areaUnderRoc(actual, positive) : null,
    calibration: binary ? calibrationBins(actual, positive) : [],
  };
}

function classMetrics(row: readonly number[], confusion: readonly (readonly number[])[], c: number): ClassMetrics {
  const hits = row[c]!;
  const actual = row.reduce((sum, n) => sum + n, 0);
  const predicted = confusion.reduce((sum, other) => sum + other[c]!, 0);
  const precision = predicted > 0 ? hits / predicted : null;
  const recall = actual > 0 ? hits / actual : null;
  // 2·hits/(predicted + actual) is the harmonic mean without its 0/0
  const f1 = precision === null || recall === null ? null : (2 * hits) / (predicted + actual);
  return { precision, recall, f1, rows: actual };
}

/** P(score of a positive > score of a negative) + ½P(equal), by ranks (Mann, Whitney 1947). */
function areaUnderRoc(actual: ArrayLike<number>, scores: Float64Array): number | null {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let first = 0; first < order.length; ) {
    let after = first;
    while (after < order.length && scores[order[after]!] === scores[order[first]!]) after++;
    const meanRank = (first + 1 + after) / 2;
    for (let at = first; at < after; at++) {
      if (actual[order[at]!] !== 1) continue;
      positives++;
      rankSum += meanRank;
    }
    first = after;
  }
  const negatives = order.length - positives;
  return positives === 0 || negatives === 0 ? null : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function calibrationBins(actual: ArrayLike<number>, positive: Float64Array): CalibrationBin[] {
  const sums = Array.from({ length: BINS }, () => ({ rows: 0, predicted: 0, observed: 0 }));
  positive.forEach((p, i) => {
    const bin = sums[Math.min(BINS - 1, Math.floor(p * BINS))]!;
    bin.rows++;
    bin.predicted += p;
    bin.observed += actual[i] === 1 ? 1 : 0;
  });
  return sums.map(({ rows, predicted, observed }, b) => ({
    from: b / BINS,
    to: (b + 1) / BINS,
    rows,
    predicted: rows > 0 ? predicted / rows : null,
    observed: rows > 0 ? observed / rows : null,
  }));
}
