/** A fitted model on rows it is judged on: predictions, and how far they are from the truth. */

import {
  type ClassificationMetrics,
  type ClassificationModel,
  type ClassLabel,
  classificationMetrics,
  type RegressionMetrics,
  type RegressionModel,
  regressionMetrics,
} from "descend";
import { type EncodedPart, type Target, targetLabels, targetNumbers } from "../prepare/prepare.js";
import type { Table } from "../table/table.js";

export type JudgedPart = JudgedRegression | JudgedClassification;

export interface JudgedRegression {
  readonly task: "regression";
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly metrics: RegressionMetrics;
}

export interface JudgedClassification {
  readonly task: "classification";
  /** Indices of the classes, [rows]. */
  readonly actual: Float64Array;
  /** [rows][classes] */
  readonly probabilities: readonly Float64Array[];
  readonly metrics: ClassificationMetrics;
  /** Rows of classes that were not there to learn from; they are in none of the above. */
  readonly unknownClass: number;
}

/** @returns undefined where there are no rows to judge on. */
export function judge(
  model: RegressionModel | ClassificationModel,
  table: Table,
  target: Target,
  part: EncodedPart,
): JudgedPart | undefined {
  if (part.rows.length === 0) return undefined;
  if (!("classes" in model)) {
    const actual = targetNumbers(table, target, part.rows);
    const predicted = model.predict(part.features);
    return { task: "regression", actual, predicted, metrics: regressionMetrics(actual, predicted) };
  }
  const index = new Map<ClassLabel, number>(model.classes.map((label, c) => [label, c]));
  const indices = targetLabels(table, target, part.rows).map((label) => index.get(label) ?? -1);
  const known = indices.flatMap((c, i) => (c < 0 ? [] : [i]));
  if (known.length === 0) return undefined;
  const all = model.predictProbabilities(part.features);
  const probabilities = known.map((i) => all[i]!);
  const actual = Float64Array.from(known, (i) => indices[i]!);
  return {
    task: "classification",
    actual,
    probabilities,
    metrics: classificationMetrics(actual, probabilities),
    unknownClass: indices.length - known.length,
  };
}

/** A number that sums up a part, with the name people know it by. */
export interface NamedMetric {
  readonly name: string;
  readonly key: string;
  readonly value: number | null;
}

export function namedMetrics({ task, metrics }: JudgedPart): NamedMetric[] {
  if (task === "regression") {
    const { rmse, mae, r2 } = metrics as RegressionMetrics;
    return [
      { name: "RMSE", key: "rmse", value: rmse },
      { name: "MAE", key: "mae", value: mae },
      { name: "R²", key: "r2", value: r2 },
    ];
  }
  const { accuracy, logLoss, brier, auc } = metrics as ClassificationMetrics;
  return [
    { name: "accuracy", key: "accuracy", value: accuracy },
    { name: "log loss", key: "logLoss", value: logLoss },
    { name: "Brier", key: "brier", value: brier },
    ...(auc === null ? [] : [{ name: "AUC", key: "auc", value: auc }]),
  ];
}
