/**
 * Scores of the rows at given parameters, and derivatives of the losses there, on plain arrays: for what is looked at after the descent.
 */

import { sigmoid } from "../numeric/special.js";
import { contrasts } from "./contrasts.js";
import type { FitParams, FitProblem } from "./fit-problem.js";

/** One intercept and one vector of weights a score: 1 score, or one a class. In the coordinates of the descent, without preconditioner. */
export interface ScoreWeights {
  readonly intercepts: Float64Array;
  /** [scores][features] */
  readonly weights: readonly Float64Array[];
}

/** The parameters as intercepts and weights of the scores. */
export function scoreWeights({ z, model, classes, outputs }: FitProblem, { intercept = 0, weights }: FitParams): ScoreWeights {
  const columns = Array.from({ length: outputs }, (_, c) => Float64Array.from({ length: z.width }, (_, k) => weights[k * outputs + c]!));
  if (model.loss !== "softmax") return { intercepts: Float64Array.of(intercept as number), weights: columns };
  const basis = contrasts(classes);
  const coordinates = intercept === 0 ? new Float64Array(classes - 1) : (intercept as Float64Array);
  const intercepts = Float64Array.from(basis, (row) => row.reduce((sum, entry, c) => sum + entry * coordinates[c]!, 0));
  if (outputs === classes) return { intercepts, weights: columns };
  return {
    intercepts,
    weights: basis.map((row) =>
      Float64Array.from({ length: z.width }, (_, k) => row.reduce((sum, entry, c) => sum + entry * columns[c]![k]!, 0)),
    ),
  };
}

/** Score `c` of row `i`. */
export function scoreOf({ z }: FitProblem, { intercepts, weights }: ScoreWeights, i: number, c: number): number {
  const vector = weights[c]!;
  let score = intercepts[c]!;
  for (let k = 0; k < z.width; k++) score += vector[k]! * z.values[i * z.width + k]!;
  return score;
}

/** ℓ'' of a loss with one score, at a score, for the target of row i. */
export function lossCurvature({ model, target, delta }: FitProblem, score: number, i: number): number {
  if (model.loss === "squared") return 1;
  if (model.loss === "huber") return Math.abs(score - target[i]!) <= delta ? 1 : 0;
  const p = sigmoid(score);
  return p * sigmoid(-score);
}

/** e^score/Σ e^score of a row, [classes]. */
export function softmaxOf(scores: ArrayLike<number>): Float64Array {
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c++) highest = Math.max(highest, scores[c]!);
  const powers = Float64Array.from(scores, (score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
