/** A fitted model as plain numbers: what it takes to predict, to print, and to save. */

import { type Features, type FeatureTable, readFeatures } from "../data/feature-table.js";
import { polynomialFeatures } from "../data/polynomial-features.js";
import { DataError } from "../errors.js";
import { compensatedDot } from "../numeric/compensated-sum.js";
import { sigmoid } from "../numeric/special.js";
import type { ClassLabel, ModelKind } from "./model-spec.js";
import { type IntervalOptions, intervalsAround, type PredictionIntervals, type PredictionUncertainty } from "./prediction-intervals.js";
import { softmaxOf } from "./scores.js";

/** A model as data that survives JSON. */
export interface ModelData {
  readonly format: "descend-model";
  readonly version: 1;
  readonly kind: ModelKind;
  /** Columns a prediction needs. */
  readonly featureNames: readonly string[];
  /** Total degree of the products of features that the model is linear in. 1: the features themselves. */
  readonly degree: number;
  /** Scores are offsets[o] + Σₖ coefficients[o][k]·(termₖ − centers[k]); the same as an intercept at 0 with less rounding. */
  readonly centers: readonly number[];
  readonly offsets: readonly number[];
  readonly coefficients: readonly (readonly number[])[];
  /** Labels of the classes; absent for regression. */
  readonly classes?: readonly ClassLabel[];
  /** What intervals of predictions need; only of least squares without penalty. */
  readonly uncertainty?: PredictionUncertainty;
}

interface CommonModel {
  readonly kind: ModelKind;
  readonly featureNames: readonly string[];
  readonly degree: number;
  /** Names of what the weights belong to: the features, or their products. */
  readonly terms: readonly string[];
  toJSON(): ModelData;
}

export interface RegressionModel extends CommonModel {
  /** Prediction where all terms are 0. */
  readonly intercept: number;
  /** Change of the prediction per unit of each term, [terms], in the units of the table. */
  readonly weights: Float64Array;
  /**
   * Predictions in the unit of the target, [rows].
   *
   * @throws DataError for features that are missing, ragged or not finite
   */
  predict(features: Features): Float64Array;
  /**
   * Predictions with intervals that hold the target of so large a share of new rows: for least squares whose errors are normal and alike.
   *
   * ŷ ± t·σ·√(1 + uᵀ(AᵀA)⁻¹u)
   *
   * @throws OptionError OPTIONS_CONFLICT for models without intervals
   *
   * @example fitted.predict({ area: [120] }, { interval: 0.95 }).upper[0];
   */
  predict(features: Features, options: IntervalOptions): PredictionIntervals;
}

export interface ClassificationModel extends CommonModel {
  readonly classes: readonly ClassLabel[];
  /** One score for two classes of a logistic model (that of the second class against the first), else one a class. */
  readonly intercepts: Float64Array;
  /** [scores][terms], in the units of the table. */
  readonly weights: readonly Float64Array[];
  /** @returns the most probable class of each row; of equals the first. */
  predict(features: Features): ClassLabel[];
  /** @returns the probability of each class, [rows][classes]. */
  predictProbabilities(features: Features): Float64Array[];
}

export type Model = RegressionModel | ClassificationModel;

