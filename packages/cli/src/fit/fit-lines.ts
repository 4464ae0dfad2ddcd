/** A fit in words, for people. */

import pc from "picocolors";
import { columnLines } from "../prepare/describe-columns.js";
import { formatCount, formatNumber, formatSeconds, formatTable } from "../terminal/format.js";
import { verdictInWords } from "../terminal/verdict-words.js";
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
      .map(({ column, reason }) => `not used: the feature "${column}" (${reason})`),
    "",
    ...sweepLines(fit.sweep),
    ...coefficientLines(context),
    "",
    ...metricLines(context),
    "",
    verdictInWords(fit.fitted.solution),
    effortLine(context),
    ...(fit.checkpoint === undefined ? [] : [`stopped; to go on, give the same command with --resume ${fit.checkpoint}`]),
    ...context.findings.map(findingLine),
  ];
}

function summaryLines({ plan, split, fit, seed, classWeights }: FitContext): string[] {
  const { table, rows, target } = plan;
  const { chosen, fitted } = fit;
  const { choice, curvature } = fitted;
  const dropped = [
    ...(rows.missing === 0 ? [] : [`${formatCount(rows.missing)} ${plan.missing === "drop" ? "with missing values" : "without target"}`]),
    ...(rows.infinite === 0 ? [] : [`${formatCount(rows.infinite)} with infinite values`]),
  ];
  const classes =
    "classes" in fitted ? `: ${fitted.classes.length > 6 ? `${fitted.classes.length} classes` : fitted.classes.join(", ")}` : "";
  const rate = choice.learningRate === undefined ? "" : `, learning rate ${formatNumber(choice.learningRate, 4)}`;
  return formatTable(
    [
      [
        "table",
        `${table.path}: ${formatCount(rows.read)} rows, ${table.columns.length} columns${dropped.length === 0 ? "" : `; left out ${dropped.join(" and ")}`}`,
      ],
      ["target", `${target.column}${classes}`],
      [
        "model",
        `${chosen.kind}: ${chosen.objective}${settingsInWords(fitted.model)}${chosen.reason === undefined ? "" : ` (${chosen.reason})`}`,
      ],
      ...(plan.weights === undefined ? [] : [["weights", `${plan.weights} says how often each row counts`]]),
      ...(classWeights === undefined ? [] : [["weights", classWeightsInWords(classWeights)]]),
      ["method", `${choice.method}${rate} (${choice.methodReason})`],
      ["curvature", curvatureInWords(curvature)],
      ["split", `${formatCount(split.train.count)} rows to learn from, ${formatCount(split.test.count)} to judge on (seed ${seed})`],
    ],
    ["left", "left"],
  );
}

function classWeightsInWords(weights: NamedClassWeights): string {
  if (weights === "balanced") return "every class has the same say";
  return Object.entries(weights)
    .map(([label, weight]) => `rows of class ${label} count ${formatNumber(weight, 4)} times`)
    .join(", ");
}

function settingsInWords({ kind, l1, l2, delta }: FitContext["fit"]["fitted"]["model"]): string {
  if (kind === "linear") return "";
  const parts = [
    ...(l1 > 0 ? [`weight of ‖w‖₁ ${formatNumber(l1, 4)}`] : []),
    ...(l2 > 0 ? [`weight of ½‖w‖² ${formatNumber(l2, 4)}`] : []),
    ...(kind === "huber" ? [`δ ${formatNumber(delta, 4)}`] : []),
  ];
  return parts.length === 0 ? ", no penalty" : `, ${parts.join(", ")}`;
}

function curvatureInWords({
  largest,
  conditionNumber,
  stableLearningRate,
  gradientDescentSteps,
  predictedSteps,
}: FitContext["fit"]["fitted"]["curvature"]): string {
  const condition = conditionNumber === null ? "infinite" : formatNumber(conditionNumber, 4);
  const plain = gradientDescentSteps === null ? "" : `, about ${steps(gradientDescentSteps)}`;
  const predicted = predictedSteps === null ? "" : `; about ${steps(predictedSteps)} foreseen`;
  return `largest ${formatNumber(largest, 4)}, condition number ${condition}${predicted}; plain gradient descent: rate below ${formatNumber(stableLearningRate, 4)}${plain}`;
}

function steps(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "step" : "steps"}`;
}

/** Rates that were tried, the lowest value each reached, the one taken. */
function sweepLines(sweep: FitContext["fit"]["sweep"]): string[] {
  if (sweep === undefined) return [];
  const rows = sweep.swept.map(({ learningRate, values, diverged }) => [
    formatNumber(learningRate, 3),
    diverged ? "diverged" : formatNumber(values.at(-1)! * sweep.valueUnit, 6),
    formatCount(values.length - 1),
    learningRate === sweep.best ? "taken" : "",
  ]);
  const lines = formatTable([["learning rate", "value", "after steps", ""], ...rows], ["right", "right", "right", "left"]);
  return [...lines, `${formatCount(sweep.steps)} steps to find the learning rate`, ""];
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
    coefficient.name,
    formatNumber(coefficient.value, 9),
    ...(withError ? [number(coefficient.standardError, 3), intervalInWords(coefficient.interval)] : []),
    ...(withClosedForm ? [number(coefficient.closedForm, 9)] : []),
  ]);
  const head = [
    ...(withClass ? ["class"] : []),
    "coefficient",
    "descent",
    ...(withError ? ["± std. error", "95 % interval"] : []),
    ...(withClosedForm ? ["closed form"] : []),
  ];
  const lines = formatTable(
    [head, ...rows],
    head.map((title) => (title === "class" || title === "coefficient" ? "left" : "right")),
  );
  return all.length === shown.length ? lines : [...lines, `and ${formatCount(all.length - shown.length)} more (--json has them all)`];
}

function intervalInWords(interval: readonly [number, number] | null): string {
  return interval === null ? "–" : `${formatNumber(interval[0], 4)} … ${formatNumber(interval[1], 4)}`;
}

function metricLines({ fit: { train, test, crossValidation } }: FitContext): string[] {
  const ofTest = new Map((test === undefined ? [] : namedMetrics(test)).map(({ key, value }) => [key, value]));
  const ofFolds = new Map((crossValidation?.metrics ?? []).map((metric) => [metric.key, metric]));
  const number = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : formatNumber(value, 5));
  const head = ["", "train", "test", ...(crossValidation === undefined ? [] : [`${crossValidation.folds} folds`])];
  const rows = namedMetrics(train).map(({ key, name, value }) => {
    const fold = ofFolds.get(key);
    return [
      name,
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
  const epochs = stepsPerEpoch > 1 ? ` (${formatNumber(solution.steps / stepsPerEpoch, 4)} epochs)` : "";
  const check =
    crossCheck === undefined
      ? ""
      : `; largest difference from the closed form ${formatNumber(crossCheck.largestRelativeDifference, 2)} (relative)`;
  const rows = solution.rowGradients === undefined ? "" : `, ${formatCount(solution.rowGradients)} gradients of rows`;
  return `${steps(solution.steps)}${epochs} of ${solution.method}${rows}, ${formatSeconds(solution.milliseconds / 1000)}${check}`;
}

export function findingLine({ severity, message }: Finding): string {
  return `${severity === "warning" ? pc.yellow("note") : "note"}: ${message}`;
}
