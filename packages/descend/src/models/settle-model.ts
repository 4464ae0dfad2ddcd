/** From a model as the user named it to one with all numbers: defaults that depend on the table. */

import { createStreamingMedian } from "../data/streaming-median.js";
import { solveByNormalEquations, solveByQr } from "./closed-form.js";
import { activeColumns, DENSE_WORK, EXACT_ORDER } from "./curvature.js";
import { type FitData, type FitProblem, fitProblem, type SettledModel } from "./fit-problem.js";
import type { ModelSpec } from "./model-spec.js";
import { type ScoreWeights, scoreOf, scoreWeights } from "./scores.js";

/** Share of the smallest penalty that makes all weights 0: enough to keep most of what the features explain. */
const DEFAULT_L1_SHARE = 0.01;
/** Huber's constant: 95 % efficiency for normal errors. Source: Huber 1981, section 4.5. */
const HUBER_CONSTANT = 1.345;
/** The standard deviation of a normal distribution over its median absolute deviation. */
const NORMAL_MAD = 1.4826022185056018;

export function settleModel(spec: ModelSpec, data: FitData): SettledModel {
  const none = { delta: 0, l1: 0, l2: 0 };
  switch (spec.kind) {
    case "linear":
      return { ...none, kind: spec.kind, loss: "squared", convention: spec.convention ?? "half-mean" };
    case "ridge":
      return { ...none, kind: spec.kind, loss: "squared", convention: spec.convention ?? "sum", l2: 2 * (spec.alpha ?? 1) };
    case "lasso":
    case "elastic-net": {
      const model: SettledModel = { ...none, kind: spec.kind, loss: "squared", convention: spec.convention ?? "half-mean" };
      const ratio = spec.kind === "lasso" ? 1 : (spec.l1Ratio ?? 0.5);
      const alpha = spec.alpha ?? (DEFAULT_L1_SHARE * largestSlope(data, model)) / Math.max(ratio, DEFAULT_L1_SHARE);
      return { ...model, l1: alpha * ratio, l2: alpha * (1 - ratio) };
    }
    case "huber":
      return {
        ...none,
        kind: spec.kind,
        loss: "huber",
        convention: spec.convention ?? "half-sum",
        delta: spec.delta ?? HUBER_CONSTANT * residualSpread(data),
        l2: spec.alpha ?? 0,
      };
    case "logistic":
    case "softmax": {
      const convention = spec.convention ?? "mean";
      const lambda = spec.lambda ?? (convention === "sum" ? 1 : 1 / data.total);
      const ratio = spec.l1Ratio ?? 0;
      return { ...none, kind: spec.kind, loss: spec.kind, convention, l1: lambda * ratio, l2: lambda * (1 - ratio) };
    }
  }
}

/** max |∂J/∂wₖ| of squared loss at w = 0 with the best intercept, in units of the target: the l1 from which on all weights are 0. */
export function largestSlope(data: FitData, model: SettledModel): number {
  const { z, target, weights, total, targetDeviation, intercept } = data;
  const { lossFactor } = fitProblem(data, model);
  const weightOf = (i: number): number => (weights === undefined ? 1 : weights[i]!);
  let mean = 0;
  if (intercept) for (let i = 0; i < z.rows; i++) mean += (weightOf(i) * target[i]!) / total;
  let largest = 0;
  for (let k = 0; k < z.width; k++) {
    let slope = 0;
    for (let i = 0; i < z.rows; i++) slope += weightOf(i) * z.values[i * z.width + k]! * (target[i]! - mean);
    largest = Math.max(largest, Math.abs(slope));
  }
  return (largest * lossFactor * targetDeviation) / total;
}

/**
 * Spread of the residuals of least squares by their median absolute value; of the target where there is no unique fit, or finding
 * it is too much work. In units of the target.
 */
function residualSpread(data: FitData): number {
  const { z, target, targetDeviation } = data;
  const problem = fitProblem(data, { kind: "linear", loss: "squared", convention: "half-mean", delta: 0, l1: 0, l2: 0 });
  const order = activeColumns(problem).length + 1;
  const isSmall = problem.pieces === undefined && z.rows * order * order <= DENSE_WORK;
  const params = isSmall ? solveByQr(problem)?.params : order <= EXACT_ORDER ? solveByNormalEquations(problem) : undefined;
  const scores = scoreWeights(problem, params ?? problem.start);
  if (problem.pieces !== undefined) return spreadOf(streamedMiddle(problem.pieces, scores)) * targetDeviation;
  const sizes = Float64Array.from({ length: z.rows }, (_, i) => Math.abs(scoreOf(problem, scores, i, 0) - target[i]!)).sort();
  const middle = (sizes[(sizes.length - 1) >> 1]! + sizes[sizes.length >> 1]!) / 2;
  return spreadOf(middle) * targetDeviation;
}

function spreadOf(middle: number): number {
  // More than half of the residuals are 0: any δ > 0 serves
  return middle > 0 ? NORMAL_MAD * middle : 1;
}

/** Median of the absolute residuals of rows that come in pieces. */
function streamedMiddle(pieces: () => Iterable<FitProblem>, scores: ScoreWeights): number {
  const median = createStreamingMedian();
  do {
    for (const piece of pieces()) median.add(Float64Array.from(piece.target, (t, i) => Math.abs(scoreOf(piece, scores, i, 0) - t)));
  } while (!median.endPass());
  return median.value;
}
