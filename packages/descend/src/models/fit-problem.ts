/**
 * What a descent minimizes to fit a model, in coordinates where every feature has the same scale,
 * and the way back to the units of the table.
 *
 * With zₖ = (xₖ − cₖ)/sₖ (cₖ and sₖ mean and deviation, unless other scales were asked for) and t = (y − ȳ)/s the
 * descent works on ω = w/s in J/s² = loss(b + z·ω − t) + (l1/s)·‖ω‖₁ + (l2/2)·‖ω‖², so learning rates, curvatures and
 * steps are those of J itself. For classes s = 1.
 */

import { columnStatistics } from "../data/column-statistics.js";
import type { FeatureTable } from "../data/feature-table.js";
import type { ScaleKind } from "../data/scaling/column-scale.js";
import { type ScaledColumns, scaleColumns } from "../data/scaling/scale-columns.js";
import { DataError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { tensor, where } from "../graph/tensor-functions.js";
import type { RowStore, TableData } from "../minimize/objective/rows.js";
import { contrasts } from "./contrasts.js";
import type { Convention, ModelKind } from "./model-spec.js";

/** A model with its numbers settled. */
export interface SettledModel {
  readonly kind: ModelKind;
  readonly loss: "squared" | "huber" | "logistic" | "softmax";
  readonly convention: Convention;
  /** In units of the target; only Huber's. */
  readonly delta: number;
  /** Weights of ‖w‖₁ and ½‖w‖² in J. */
  readonly l1: number;
  readonly l2: number;
}

/** Parameters of the problem as the descent has them. */
export interface FitParams {
  /** Absent without intercept. A number, or for softmax [classes − 1] coordinates of intercepts that sum to 0. */
  readonly intercept?: number | Float64Array;
  /** [features · outputs], row-major by feature; for softmax without l1, outputs = classes − 1 coordinates of weights that sum to 0. */
  readonly weights: Float64Array;
}

/** What is fitted, before a model is settled on it. */
export interface FitData {
  readonly features: FeatureTable;
  readonly z: ScaledColumns;
  /** Class indices, or t = (y − center)/deviation, [rows]. */
  readonly target: Float64Array;
  /** As the user gave it: numbers or class indices, [rows]. */
  readonly rawTarget: Float64Array;
  readonly targetCenter: number;
  readonly targetDeviation: number;
  /** 2 or more; 0 for regression. */
  readonly classes: number;
  /** How often each row counts, [rows], and their sum m; undefined: once each. */
  readonly weights: Float64Array | undefined;
  readonly total: number;
  readonly intercept: boolean;
  /** Of a table that is streamed. */
  readonly stream?: RowStream | undefined;
}

/** Rows that are kept elsewhere: the arrays of rows beside it are empty. */
export interface RowStream {
  /** Numbers of a row by name: z, and what the loss compares with. */
  readonly store: RowStore;
  /** Some rows of `problem` at a time, each piece in the place of the one before. */
  readonly pieces: (problem: FitProblem) => Iterable<FitProblem>;
}

export interface FitProblem extends FitData {
  readonly model: SettledModel;
  /** Columns of the weights: 1, classes − 1 or classes. */
  readonly outputs: number;
  /** J = lossFactor · weighted mean of the row losses + penalties. */
  readonly lossFactor: number;
  /** Penalties in the coordinates of the descent. */
  readonly l1: number;
  readonly l2: number;
  /** δ in those coordinates. */
  readonly delta: number;
  readonly start: FitParams;
  readonly data: TableData | RowStore;
  /**
   * Of a table that is streamed, where the arrays of rows above are empty: its rows, some at a time, as problems whose sums over rows add
   * up to those of the whole. Each piece takes the place of the one before; penalties are left out.
   */
  readonly pieces?: (() => Iterable<FitProblem>) | undefined;
  /**
   * The objective, traced; its params are {@link FitParams}.
   *
   * @param preconditioner - [features, features] row-major: the descent then works on u with ω = P·u.
   */
  objective(preconditioner?: Float64Array): (params: { intercept?: Tensor; weights: Tensor }, row: Record<string, Tensor>) => Tensor;
}

export interface FitDataOptions {
  readonly weights: Float64Array | undefined;
  readonly classes: number;
  readonly intercept: boolean;
  readonly scaleFeatures: ScaleKind;
  readonly scaleTarget: boolean;
}

/**
 * Standardizes a table.
 *
 * @param target - numbers, or class indices, [rows].
 * @throws DataError TARGET_CONSTANT for a number that never varies while there is an intercept; DATA_NOT_FINITE for a column so large or
 * small that its coefficient, or its part of the intercept, is no number of double precision
 */
export function fitData(features: FeatureTable, target: Float64Array, options: FitDataOptions): FitData {
  const { weights, classes, intercept, scaleFeatures, scaleTarget } = options;
  const z = scaleColumns(features.columns, { kind: scaleFeatures, shift: intercept, weights });
  let targetCenter = 0;
  let targetDeviation = 1;
  if (classes === 0) {
    const { mean, deviation } = columnStatistics(target, weights);
    const spread = intercept ? deviation : Math.hypot(mean, deviation);
    if (spread === 0) {
      throw new DataError("TARGET_CONSTANT", `target: expected numbers that vary, got ${mean} in every row.`, {
        column: "target",
        value: mean,
      });
    }
    if (scaleTarget) {
      targetCenter = intercept ? mean : 0;
      targetDeviation = spread;
    }
  }
  requireRepresentable(features, z, targetDeviation, targetCenter);
  const scaled = classes > 0 ? target : target.map((y) => (y - targetCenter) / targetDeviation);
  const total = weights === undefined ? features.rows : weights.reduce((sum, weight) => sum + weight, 0);
  return { features, z, target: scaled, rawTarget: target, targetCenter, targetDeviation, classes, weights, total, intercept };
}

/** Sizes up to this leave room for products of twice the digits, and for what is some hundred times as large. */
const LARGEST = 1e290;

function requireRepresentable({ names, columns }: FeatureTable, z: ScaledColumns, targetDeviation: number, targetCenter: number): void {
  const isHeld = (size: number): boolean => size > 1 / LARGEST && size < LARGEST;
  const refuse = (where: string, column: string, values: ArrayLike<number>): never => {
    const row = Array.from(values).reduce((largest, x, i) => (Math.abs(x) > Math.abs(values[largest]!) ? i : largest), 0);
    const got = String(values[row]);
    throw new DataError(
      "DATA_NOT_FINITE",
      `${where}: expected numbers of a size whose coefficients double precision can hold; "${column}" goes to ${got} in row ${row}.`,
      { column, row, got },
      { hint: "Choose another unit: multiply the column by a constant." },
    );
  };
  if (!isHeld(targetDeviation) || !(Math.abs(targetCenter) < LARGEST)) refuse("target", "target", [targetCenter]);
  columns.forEach((column, k) => {
    const scale = z.scales[k]!;
    const held = isHeld(scale) && isHeld(targetDeviation / scale) && Math.abs(z.centers[k]!) < LARGEST;
    if (!held) refuse("features", names[k]!, column);
  });
}

/** The problem of fitting `model` to `data`. */
export function fitProblem(data: FitData, model: SettledModel): FitProblem {
  const { z, classes, targetDeviation: s, total, intercept } = data;
  const l1 = model.l1 / s;
  const { l2 } = model;
  const delta = model.delta / s;
  const lossFactor = factorOf(model, total);
  const isSoftmax = model.loss === "softmax";
  const outputs = isSoftmax ? (l1 > 0 ? classes : classes - 1) : 1;
  const start: FitParams = {
    ...(intercept ? { intercept: isSoftmax ? new Float64Array(classes - 1) : 0 } : {}),
    weights: new Float64Array(z.width * outputs),
  };
  const { stream } = data;
  const columns: Record<string, TableData[string]> = { z: { values: z.values, width: z.width } };
  if (model.loss === "logistic") columns.sign = data.target.map((label) => (label === 1 ? 1 : -1));
  else if (isSoftmax) columns.label = data.target;
  else columns.t = data.target;
  if (data.weights !== undefined) columns.weight = data.weights.map((weight) => (weight * z.rows) / total);

  const objective: FitProblem["objective"] = (preconditioner) => (params, row) => {
    const scores = scoresOf(params, row.z!, { width: z.width, outputs, classes, isSoftmax, preconditioner });
    const losses = rowLoss(model.loss, scores, row, delta, classes);
    const mean = (row.weight === undefined ? losses : losses.mul(row.weight)).mean().mul(lossFactor);
    const weights = preconditioned(params.weights, z.width, outputs, preconditioner);
    const squares =
      l2 > 0
        ? mean.add(
            weights
              .square()
              .sum()
              .mul(l2 / 2),
          )
        : mean;
    return l1 > 0 ? squares.add(weights.abs().sum().mul(l1)) : squares;
  };
  const problem: FitProblem = { ...data, model, outputs, lossFactor, l1, l2, delta, start, data: stream?.store ?? columns, objective };
  return stream === undefined ? problem : { ...problem, pieces: () => stream.pieces(problem) };
}

/** J's factor on the weighted mean of row losses, which are r²/2 (or Huber's ρ) and log losses. */
function factorOf({ convention, loss }: SettledModel, total: number): number {
  if (loss === "logistic" || loss === "softmax") return convention === "sum" ? total : 1;
  return { "half-mean": 1, mean: 2, "half-sum": total, sum: 2 * total }[convention];
}

interface ScoreOptions {
  readonly width: number;
  readonly outputs: number;
  readonly classes: number;
  readonly isSoftmax: boolean;
  readonly preconditioner: Float64Array | undefined;
}

/** b + z·ω: [rows], or [rows, classes] for softmax. */
function scoresOf(params: { intercept?: Tensor; weights: Tensor }, z: Tensor, options: ScoreOptions): Tensor {
  const { width, outputs, classes, isSoftmax, preconditioner } = options;
  const weights = preconditioned(params.weights, width, outputs, preconditioner);
  if (!isSoftmax) {
    const scores = z.matmul(weights.reshape([width]));
    return params.intercept === undefined ? scores : scores.add(params.intercept);
  }
  // Intercepts, and without l1 weights too, are coordinates in the space of vectors that sum to 0:
  // every minimizer is there, and it is unique
  const basis = tensor(contrasts(classes)).transpose();
  const scores = z.matmul(weights);
  if (outputs < classes) return (params.intercept === undefined ? scores : scores.add(params.intercept)).matmul(basis);
  return params.intercept === undefined ? scores : scores.add(params.intercept.matmul(basis));
}

/** ω as [features, outputs]. */
function preconditioned(weights: Tensor, width: number, outputs: number, preconditioner: Float64Array | undefined): Tensor {
  const shaped = weights.reshape([width, outputs]);
  return preconditioner === undefined ? shaped : tensor(preconditioner).reshape([width, width]).matmul(shaped);
}

function rowLoss(loss: SettledModel["loss"], scores: Tensor, row: Record<string, Tensor>, delta: number, classes: number): Tensor {
  switch (loss) {
    case "squared":
      return scores.sub(row.t!).square().mul(0.5);
    case "huber": {
      const size = scores.sub(row.t!).abs();
      return where(size.lessEqual(delta), size.square().mul(0.5), size.sub(delta / 2).mul(delta));
    }
    case "logistic":
      return scores.mul(row.sign!).neg().softplus();
    case "softmax": {
      const isLabel = row.label!.expandDims(1).equal(Array.from({ length: classes }, (_, k) => k));
      return scores.logSumExp(-1).sub(scores.mul(isLabel).sum(-1));
    }
  }
}
