/** A fit in words, for people. */

import pc from "picocolors";
import { columnLines } from "../prepare/describe-columns.js";
import { formatCount, formatNumber, formatTable, shortName } from "../terminal/format.js";
import { verdictInWords } from "../terminal/verdict-words.js";
import { sentence } from "../terminal/words/sentences.js";
import { words } from "../terminal/words/words.js";
import { namedCoefficients } from "./coefficients.js";
import type { FitContext } from "./fit-record.js";
import type { Finding, NamedClassWeights } from "./fit-table.js";
import { namedMetrics } from "./judge.js";

/** Coefficients shown one a line. */
const MOST_COEFFICIENTS = 40;

export function fitLines(context: FitContext): string[] {
  const { split, fit, uses } = context;
  return [
    ...summaryLines(context),
    "",
    ...columnLines(uses, split.features),
    ...split.setAside
      .filter(({ column }) => !uses.some(({ name }) => name === column))
      .map(({ column, reason }) => words().fit.featureNotUsed(column, sentence(reason))),
    "",
    ...sweepLines(fit.sweep),
    ...coefficientLines(context),
    "",
    ...metricLines(context),
    "",
    verdictInWords(fit.fitted.solution),
    effortLine(context),
    ...(fit.checkpoint === undefined ? [] : [words().fit.resume(fit.checkpoint)]),
    ...context.findings.map(findingLine),
  ];
}

function summaryLines({ plan, split, fit, seed, classWeights }: FitContext): string[] {
  const { table, rows, target } = plan;
  const { chosen, fitted } = fit;
  const { choice, curvature } = fitted;
  const { fit: say, comma } = words();
  const missing = formatCount(rows.missing);
  const dropped = [
    ...(rows.missing === 0 ? [] : [plan.missing === "drop" ? say.withMissing(missing) : say.withoutTarget(missing)]),
    ...(rows.infinite === 0 ? [] : [say.withInfinite(formatCount(rows.infinite))]),
  ];
  const classes = "classes" in fitted ? fitted.classes : undefined;
  const shown =
    classes === undefined
      ? target.column
      : say.targetWithClasses(target.column, classes.length > 6 ? say.classes(classes.length) : classes.join(", "));
  const rate = choice.learningRate === undefined ? "" : comma + say.learningRate(formatNumber(choice.learningRate, 4));
  const reason = chosen.reason === undefined ? "" : say.because(sentence(chosen.reason));
  return formatTable(
    [
      [say.table, say.tableSummary(table.path, formatCount(rows.read), table.columns.length, dropped)],
      [say.target, shown],
      [say.model, `${chosen.kind}${words().columns.colon}${chosen.objective}${settingsInWords(fitted.model)}${reason}`],
      ...(plan.weights === undefined ? [] : [[say.weights, say.columnWeighs(plan.weights)]]),
      ...(classWeights === undefined ? [] : [[say.weights, classWeightsInWords(classWeights)]]),
      [say.method, `${choice.method}${rate}${say.because(sentence(choice.methodReason))}`],
      [say.curvature, curvatureInWords(curvature)],
      [say.split, say.splitSummary(formatCount(split.train.count), formatCount(split.test.count), seed)],
    ],
    ["left", "left"],
  );
}

function classWeightsInWords(weights: NamedClassWeights): string {
  const { fit: say, comma } = words();
  if (weights === "balanced") return say.balanced;
  return Object.entries(weights)
    .map(([label, weight]) => say.classCounts(label, formatNumber(weight, 4)))
    .join(comma);
}

function settingsInWords({ kind, l1, l2, delta }: FitContext["fit"]["fitted"]["model"]): string {
  if (kind === "linear") return "";
  const { fit: say, comma } = words();
  const parts = [
    ...(l1 > 0 ? [say.l1Weight(formatNumber(l1, 4))] : []),
    ...(l2 > 0 ? [say.l2Weight(formatNumber(l2, 4))] : []),
    ...(kind === "huber" ? [`δ ${formatNumber(delta, 4)}`] : []),
  ];
  return comma + (parts.length === 0 ? say.noPenalty : parts.join(comma));
}

function curvatureInWords({
  largest,
  conditionNumber,
  stableLearningRate,
  gradientDescentSteps,
  predictedSteps,
}: FitContext["fit"]["fitted"]["curvature"]): string {
  return words().fit.curvatureSummary({
    largest: formatNumber(largest, 4),
    condition: conditionNumber === null ? undefined : formatNumber(conditionNumber, 4),
    predicted: predictedSteps === null ? undefined : steps(predictedSteps),
    stable: formatNumber(stableLearningRate, 4),
    plain: gradientDescentSteps === null ? undefined : steps(gradientDescentSteps),
  });
}

