/** A fit as its report wants it. */

import type { Solution } from "descend";
import type { ColumnUse } from "../prepare/describe-columns.js";
import { targetNumbers } from "../prepare/prepare.js";
import { foreseenReport } from "../report/foreseen-report.js";
import type { DescentReport, FitReportData, HistoryReport, ReportColumn, SetAsideCode } from "../report/index.js";
import { namedCoefficients } from "./coefficients.js";
import type { FitContext } from "./fit-record.js";
import { type JudgedClassification, type JudgedPart, namedMetrics } from "./judge.js";

export async function fitReportData(context: FitContext, version: string): Promise<FitReportData> {
  const { plan, split, fit, uses, findings, seed, command } = context;
  const { fitted, chosen, train, test } = fit;
  const { solution, choice, curvature, model, crossCheck } = fitted;
  const { predictedSteps, ...foreseen } = {
    ...(curvature.predictedSteps === null ? {} : { predictedSteps: curvature.predictedSteps }),
    ...foreseenOf(context),
  };
  const settings = {
    ...(model.l1 > 0 ? { l1: model.l1 } : {}),
    ...(model.l2 > 0 ? { l2: model.l2 } : {}),
    ...(chosen.kind === "huber" ? { δ: model.delta } : {}),
    ...classWeightSettings(context.classWeights),
  };
  return {
    command,
    seed,
    version,
    source: plan.table.path,
    model: {
      kind: chosen.kind,
      objective: `J = ${chosen.objective}`,
      settings,
      ...(chosen.reason === undefined ? {} : { chosenBecause: reasonCode(train, "classes" in fitted ? fitted.classes.length : 0) }),
    },
    target: plan.target.column,
    rows: {
      read: plan.rows.read,
      droppedMissing: plan.rows.missing,
      droppedInfinite: plan.rows.infinite,
      imputed: split.train.filledRows + split.test.filledRows,
      train: split.train.count,
      test: split.test.count,
    },
    columns: uses.map((use) => reportColumn(use, context)),
    scaling: context.scale,
    descent: {
      ...descentReport(solution),
      interrupted: fit.interrupted,
      value: fitted.objective,
      learningRate: choice.learningRate,
      batch: context.batch,
      ...(fit.stepsPerEpoch > 1 ? { epochs: solution.steps / fit.stepsPerEpoch } : {}),
      curvature: {
        largest: curvature.largest,
        smallest: curvature.smallest,
        conditionNumber: curvature.conditionNumber ?? Number.POSITIVE_INFINITY,
        stableLearningRate: curvature.stableLearningRate,
        predictedSteps,
      },
      ...sweepReport(fit.sweep),
      ...historyReport(solution, fit.valueUnit, fit.stepsPerEpoch),
      ...foreseen,
    },
    findings,
    coefficients: coefficientsOf(context),
    ...pathOf(fit.path),
    ...(crossCheck === undefined ? {} : { closedFormDifference: crossCheck.largestRelativeDifference }),
    metrics: metricsOf(context),
    ...predictionsOf(train, test),
    ...(await pictureOf(context)),
    ...classificationOf(context),
  };
}

/** Such as { "× yes": 5 }. */
function classWeightSettings(weights: FitContext["classWeights"]): Record<string, number | string> {
  if (weights === undefined) return {};
  if (weights === "balanced") return { "class weights": weights };
  return Object.fromEntries(Object.entries(weights).map(([label, weight]) => [`× ${label}`, weight]));
}

function reasonCode({ task }: JudgedPart, classes: number): NonNullable<FitReportData["model"]["chosenBecause"]> {
  if (task === "regression") return "numbers";
  return classes === 2 ? "two-values" : "classes";
}

/** Numbers of a table up to which looking ahead, some dozens of passes, takes a second or two. */
const MOST_NUMBERS = 5e6;

function foreseenOf({ fit, split, batch }: FitContext): Pick<DescentReport, "foreseen"> & { readonly predictedSteps?: number } {
  const { fitted, valueUnit } = fit;
  if (batch !== "full") return { foreseen: { kind: "none", why: "batches" } };
  const descent = fit.ofMoments ?? (split.train.count * split.features.length > MOST_NUMBERS ? undefined : fit.descent);
  if (descent === undefined) return {};
  const { foreseen, curvature: seen } = foreseenReport({ descent, solution: fitted.solution, valueUnit });
  // The steps to the tolerance of this descent, where its course is known, in place of an order of magnitude
  const predictedSteps = seen?.predictedSteps;
  return { foreseen, ...(predictedSteps === undefined ? {} : { predictedSteps }) };
}