/** The model of its data; of regression if there are no classes. */
export function modelOf(data: ModelData): Model {
  const { kind, featureNames, degree, classes, coefficients, offsets, centers } = data;
  const read = (features: Features): FeatureTable => polynomialFeatures(readFeatures(features, featureNames), degree);
  const terms = polynomialFeatures({ names: featureNames, columns: featureNames.map(() => new Float64Array(0)), rows: 0 }, degree).names;
  const weights = coefficients.map((values) => Float64Array.from(values));
  const intercepts = Float64Array.from(offsets, (offset, o) => interceptOf(offset, coefficients[o]!, centers));
  const common = { kind, featureNames, degree, terms, toJSON: () => data };
  if (classes === undefined) {
    function predict(features: Features): Float64Array;
    function predict(features: Features, options: IntervalOptions): PredictionIntervals;
    function predict(features: Features, options?: IntervalOptions): Float64Array | PredictionIntervals {
      const table = read(features);
      const values = scores(data, table, 0);
      return options === undefined ? values : intervalsAround(values, table, centers, data.uncertainty, options);
    }
    return { ...common, intercept: intercepts[0]!, weights: weights[0]!, predict };
  }
  const probabilities = (features: Features): Float64Array[] => {
    const table = read(features);
    const byScore = coefficients.map((_, o) => scores(data, table, o));
    return Array.from({ length: table.rows }, (_, i) => {
      if (byScore.length === 1) return Float64Array.of(sigmoid(-byScore[0]![i]!), sigmoid(byScore[0]![i]!));
      return softmaxOf(byScore.map((column) => column[i]!));
    });
  };
  return {
    ...common,
    classes,
    intercepts,
    weights,
    predictProbabilities: probabilities,
    predict: (features: Features) => probabilities(features).map((row) => classes[row.indexOf(Math.max(...row))]!),
  };
}

/**
 * A model from what {@link Model.toJSON} gave.
 *
 * @param json - the data, or its text.
 * @throws DataError MODEL_INVALID
 */
export function modelFromJSON(json: ModelData | string): Model {
  let data: ModelData;
  try {
    data = (typeof json === "string" ? JSON.parse(json) : json) as ModelData;
  } catch (cause) {
    throw invalid("the text is no JSON", cause);
  }
  const problem = invalidReason(data);
  if (problem !== undefined) throw invalid(problem);
  return modelOf(data);
}

function scores({ offsets, coefficients, centers }: ModelData, table: FeatureTable, o: number): Float64Array {
  const result = new Float64Array(table.rows).fill(offsets[o]!);
  coefficients[o]!.forEach((coefficient, k) => {
    const column = table.columns[k]!;
    const center = centers[k]!;
    for (let i = 0; i < table.rows; i++) result[i]! += coefficient * (column[i]! - center);
  });
  return result;
}

function interceptOf(offset: number, coefficients: readonly number[], centers: readonly number[]): number {
  return compensatedDot([1, ...coefficients], [offset, ...centers.map((center) => -center)]);
}

function invalid(reason: string, cause?: unknown): DataError<"MODEL_INVALID"> {
  return new DataError("MODEL_INVALID", `model: ${reason}. Expected what a fitted model's toJSON() gave.`, { reason }, { cause });
}

function invalidReason(data: ModelData): string | undefined {
  if (typeof data !== "object" || data === null || data.format !== "descend-model") return "this is no saved model";
  if (data.version !== 1) return `version ${String(data.version)} is not known, only 1`;
  const numbers = (values: unknown): values is number[] =>
    Array.isArray(values) && values.every((value) => typeof value === "number" && Number.isFinite(value));
  const { featureNames, centers, offsets, coefficients, classes } = data;
  if (!Array.isArray(featureNames) || featureNames.length === 0) return "it has no feature names";
  if (!numbers(centers) || !numbers(offsets) || !Array.isArray(coefficients) || !coefficients.every(numbers))
    return "its numbers are not finite numbers";
  if (!Number.isInteger(data.degree) || data.degree < 1) return "its degree is no whole number ≥ 1";
  if (coefficients.length !== offsets.length || coefficients.some((row) => row.length !== centers.length))
    return "its arrays do not fit together";
  const { uncertainty } = data;
  if (uncertainty !== undefined && (uncertainty.factor?.length !== centers.length + 1 || !uncertainty.factor.every(numbers)))
    return "what its intervals need does not fit its coefficients";
  const outputs = classes === undefined ? 1 : data.kind === "softmax" ? classes.length : 1;
  return coefficients.length === outputs ? undefined : `it has ${coefficients.length} rows of coefficients instead of ${outputs}`;
}