function steps(count: number): string {
  return words().fit.steps(count, formatCount(count));
}

/** Rates that were tried, the lowest value each reached, the one taken. */
function sweepLines(sweep: FitContext["fit"]["sweep"]): string[] {
  if (sweep === undefined) return [];
  const { fit: say } = words();
  const rows = sweep.swept.map(({ learningRate, values, diverged }) => [
    formatNumber(learningRate, 3),
    diverged ? say.diverged : formatNumber(values.at(-1)! * sweep.valueUnit, 6),
    formatCount(values.length - 1),
    learningRate === sweep.best ? say.taken : "",
  ]);
  const lines = formatTable([say.sweepHead, ...rows], ["right", "right", "right", "left"]);
  return [...lines, say.sweepCost(formatCount(sweep.steps)), ""];
}

function coefficientLines({ fit }: FitContext): string[] {
  const all = namedCoefficients(fit.fitted);
  const shown = all.slice(0, MOST_COEFFICIENTS);
  const withClass = all.some((coefficient) => coefficient.class !== undefined);
  const withError = all.some(({ standardError }) => standardError !== null);
  const withClosedForm = all.some(({ closedForm }) => closedForm !== undefined);
  const number = (value: number | null | undefined, digits: number): string =>
    value === null || value === undefined ? "–" : formatNumber(value, digits);
  const rows = shown.map((coefficient) => [
    ...(withClass ? [coefficient.class ?? ""] : []),
    shortName(coefficient.name),
    formatNumber(coefficient.value, 9),
    ...(withError ? [number(coefficient.standardError, 3), intervalInWords(coefficient.interval)] : []),
    ...(withClosedForm ? [number(coefficient.closedForm, 9)] : []),
  ]);
  const { fit: say } = words();
  const head = [
    ...(withClass ? [say.class] : []),
    say.coefficient,
    say.descent,
    ...(withError ? [say.standardError, say.interval] : []),
    ...(withClosedForm ? [say.closedForm] : []),
  ];
  const lines = formatTable(
    [head, ...rows],
    head.map((_, k) => (k < (withClass ? 2 : 1) ? "left" : "right")),
  );
  return all.length === shown.length ? lines : [...lines, say.more(formatCount(all.length - shown.length))];
}

function intervalInWords(interval: readonly [number, number] | null): string {
  return interval === null ? "–" : `${formatNumber(interval[0], 4)} … ${formatNumber(interval[1], 4)}`;
}

function metricLines({ fit: { train, test, crossValidation } }: FitContext): string[] {
  const ofTest = new Map((test === undefined ? [] : namedMetrics(test)).map(({ key, value }) => [key, value]));
  const ofFolds = new Map((crossValidation?.metrics ?? []).map((metric) => [metric.key, metric]));
  const number = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : formatNumber(value, 5));
  const { fit: say } = words();
  const head = ["", say.train, say.test, ...(crossValidation === undefined ? [] : [say.folds(crossValidation.folds)])];
  const rows = namedMetrics(train).map(({ key, name, value }) => {
    const fold = ofFolds.get(key);
    return [
      say.metrics[name] ?? name,
      number(value),
      number(ofTest.get(key)),
      ...(crossValidation === undefined
        ? []
        : [fold === undefined ? "–" : `${formatNumber(fold.mean, 5)} ± ${formatNumber(fold.deviation, 2)}`]),
    ];
  });
  return formatTable(
    [head, ...rows],
    head.map((_, k) => (k === 0 ? "left" : "right")),
  );
}

function effortLine({ fit: { fitted, stepsPerEpoch } }: FitContext): string {
  const { solution, crossCheck } = fitted;
  const { fit: say, seconds } = words();
  return say.effort({
    steps: steps(solution.steps),
    epochs: stepsPerEpoch > 1 ? formatNumber(solution.steps / stepsPerEpoch, 4) : undefined,
    method: solution.method,
    rowGradients: solution.rowGradients === undefined ? undefined : formatCount(solution.rowGradients),
    time: seconds(solution.milliseconds / 1000),
    difference: crossCheck === undefined ? undefined : formatNumber(crossCheck.largestRelativeDifference, 2),
  });
}

export function findingLine({ severity, message }: Finding): string {
  const { note, columns } = words();
  return `${severity === "warning" ? pc.yellow(note) : note}${columns.colon}${sentence(message)}`;
}
