import { describe, expect, it } from "vitest";
import { classificationMetrics, createClassificationMetrics } from "../../src/models/classification-metrics.js";
import { threefryUniform } from "../../src/numeric/random.js";

const pair = (p: number): number[] => [1 - p, p];

describe("classification metrics", () => {
  // Counted by hand: actual 1 1 0 0 0 1, predicted by p > 1/2: 1 0 0 1 0 1
  const actual = [1, 1, 0, 0, 0, 1];
  const p = [0.9, 0.4, 0.2, 0.7, 0.1, 0.8];
  const metrics = classificationMetrics(actual, p.map(pair));

  it("counts the confusion matrix, accuracy, precision, recall and F1 (by hand)", () => {
    expect(metrics.confusion).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect(metrics.accuracy).toBeCloseTo(4 / 6, 15);
    expect(metrics.classes[1]).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, rows: 3 });
  });

  it("has log loss and Brier score as defined (by hand)", () => {
    const losses = [0.9, 0.4, 0.8, 0.3, 0.9, 0.8].map((q) => -Math.log(q));
    expect(metrics.logLoss).toBeCloseTo(losses.reduce((a, b) => a + b) / 6, 15);
    expect(metrics.brier).toBeCloseTo((0.01 + 0.36 + 0.04 + 0.49 + 0.01 + 0.04) / 6, 15);
  });

  it("has the area under the ROC curve as the share of pairs in order, ties one half", () => {
    // Positives 0.9 0.4 0.8 against negatives 0.2 0.7 0.1: 3 + 2 + 3 of 9
    expect(metrics.auc).toBeCloseTo(8 / 9, 15);
    expect(classificationMetrics([0, 1, 1], [0.5, 0.5, 0.9].map(pair)).auc).toBeCloseTo(0.75, 15);
    expect(classificationMetrics([0, 1], [0.1, 0.9].map(pair)).auc).toBe(1);
    expect(classificationMetrics([1, 1], [0.1, 0.9].map(pair)).auc).toBeNull();
  });

  it("bins probabilities in tenths, 1 in the last bin", () => {
    const { calibration } = classificationMetrics([1, 0, 1], [1, 0.05, 0.95].map(pair));
    expect(calibration.length).toBe(10);
    expect(calibration[9]).toEqual({ from: 0.9, to: 1, rows: 2, predicted: 0.975, observed: 1 });
    expect(calibration[0]!.observed).toBe(0);
    expect(calibration[4]).toMatchObject({ rows: 0, predicted: null, observed: null });
  });

  it("takes more classes, and says null where a ratio has no meaning", () => {
    const three = classificationMetrics(
      [0, 1, 1],
      [
        [0.6, 0.3, 0.1],
        [0.5, 0.4, 0.1],
        [0.1, 0.8, 0.1],
      ],
    );
    expect(three.auc).toBeNull();
    expect(three.calibration).toEqual([]);
    expect(three.classes[2]).toEqual({ precision: null, recall: null, f1: null, rows: 0 });
    expect(three.brier).toBeCloseTo((0.26 + 0.62 + 0.06) / 3, 14);
    expect(classificationMetrics([0], [[0, 1]]).logLoss).toBeNull();
    expect(classificationMetrics([0], [[0, 1]]).classes[0]).toMatchObject({ precision: null, recall: 0, f1: null });
  });

  it("wants probabilities for each row", () => {
    expect(() => classificationMetrics([], [])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    expect(() => classificationMetrics([1], [])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("classification metrics of rows in pieces", () => {
  const rowsOf = (count: number): { actual: Float64Array; probabilities: number[][] } => {
    const scores = Float64Array.from({ length: count }, (_, i) => threefryUniform(2, 1, i));
    return {
      actual: scores.map((score, i) => (threefryUniform(2, 2, i) < score ** 2 ? 1 : 0)),
      probabilities: Array.from(scores, pair),
    };
  };

  it.each([
    ["few rows", 1000, 0],
    ["more rows than are ranked exactly", 300_000, 1e-7],
  ])("are those of all rows at once: %s (oracle: classificationMetrics)", (_, count, tolerance) => {
    const { actual, probabilities } = rowsOf(count);
    const metrics = createClassificationMetrics(2);
    expect(metrics.finish()).toBeUndefined();
    for (let first = 0; first < count; first += 700)
      metrics.add(actual.subarray(first, first + 700), probabilities.slice(first, first + 700));
    const { auc, ...rest } = metrics.finish()!;
    const { auc: exact, ...whole } = classificationMetrics(actual, probabilities);
    expect(rest).toEqual(whole);
    expect(Math.abs(auc! - exact!)).toBeLessThanOrEqual(tolerance);
  });
});