export function descentReport(solution: Solution<unknown>): DescentReport {
  const { verdict, terminationReason, tests, gradientSource, gradientNorm, method, steps } = solution;
  const { evaluations, rowGradients = 0, milliseconds, value, warnings } = solution;
  return {
    verdict,
    terminationReason,
    tests,
    gradientSource,
    gradientNorm,
    method,
    steps,
    evaluations,
    rowGradients,
    milliseconds,
    value,
    warnings,
  };
}

function sweepReport(sweep: FitContext["fit"]["sweep"]): Pick<DescentReport, "sweep"> {
  if (sweep === undefined) return {};
  const { best, steps, swept, valueUnit } = sweep;
  return { sweep: { best, steps, rates: swept.map((rate) => ({ ...rate, values: rate.values.map((value) => value * valueUnit) })) } };
}

export function historyReport(solution: Solution<unknown>, valueUnit: number, stepsPerEpoch: number): { history?: HistoryReport } {
  const { history } = solution;
  if (history === undefined) return {};
  const byEpoch = stepsPerEpoch > 1;
  return {
    history: {
      unit: byEpoch ? "epoch" : "step",
      at: byEpoch ? history.step.map((step) => step / stepsPerEpoch) : history.step,
      value: history.value.map((value) => value * valueUnit),
      gradientNorm: history.gradientNorm,
      noisy: byEpoch,
    },
  };
}

