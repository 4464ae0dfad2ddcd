/** Prescriptions that several findings share. */

import type { Remedy } from "./check.js";
import { short } from "./check.js";
import type { Examination } from "./examination.js";

/** Steps that L-BFGS is given where the run had fewer. */
const FEW_STEPS = 60;

/** L-BFGS in place of whatever rule; only over all rows. */
export function lbfgsRemedy({ settled }: Examination): Remedy[] {
  if (settled.method.family === "search") return [];
  const short = settled.maxSteps !== undefined && settled.maxSteps < FEW_STEPS;
  return [
    {
      id: "lbfgs",
      patch: { method: "lbfgs", batch: "full", ...(short ? { maxSteps: FEW_STEPS } : {}) },
      fixLevel: "solver",
      text: "Let L-BFGS choose direction and length of the steps.",
    },
  ];
}

/** 0.9 of the limit of stability. */
export function stableRateRemedy(examination: Examination): Remedy[] {
  const rate = examination.stableRate;
  if (rate === undefined || !examination.settled.method.adjustable) return [];
  const learningRate = Number(rate.toPrecision(4));
  return [
    {
      id: "stable-rate",
      patch: { learningRate },
      fixLevel: "solver",
      text: `Take the learning rate ${short(learningRate)}: 0.9 of the limit at the largest curvature of a sound descent.`,
      values: { learningRate },
      prediction: { quantity: "stability-number", value: 0.9 },
    },
  ];
}

/** Nesterov's momentum for the curvatures at the end: rate 1/L, β = (√κ − 1)/(√κ + 1). */
export function nesterovRemedy(examination: Examination): Remedy[] {
  const { krylov, settled, stability } = examination;
  const { slowCurvature, largest } = krylov;
  const top = Math.max(largest, stability?.soundCurvature ?? 0);
  if (!(slowCurvature > 0) || !settled.method.adjustable || !Number.isFinite(top)) return [];
  const root = Math.sqrt(Math.max(4, top / slowCurvature));
  const momentum = Number(Math.min(0.999, (root - 1) / (root + 1)).toPrecision(4));
  const learningRate = Number((0.9 / top).toPrecision(4));
  return [
    {
      id: "nesterov",
      patch: { method: "nesterov", methodOptions: { momentum }, learningRate },
      fixLevel: "solver",
      text: `Take Nesterov's momentum ${momentum} with the rate ${short(learningRate)}, for a condition number of ${short(top / slowCurvature)}.`,
      values: { momentum, learningRate, condition: top / slowCurvature },
    },
  ];
}

/** Descend on standardized columns. */
export function standardizeRemedies(examination: Examination, target: boolean): Remedy[] {
  const { settled } = examination;
  const { table, method } = settled;
  if (table === undefined) {
    if (examination.features === undefined) return [];
    return [
      {
        id: "let-scale",
        patch: { standardize: { features: true, target } },
        fixLevel: "preprocess",
        // Its coordinates are the user's own: only there can they be changed
        automatic: false,
        text: "Let the fit standardize the columns: the weights are those of the table's units in any case.",
      },
    ];
  }
  // With unit deviations the curvature of squares is at most the number of columns; half of 2/λ from the eigenvalues themselves
  const eigenvalues = examination.data!.eigenvalues;
  const largest = Math.max(1, eigenvalues.at(-1) ?? 1) * curvatureOfLoss(table.model.kind) + (table.model.l2 ?? 0);
  const limit = examination.stability?.limit;
  const rate = limit === undefined || method.family === "adaptive" ? undefined : Number(((0.5 * limit) / largest).toPrecision(4));
  const patch = { standardize: { features: true, target } };
  return [
    {
      id: "standardize",
      patch: { ...patch, ...(rate === undefined ? {} : { learningRate: rate }) },
      fixLevel: "preprocess",
      text: `Standardize the columns${target ? " and the target" : ""}${rate === undefined ? "" : `, with the rate ${short(rate)}`}; the weights are folded back into the units of the table.`,
      values: rate === undefined ? {} : { learningRate: rate },
    },
    {
      id: "standardize-lbfgs",
      patch: { ...patch, method: "lbfgs", batch: "full" },
      fixLevel: "preprocess",
      text: "Standardize the columns and let L-BFGS choose the steps.",
    },
  ];
}

/** A bound of the second derivative of a row's loss in its score; of counts and absolute values there is none, 1 is taken. */
function curvatureOfLoss(kind: string): number {
  return { logistic: 0.25, softmax: 0.5, "sigmoid-squares": 0.25 }[kind] ?? 1;
}
