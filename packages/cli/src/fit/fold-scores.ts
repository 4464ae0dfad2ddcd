/** What the folds of a cross-validation come to: mean and spread of each metric. */

import { type JudgedPart, namedMetrics } from "./judge.js";

export interface CrossValidation {
  readonly folds: number;
  /** Over the folds, by key of the metric: mean and standard deviation (n − 1). */
  readonly metrics: readonly { readonly key: string; readonly name: string; readonly mean: number; readonly deviation: number }[];
  /** Folds whose descent did not converge. */
  readonly notConverged: number;
}

export interface FoldScores {
  /** @param judged - the rows of the fold; undefined where none of them could be judged. */
  add(judged: JudgedPart | undefined, converged: boolean): void;
  finish(folds: number): CrossValidation;
}

export function createFoldScores(): FoldScores {
  const values = new Map<string, { name: string; values: number[] }>();
  let notConverged = 0;
  return {
    add(judged, converged) {
      if (!converged) notConverged++;
      for (const { key, name, value } of judged === undefined ? [] : namedMetrics(judged)) {
        const entry = values.get(key) ?? { name, values: [] };
        if (value !== null) entry.values.push(value);
        values.set(key, entry);
      }
    },
    finish(folds) {
      const metrics = [...values].flatMap(([key, entry]) =>
        entry.values.length === 0 ? [] : [{ key, name: entry.name, ...spreadOf(entry.values) }],
      );
      return { folds, metrics, notConverged };
    },
  };
}

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
