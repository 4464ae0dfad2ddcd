/** A fit as one object, for programs. */

import type { ScaleKind } from "descend";
import type { ColumnUse } from "../prepare/describe-columns.js";
import type { PlanSummary, PreparedSplit } from "../prepare/prepare.js";
import { coefficientRecord, namedCoefficients } from "./coefficients.js";
import type { Finding, NamedClassWeights, TableFit } from "./fit-table.js";

export interface FitContext {
  readonly plan: PlanSummary;
  readonly split: PreparedSplit;
  readonly fit: TableFit;
  readonly uses: readonly ColumnUse[];
  /** Those of the fit and those of the table. */
  readonly findings: readonly Finding[];
  readonly seed: number;
  readonly testFraction: number;
  readonly scale: ScaleKind;
  readonly batch: number | "full";
  readonly classWeights: NamedClassWeights | undefined;
  readonly command: string;
}

export function fitRecord({ plan, split, fit, uses, findings, seed, testFraction, scale, classWeights, command }: FitContext): object {
  const { fitted, chosen, train, test, crossValidation } = fit;
  const { solution, curvature, choice, crossCheck } = fitted;
  const coefficients = namedCoefficients(fitted);
  const filled = new Map<string, number>(split.train.filled);
  for (const [column, count] of split.test.filled) filled.set(column, (filled.get(column) ?? 0) + count);
  return {
    model: chosen.kind,
    modelReason: chosen.reason ?? "asked for",
    objective: chosen.objective,
    target: plan.target.column,
    ...("classes" in fitted ? { classes: fitted.classes } : {}),
    coefficients: coefficientRecord(coefficients, ({ value }) => value),
    standardErrors: coefficientRecord(coefficients, ({ standardError }) => standardError),
    confidenceIntervals: coefficientRecord(coefficients, ({ interval }) => interval),
    metrics: { train: train.metrics, test: test?.metrics ?? null },
    ...(crossValidation === undefined
      ? {}
      : {
          crossValidation: {
            folds: crossValidation.folds,
            notConverged: crossValidation.notConverged,
            metrics: Object.fromEntries(crossValidation.metrics.map(({ key, mean, deviation }) => [key, { mean, deviation }])),
          },
        }),
    verdict: solution.verdict,
    terminationReason: solution.terminationReason,
    converged: solution.converged,
    steps: solution.steps,
    epochs: solution.steps / fit.stepsPerEpoch,
    seconds: solution.milliseconds / 1000,
    findings,
    features: split.features,
    setAside: [...plan.setAside, ...split.setAside],
    columns: uses,
    ...(fit.passes === undefined ? {} : { passes: fit.passes }),
    rows: {
      read: plan.rows.read,
      droppedMissing: plan.rows.missing,
      droppedInfinite: plan.rows.infinite,
      filled: Object.fromEntries(filled),
      train: split.train.count,
      test: split.test.count,
    },
    weights: plan.weights ?? null,
    classWeights: classWeights ?? null,
    scale,
    settings: fitted.model,
    method: solution.method,
    methodReason: choice.methodReason,
    learningRate: choice.learningRate ?? null,
    ...(fit.sweep === undefined ? {} : { sweep: sweepRecord(fit.sweep) }),
    value: fitted.objective,
    gradientNorm: solution.gradientNorm,
    gradientSource: solution.gradientSource,
    evaluations: solution.evaluations,
    rowGradients: solution.rowGradients ?? null,
    tests: solution.tests,
    curvature,
    conditionNumber: curvature.conditionNumber,
    closedForm:
      crossCheck === undefined
        ? null
        : {
            solver: crossCheck.solver,
            coefficients: coefficientRecord(coefficients, ({ closedForm }) => closedForm ?? null),
            largestDifference: crossCheck.largestRelativeDifference,
          },
    seed,
    testFraction,
    interrupted: fit.interrupted,
    checkpoint: fit.checkpoint ?? null,
    command,
  };
}

function sweepRecord({ best, steps, swept, valueUnit }: NonNullable<TableFit["sweep"]>): object {
  return {
    best: best ?? null,
    steps,
    rates: swept.map(({ learningRate, values, diverged }) => ({
      learningRate,
      steps: values.length - 1,
      value: diverged ? null : values.at(-1)! * valueUnit,
    })),
  };
}
