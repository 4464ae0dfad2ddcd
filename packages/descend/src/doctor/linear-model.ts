/**
 * Models over a table in its own units: loss of scores s = b + x·w, averaged over the rows, plus ½·l2·‖w‖².
 *
 * The objective is traced once; {@link linearModelLoss} computes the same in plain arithmetic, for the comparison of runs in common units.
 */

import type { TableData } from "../minimize/objective/rows.js";
import { sigmoid, softplus } from "../numeric/special.js";
import type { ModelChoice } from "./case.js";

/** A table as a model meets it. */
export interface ModelRows {
  /** [width][rows]. */
  readonly columns: readonly ArrayLike<number>[];
  /** [rows]. */
  readonly target: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
}

/** What a loss can never be below, whatever the parameters. */
export function lossBound({ kind }: ModelChoice, target: ArrayLike<number>): number {
  if (kind !== "poisson") return 0;
  // eˢ − y·s is least at s = ln y
  let sum = 0;
  for (let i = 0; i < target.length; i++) sum += target[i]! > 0 ? target[i]! - target[i]! * Math.log(target[i]!) : 0;
  return sum / target.length;
}

/** Columns of data and the traced objective of a model. `delta` is Huber's. */
export function linearObjective(
  { columns, target, weights }: ModelRows,
  model: ModelChoice,
  delta: number,
  classes: number,
): { data: TableData; objective: (params: never, row: never) => unknown } {
  const rows = target.length;
  const width = columns.length;
  const x = new Float64Array(rows * width);
  columns.forEach((column, k) => {
    for (let i = 0; i < rows; i++) x[i * width + k] = column[i]!;
  });
  const data: Record<string, TableData[string]> = { x: { values: x, width } };
  if (model.kind === "softmax") {
    const own = new Float64Array(rows * classes);
    for (let i = 0; i < rows; i++) own[i * classes + target[i]!] = 1;
    data.own = { values: own, width: classes };
  } else data.y = Float64Array.from(target);
  if (weights !== undefined) {
    const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
    data.weight = Float64Array.from(weights, (weight) => (weight * rows) / total);
  }
  const l2 = model.l2 ?? 0;
  // biome-ignore lint/suspicious/noExplicitAny: tensors, whose type belongs to a room that is not needed otherwise
  const objective = (params: any, row: any): unknown => {
    const product = row.x.matmul(params.weights);
    const scores = params.intercept === undefined ? product : product.add(params.intercept);
    const losses = rowLosses(model.kind, scores, row, delta);
    const mean = (row.weight === undefined ? losses : losses.mul(row.weight)).mean();
    if (l2 === 0) return mean;
    const squares = params.weights
      .square()
      .sum()
      .mul(l2 / 2);
    return mean.add(squares);
  };
  return { data, objective: objective as (params: never, row: never) => unknown };
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function rowLosses(kind: ModelChoice["kind"], scores: any, row: any, delta: number): any {
  if (kind === "softmax") return scores.logSumExp(1).sub(scores.mul(row.own).sum(1));
  if (kind === "logistic") return scores.softplus().sub(scores.mul(row.y));
  if (kind === "poisson") return scores.exp().sub(scores.mul(row.y));
  if (kind === "sigmoid-squares") return scores.sigmoid().sub(row.y).square().mul(0.5);
  const residuals = scores.sub(row.y);
  if (kind === "absolute") return residuals.abs();
  if (kind === "linear") return residuals.square().mul(0.5);
  const size = residuals.abs();
  const inside = size.minimum(delta);
  return inside.mul(size).sub(inside.square().mul(0.5));
}

/** Scores of all rows, [rows · outputs] row-major, from flat parameters (intercept first). */
export function linearScores(
  columns: readonly ArrayLike<number>[],
  rows: number,
  params: ArrayLike<number>,
  intercept: boolean,
  outputs: number,
): Float64Array {
  const scores = new Float64Array(rows * outputs);
  const shift = intercept ? outputs : 0;
  for (let i = 0; i < rows; i++) for (let c = 0; c < outputs; c++) scores[i * outputs + c] = intercept ? params[c]! : 0;
  columns.forEach((column, k) => {
    for (let c = 0; c < outputs; c++) {
      const weight = params[shift + k * outputs + c]!;
      if (weight !== 0) for (let i = 0; i < rows; i++) scores[i * outputs + c]! += weight * column[i]!;
    }
  });
  return scores;
}

/** Loss of one row from its scores. */
export function lossOfRow(kind: ModelChoice["kind"], scores: Float64Array, row: number, outputs: number, y: number, delta: number): number {
  const s = scores[row * outputs]!;
  switch (kind) {
    case "linear":
      return (s - y) ** 2 / 2;
    case "absolute":
      return Math.abs(s - y);
    case "huber": {
      const inside = Math.min(Math.abs(s - y), delta);
      return inside * Math.abs(s - y) - inside ** 2 / 2;
    }
    case "logistic":
      return softplus(s) - y * s;
    case "sigmoid-squares":
      return (sigmoid(s) - y) ** 2 / 2;
    case "poisson":
      return Math.exp(s) - y * s;
    case "softmax": {
      let highest = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < outputs; c++) highest = Math.max(highest, scores[row * outputs + c]!);
      let sum = 0;
      for (let c = 0; c < outputs; c++) sum += Math.exp(scores[row * outputs + c]! - highest);
      return highest + Math.log(sum) - scores[row * outputs + y]!;
    }
  }
}

/** Weighted mean loss without penalty at flat parameters. */
export function linearModelLoss(
  rows: ModelRows,
  model: ModelChoice,
  params: ArrayLike<number>,
  options: { intercept: boolean; outputs: number; delta: number },
): number {
  const { columns, target, weights } = rows;
  const { intercept, outputs, delta } = options;
  const scores = linearScores(columns, target.length, params, intercept, outputs);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * lossOfRow(model.kind, scores, i, outputs, target[i]!, delta);
    total += weight;
  }
  return sum / total;
}
