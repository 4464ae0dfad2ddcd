/** Metrics of a model on the rows that it was fitted to, in memory or piece by piece from a file. */

import { sigmoid } from "../numeric/special.js";
import { type ClassificationMetrics, classificationMetrics, createClassificationMetrics } from "./classification-metrics.js";
import type { FitProblem } from "./fit-problem.js";
import { type RegressionMetrics, regressionMetrics } from "./regression-metrics.js";
import { type ScoreWeights, scoreOf, softmaxOf } from "./scores.js";

/** Metrics of errors in units of the target. */
export function metricsOfRegression(problem: FitProblem, scores: ScoreWeights): RegressionMetrics {
  const { z, target, targetCenter, targetDeviation, pieces } = problem;
  if (pieces !== undefined) return streamedRegressionMetrics(pieces(), scores, targetDeviation);
  const inUnits = (t: number): number => targetCenter + targetDeviation * t;
  return regressionMetrics(
    target.map(inUnits),
    Float64Array.from({ length: z.rows }, (_, i) => inUnits(scoreOf(problem, scores, i, 0))),
  );
}

/** In units of the target; the scaled target is near 0 on average, so its squares lose no digits to the mean. */
function streamedRegressionMetrics(pieces: Iterable<FitProblem>, scores: ScoreWeights, unit: number): RegressionMetrics {
  let [rows, squared, absolute, sum, squares] = [0, 0, 0, 0, 0];
  for (const piece of pieces) {
    piece.target.forEach((t, i) => {
      const error = t - scoreOf(piece, scores, i, 0);
      squared += error * error;
      absolute += Math.abs(error);
      sum += t;
      squares += t * t;
    });
    rows += piece.z.rows;
  }
  const total = squares - (sum * sum) / rows;
  return { rows, rmse: unit * Math.sqrt(squared / rows), mae: (unit * absolute) / rows, r2: total > 0 ? 1 - squared / total : null };
}

/** Metrics of the probabilities of classes. */
export function metricsOfClasses(problem: FitProblem, scores: ScoreWeights): ClassificationMetrics {
  const { target, classes, pieces } = problem;
  if (pieces === undefined) return classificationMetrics(target, probabilitiesOf(problem, scores));
  const metrics = createClassificationMetrics(classes);
  for (const piece of pieces()) metrics.add(piece.target, probabilitiesOf(piece, scores));
  return metrics.finish()!;
}

/** [rows][classes] */
function probabilitiesOf(problem: FitProblem, scores: ScoreWeights): Float64Array[] {
  const { z, model, classes } = problem;
  return Array.from({ length: z.rows }, (_, i) => {
    if (model.loss === "softmax") return softmaxOf(Float64Array.from({ length: classes }, (_, c) => scoreOf(problem, scores, i, c)));
    const score = scoreOf(problem, scores, i, 0);
    return Float64Array.of(sigmoid(-score), sigmoid(score));
  });
}
