/** A small fit for the tests of the report: y = 3 + 2·x with made residuals. */

import type { FitReportData } from "../../src/report/index.js";

export const x: readonly number[] = Array.from({ length: 30 }, (_, i) => i);
const residuals = x.map((i) => Math.sin(i * 2.7));
const y = x.map((value, i) => 3 + 2 * value + residuals[i]!);
const predicted = x.map((value) => 3 + 2 * value);

export const fitReport: FitReportData = {
  command: 'descend fit data.csv --target "price"',
  seed: 17,
  version: "0.1.0",
  source: "data.csv",
  model: { kind: "ridge", objective: "Σr² + α·‖w‖²", settings: { α: 0.25 }, chosenBecause: "numbers" },
  target: "price",
  targetUnit: "€",
  rows: { read: 40, droppedMissing: 7, droppedInfinite: 1, imputed: 2, train: 20, test: 10 },
  columns: [
    { name: "price", type: "DOUBLE", role: "target" },
    { name: "size", type: "BIGINT", role: "feature", missing: 2, filled: { by: "median", value: 12.5, indicator: true } },
    { name: "color", type: "VARCHAR", role: "feature", coding: { kind: "categories", base: "red", levels: 3 } },
    { name: "constant", type: "BIGINT", role: "set-aside", reason: { code: "constant", detail: "4" } },
  ],
  scaling: "standard",
  descent: {
    verdict: "converged",
    terminationReason: "gradient-tolerance",
    tests: [
      { name: "gradient", passed: true, value: 1e-9, threshold: 1e-6, evidence: "‖g‖∞ = 1e-9, the largest seen was 1" },
      { name: "curvature", passed: true, value: 0.5, threshold: -1e-8, evidence: "curvatures from 0.5 to 2" },
    ],
    gradientSource: "compiled",
    gradientNorm: 1e-9,
    method: "lbfgs",
    steps: 12,
    evaluations: { value: 14, gradient: 13, hessianVector: 4 },
    milliseconds: 8,
    value: 0.123,
    warnings: [],
    learningRate: 0.5,
    batch: "full",
    curvature: { largest: 2, smallest: 0.5, conditionNumber: 4, stableLearningRate: 1, predictedSteps: 15 },
    history: { unit: "step", at: [0, 1, 2, 3], value: [9, 3, 1, 0.123], gradientNorm: [1, 0.1, 1e-3, 1e-9] },
  },
  findings: [{ code: "DEPENDENT_COLUMNS", severity: "warning", message: "size is a combination of the other columns", columns: ["size"] }],
  coefficients: [
    { name: "intercept", value: 3, intercept: true, standardError: 0.2, closedForm: 3 },
    { name: "size", value: 2, standardError: 0.1, perDeviation: 17.3, perDeviationError: 0.9, closedForm: 2 },
  ],
  closedFormDifference: 2e-13,
  metrics: [
    { name: "RMSE", train: 0.7, test: 0.8, crossValidation: { mean: 0.75, deviation: 0.05 } },
    { name: "R²", train: 0.99, test: null },
  ],
  predictions: {
    train: { actual: y.slice(0, 20), predicted: predicted.slice(0, 20) },
    test: { actual: y.slice(20), predicted: predicted.slice(20) },
  },
  line: { feature: "size", unit: "m²", train: { x, y }, fitted: { x: [0, 29], y: [3, 61] } },
};
