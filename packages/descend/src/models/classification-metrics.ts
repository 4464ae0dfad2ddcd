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
  const sums = new ClassificationSums(probabilities[0]!.length);
  sums.add(actual, probabilities);
  return sums.metrics((binary) =>
    binary
      ? areaUnderRoc(
          actual,
          Float64Array.from(probabilities, (p) => p[1]!),
        )
      : null,
  );
}

export interface ClassificationMetricsOfPieces {
  /** @param probabilities - [rows][classes] */
  add(actual: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): void;
  /** undefined without rows. */
  finish(): ClassificationMetrics | undefined;
}

/** Rows up to which ranks are exact, and bins of the probability that they are counted in beyond. */
const RANKED_ROWS = 1 << 18;
const RANK_BINS = 1 << 20;

/**
 * {@link classificationMetrics} of rows that come in pieces, in memory that does not grow with them.
 *
 * The same numbers, but for the `auc` of more than 2¹⁸ rows: ranks are then counted in 2²⁰ bins of the
 * probability, and pairs within a bin count half.
 */
export function createClassificationMetrics(classes: number): ClassificationMetricsOfPieces {
  const sums = new ClassificationSums(classes);
  const ranks = classes === 2 ? new RankCounts() : undefined;
  return {
    add(actual, probabilities) {
      sums.add(actual, probabilities);
      if (ranks !== undefined) probabilities.forEach((p, i) => ranks.add(actual[i]!, p[1]!));
    },
    finish: () => (sums.rows === 0 ? undefined : sums.metrics(() => ranks?.areaUnderRoc() ?? null)),
  };
}

/** Scores of two classes, for the area under their ROC curve. */
class RankCounts {
  private rows = 0;
  private readonly first = { labels: new Uint8Array(RANKED_ROWS), scores: new Float64Array(RANKED_ROWS) };
  /** Counts of the two classes. */
  private bins: readonly [Float64Array, Float64Array] | undefined;

  add(label: number, score: number): void {
    const { first } = this;
    if (this.rows === RANKED_ROWS) {
      this.bins = [new Float64Array(RANK_BINS), new Float64Array(RANK_BINS)];
      for (let i = 0; i < RANKED_ROWS; i++) this.count(first.labels[i]!, first.scores[i]!);
    }
    if (this.rows >= RANKED_ROWS) this.count(label, score);
    else {
      first.labels[this.rows] = label;
      first.scores[this.rows] = score;
    }
    this.rows++;
  }

  areaUnderRoc(): number | null {
    const { bins, first, rows } = this;
    return bins === undefined ? areaUnderRoc(first.labels, first.scores.subarray(0, rows)) : areaUnderCounts(...bins);
  }

  private count(label: number, score: number): void {
    this.bins![label]![Math.min(RANK_BINS - 1, Math.floor(score * RANK_BINS))]!++;
  }
}

/** What the metrics are made of, added up row by row. */
class ClassificationSums {
  rows = 0;
  private logLoss = 0;
  private brier = 0;
  private readonly confusion: number[][];
  private readonly bins = Array.from({ length: BINS }, () => ({ rows: 0, predicted: 0, observed: 0 }));

  constructor(classes: number) {
    this.confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  }

  add(actual: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): void {
    const { confusion, bins } = this;
    const count = confusion.length;
    for (let i = 0; i < probabilities.length; i++) {
      const p = probabilities[i]!;
      const truth = actual[i]!;
      invariant(Number.isInteger(truth) && truth >= 0 && truth < count, `class index ${truth} is one of ${count}`);
      let best = 0;
      for (let c = 0; c < count; c++) {
        if (p[c]! > p[best]!) best = c;
        this.brier += (p[c]! - (c === truth ? 1 : 0)) ** 2;
      }
      confusion[truth]![best]!++;
      this.logLoss -= Math.log(p[truth]!);
      if (count === 2) {
        const bin = bins[Math.min(BINS - 1, Math.floor(p[1]! * BINS))]!;
        bin.rows++;
        bin.predicted += p[1]!;
        bin.observed += truth;
      }
    }
    this.rows += probabilities.length;
  }

  metrics(auc: (binary: boolean) => number | null): ClassificationMetrics {
    const { rows, confusion, logLoss, brier, bins } = this;
    const binary = confusion.length === 2;
    return {
      rows,
      accuracy: confusion.reduce((sum, row, c) => sum + row[c]!, 0) / rows,
      logLoss: Number.isFinite(logLoss) ? logLoss / rows : null,
      brier: brier / rows / (binary ? 2 : 1),
      confusion,
      classes: confusion.map((row, c) => classMetrics(row, confusion, c)),
      auc: auc(binary),
      calibration: binary ? bins.map(calibrationBin) : [],
    };
  }
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

/** The same of scores in bins: those in one bin count as equal. */
function areaUnderCounts(negatives: Float64Array, positives: Float64Array): number | null {
  let [below, ranked, total] = [0, 0, 0];
  for (let b = 0; b < negatives.length; b++) {
    ranked += positives[b]! * (below + negatives[b]! / 2);
    below += negatives[b]!;
    total += positives[b]!;
  }
  return below === 0 || total === 0 ? null : ranked / (below * total);
}

function calibrationBin({ rows, predicted, observed }: { rows: number; predicted: number; observed: number }, b: number): CalibrationBin {
  return {
    from: b / BINS,
    to: (b + 1) / BINS,
    rows,
    predicted: rows > 0 ? predicted / rows : null,
    observed: rows > 0 ? observed / rows : null,
  };
}
