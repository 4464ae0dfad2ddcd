/** Columns that repeat each other, and a target that depends on what they differ by; or does not. */

import { type Check, confidenceOf, type Draft, short } from "../check.js";
import type { Examination } from "../examination.js";
import { linearScores } from "../linear-model.js";

/** Smallest ÷ largest eigenvalue of the correlations. */
const DEPENDENT = 1e-6;
/** Of the descent: what the target has along the weak direction. */
const GAIN = 1e-3;

interface WeakDirection {
  readonly ratio: number;
  /** What the loss would fall by along it. */
  readonly gain: number;
  readonly columns: readonly string[];
}

export const collinearFeatures: Check = {
  id: "collinear-features",
  explains: ["unfinished"],
  examine(examination): Draft | undefined {
    const weak = weakDirection(examination);
    if (weak === undefined || (examination.settled.patch.standardize !== undefined && examination.settled.method.family === "search"))
      return undefined;
    const { gain, ratio, columns } = weak;
    if (!(gain > GAIN * examination.achieved)) return undefined;
    const { settled } = examination;
    const l2 = Number((1e-3 * (examination.data!.eigenvalues.at(-1) ?? 1)).toPrecision(2));
    return {
      confidence: confidenceOf(gain / Math.max(examination.achieved, Number.MIN_VALUE), GAIN / 3),
      evidence: evidenceOf(examination, weak),
      text: `The columns ${columns.join(" and ")} all but repeat each other (smallest eigenvalue ${short(ratio)} of the largest), and the target depends on their difference: the loss could fall by ${short(gain)} along it.`,
      values: { ratio, gain, columns: columns.join(", ") },
      remedies: [
        {
          id: "standardize-lbfgs",
          patch: {
            standardize: { features: true, target: true },
            method: "lbfgs",
            batch: "full",
            maxSteps: Math.max(500, settled.maxSteps ?? 0),
          },
          fixLevel: "preprocess",
          text: "Standardize, and let L-BFGS work out the weak direction.",
        },
        {
          id: "ridge",
          patch: { standardize: { features: true, target: true }, method: "lbfgs", batch: "full", l2 },
          fixLevel: "model",
          text: `Add a ridge of ${short(l2)} on the standardized columns.`,
          values: { l2 },
        },
        {
          id: "drop",
          patch: { dropColumns: [columns[0]!] },
          fixLevel: "data",
          text: `Drop the column ${columns[0]}.`,
          values: { column: columns[0]! },
          automatic: false,
        },
      ],
    };
  },
};

export const rankDeficientHarmless: Check = {
  id: "rank-deficient-harmless",
  explains: ["stationary"],
  examine(examination): Draft | undefined {
    const weak = weakDirection(examination);
    if (weak === undefined || weak.ratio > 1e-12) return undefined;
    return {
      confidence: 0.9,
      evidence: evidenceOf(examination, weak),
      text: `The columns ${weak.columns.join(" and ")} depend on each other: the weights are not determined, the fit is.`,
      values: { ratio: weak.ratio, columns: weak.columns.join(", ") },
      remedies: [],
    };
  },
};

function evidenceOf(examination: Examination, { ratio, gain }: WeakDirection): Draft["evidence"] {
  return [
    examination.note("smallest-eigenvalue-share", ratio, {
      threshold: DEPENDENT,
      how: "smallest ÷ largest eigenvalue of the correlations of the columns",
    }),
    examination.note("gain-along-weak-direction", gain, {
      threshold: GAIN * examination.achieved,
      how: "(uᵀZᵀr/n)²/(2λ) over the directions below the threshold, r the residuals at the end",
    }),
  ];
}

/** The directions whose eigenvalue is below the threshold, taken together. */
function weakDirection(examination: Examination): WeakDirection | undefined {
  return examination.once("weak-direction", () => {
    const panel = examination.data;
    const { table } = examination.settled;
    if (panel === undefined || table === undefined || panel.eigenvalues.length < 2) return undefined;
    const largest = panel.eigenvalues.at(-1)!;
    if (!(panel.eigenvalues[0]! < DEPENDENT * largest)) return undefined;
    const residuals = residualsOf(examination);
    const moments = panel.varying.map((k) => {
      const { mean, deviation } = panel.columns[k]!;
      const column = table.columns[k]!;
      let sum = 0;
      for (let i = 0; i < table.rows; i++) sum += ((column[i]! - mean) / deviation) * residuals[i]!;
      return sum / table.rows;
    });
    let gain = 0;
    panel.eigenvalues.forEach((value, e) => {
      if (value >= DEPENDENT * largest || value < 1e-13 * largest) return;
      const slope = panel.eigenvectors[e]!.reduce((sum, u, j) => sum + u * moments[j]!, 0);
      gain += (slope * slope) / (2 * value);
    });
    const u = panel.eigenvectors[0]!;
    const order = Array.from(u, (_, j) => j).sort((a, b) => Math.abs(u[b]!) - Math.abs(u[a]!));
    const columns = order
      .filter((j) => Math.abs(u[j]!) > 0.2)
      .slice(0, 4)
      .map((j) => table.names[panel.varying[j]!]!);
    return { ratio: Math.max(0, panel.eigenvalues[0]!) / largest, gain, columns };
  });
}

/** y − prediction in the units of the target; for classes y − probability. */
export function residualsOf({ settled, run }: Examination): Float64Array {
  const table = settled.table!;
  const scores = linearScores(table.columns, table.rows, settled.toOriginal(run.params), table.intercept, table.outputs);
  return Float64Array.from(table.target, (y, i) => {
    const s = scores[i * table.outputs]!;
    if (table.model.kind === "logistic" || table.model.kind === "sigmoid-squares") return y - 1 / (1 + Math.exp(-s));
    if (table.model.kind === "poisson") return y - Math.exp(s);
    return y - s;
  });
}