function reportColumn(use: ColumnUse, { split }: FitContext): ReportColumn {
  const { name, type, role, encoding, code, reason, detail } = use;
  if (encoding === undefined) {
    if (role === "target" || role === "weight") return { name, type, role };
    const why: SetAsideCode = role === "not-asked" ? "asked" : ((code ?? "other") as SetAsideCode);
    return { name, type, role: "set-aside", reason: { code: why, detail: why === "other" ? (reason ?? "") : detail } };
  }
  const isCategory = encoding.kind === "category";
  const { missing } = encoding;
  const stand = isCategory ? encoding.base : encoding.kind === "boolean" ? String(encoding.fill === 1) : encoding.fill;
  const indicator = encoding.features.missing !== undefined && split.features.includes(encoding.features.missing);
  return {
    name,
    type,
    role: "feature",
    missing,
    ...(missing > 0
      ? { filled: { by: isCategory || encoding.kind === "boolean" ? "mode" : "median", value: stand, indicator } as const }
      : {}),
    ...(isCategory ? { coding: { kind: "categories", base: encoding.base, levels: encoding.levels.length + 1 } as const } : {}),
    ...(encoding.kind === "date"
      ? { coding: { kind: "dates", unit: encoding.features.value.replace(/^.*\((.*)\)'*$/, "$1") } as const }
      : {}),
  };
}

function coefficientsOf({ fit, split }: FitContext): FitReportData["coefficients"] {
  const deviation = (name: string): number | undefined => {
    if (split.deviations !== undefined) return split.deviations[name];
    const values = split.train.features[name];
    if (values === undefined) return undefined;
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
  };
  const cached = new Map<string, number | undefined>();
  return namedCoefficients(fit.fitted).map(({ name, class: label, value, standardError, interval, isIntercept, closedForm }) => {
    if (!cached.has(name)) cached.set(name, isIntercept ? undefined : deviation(name));
    const spread = cached.get(name);
    return {
      name,
      value,
      ...(label === undefined ? {} : { class: label }),
      ...(standardError === null ? {} : { standardError }),
      ...(interval === null ? {} : { interval }),
      ...(spread === undefined ? {} : { perDeviation: value * spread }),
      ...(spread === undefined || standardError === null ? {} : { perDeviationError: standardError * spread }),
      ...(closedForm === undefined ? {} : { closedForm }),
      ...(isIntercept ? { intercept: true } : {}),
    };
  });
}

function pathOf(path: FitContext["fit"]["path"]): Pick<FitReportData, "path"> {
  if (path === undefined) return {};
  const coefficients = path.terms.map((name, k) => ({ name, values: path.scaledWeights.map((row) => row[k]!) }));
  return { path: { penalties: path.alphas, coefficients } };
}

function metricsOf({ fit: { train, test, crossValidation } }: FitContext): FitReportData["metrics"] {
  const ofTest = new Map((test === undefined ? [] : namedMetrics(test)).map(({ key, value }) => [key, value]));
  return namedMetrics(train).map(({ key, name, value }) => {
    const fold = crossValidation?.metrics.find((metric) => metric.key === key);
    return {
      name,
      train: value,
      ...(test === undefined ? {} : { test: ofTest.get(key) ?? null }),
      ...(fold === undefined ? {} : { crossValidation: { mean: fold.mean, deviation: fold.deviation } }),
    };
  });
}

function predictionsOf(train: JudgedPart, test: JudgedPart | undefined): Pick<FitReportData, "predictions"> | Record<string, never> {
  if (train.task !== "regression") return {};
  const { actual, predicted } = train;
  return {
    predictions: {
      train: { actual, predicted },
      ...(test?.task === "regression" ? { test: { actual: test.actual, predicted: test.predicted } } : {}),
    },
  };
}

const LINE_POINTS = 200;
const GRID_POINTS = 61;

/** For one feature the line through the data, for two the surface. */
async function pictureOf({ plan, split, fit }: FitContext): Promise<Pick<FitReportData, "line" | "surface"> | Record<string, never>> {
  const { fitted } = fit;
  if ("classes" in fitted || split.features.length > 2) return {};
  const [first, second] = split.features as [string, string | undefined];
  const dataOf = (part: typeof split.train): Float64Array => targetNumbers(plan.table, plan.target, part.rows);
  if (second === undefined) {
    const all = [...split.train.features[first]!, ...(split.test.features[first] ?? [])];
    const [low, high] = all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [all[0]!, all[0]!]);
    const x = Float64Array.from({ length: LINE_POINTS }, (_, i) => low! + ((high! - low!) * i) / (LINE_POINTS - 1));
    return {
      line: {
        feature: first,
        train: { x: split.train.features[first]!, y: dataOf(split.train) },
        ...(split.test.count === 0 ? {} : { test: { x: split.test.features[first]!, y: dataOf(split.test) } }),
        fitted: { x, y: fitted.predict({ [first]: x }) },
      },
    };
  }
  const { boxAround, gridPoints } = await import("descend/plot");
  const [x, y] = [split.train.features[first]!, split.train.features[second]!];
  const extent = (values: Float64Array): [number, number] => boxAround(values, values, 0.05).x;
  const box = { x: extent(x), y: extent(y), columns: GRID_POINTS, rows: GRID_POINTS };
  const points = gridPoints(box);
  return {
    surface: {
      features: [first, second],
      grid: { ...box, values: fitted.predict({ [first]: points.x, [second]: points.y }) },
      points: { x, y, z: dataOf(split.train), onSurface: fitted.predict(split.train.features) },
    },
  };
}

function classificationOf({ fit: { fitted, train, test } }: FitContext): Pick<FitReportData, "classification"> | Record<string, never> {
  if (!("classes" in fitted) || train.task !== "classification") return {};
  const classes = fitted.classes.map(String);
  const judged = test?.task === "classification" ? test : train;
  return {
    classification: {
      classes,
      confusion: [
        { part: "train", counts: train.metrics.confusion },
        ...(test?.task === "classification" ? [{ part: "test" as const, counts: test.metrics.confusion }] : []),
      ],
      calibration: calibrationOf(judged, classes),
    },
  };
}

/** Of two classes the probability of the second; of more that of the class predicted. */
function calibrationOf(
  { actual, probabilities }: JudgedClassification,
  classes: readonly string[],
): NonNullable<NonNullable<FitReportData["classification"]>["calibration"]> {
  if (classes.length === 2) return { event: classes[1]!, probability: Float64Array.from(probabilities, (row) => row[1]!), outcome: actual };
  const best = probabilities.map((row) => row.indexOf(row.reduce((most, value) => Math.max(most, value))));
  return {
    probability: Float64Array.from(probabilities, (row, i) => row[best[i]!]!),
    outcome: Float64Array.from(best, (c, i) => (c === actual[i] ? 1 : 0)),
  };
}
