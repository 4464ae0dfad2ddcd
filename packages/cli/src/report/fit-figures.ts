/** Which pictures suit a fit: of regressions, of classifiers, of one feature, of two. */

import {
  calibrationCurve,
  coefficientPath,
  coefficientPlot,
  confusionMatrix,
  histogram,
  type PredictionGroup,
  predictedAgainstActual,
  residualPlot,
  scatterWithLine,
  surface,
} from "descend/plot";
import type { FitReportData, ReportCoefficient, ReportLanguage } from "./report-data.js";
import type { ReportTexts } from "./report-texts.js";

/** Pictures of the model and its predictions, in the order in which to look at them. */
export function fitFigures(data: FitReportData, texts: ReportTexts, language: ReportLanguage): string[] {
  const words = texts.figures;
  const { target, targetUnit, line, predictions, classification } = data;
  const unit = targetUnit === undefined ? {} : { unit: targetUnit };
  const figures: string[] = [];
  if (line !== undefined) {
    figures.push(
      scatterWithLine({
        title: words.line(line.feature),
        xLabel: line.feature,
        yLabel: target,
        ...(line.unit === undefined ? {} : { xUnit: line.unit }),
        ...(targetUnit === undefined ? {} : { yUnit: targetUnit }),
        groups: [{ name: words.train, ...line.train }, ...(line.test === undefined ? [] : [{ name: words.test, ...line.test }])],
        line: line.fitted,
        language,
      }),
    );
  }
  if (data.surface !== undefined) {
    const { features, grid, points } = data.surface;
    figures.push(
      surface({
        title: words.surface,
        xLabel: features[0],
        yLabel: features[1],
        zLabel: target,
        grid,
        ...(points === undefined ? {} : { points }),
        language,
      }),
    );
  }
  if (predictions !== undefined) {
    const groups: PredictionGroup[] = [
      { name: words.train, ...predictions.train },
      ...(predictions.test === undefined ? [] : [{ name: words.test, ...predictions.test }]),
    ];
    const judged =
      predictions.test !== undefined && predictions.test.actual.length >= MINIMUM_FOR_HISTOGRAM ? predictions.test : predictions.train;
    figures.push(predictedAgainstActual({ title: words.predicted, target, ...unit, groups, language }));
    figures.push(residualPlot({ title: words.residuals, target, ...unit, groups, language }));
    figures.push(
      histogram({
        title: words.residualHistogram(judged === predictions.test ? words.test : words.train),
        values: Float64Array.from({ length: judged.actual.length }, (_, i) => judged.actual[i]! - judged.predicted[i]!),
        xLabel: words.residualAxis,
        ...unit,
        language,
      }),
    );
  }
  if (classification !== undefined) {
    const { classes, confusion, calibration } = classification;
    for (const { part, counts } of confusion) {
      figures.push(confusionMatrix({ title: words.confusion(part === "train" ? words.train : words.test), classes, counts, language }));
    }
    if (calibration !== undefined) {
      figures.push(
        calibrationCurve({
          title: words.calibration,
          probability: calibration.probability,
          outcome: calibration.outcome,
          event: calibration.event ?? words.confidence,
          language,
        }),
      );
    }
  }
  return figures;
}

/** Rows below which a histogram of those kept apart says little. */
const MINIMUM_FOR_HISTOGRAM = 50;

/** Coefficients side by side where they are comparable; one figure a class. */
export function coefficientFigures(data: FitReportData, texts: ReportTexts, language: ReportLanguage): string[] {
  const path = pathFigures(data, texts, language);
  const drawn = data.coefficients.filter(({ intercept, perDeviation }) => intercept !== true && perDeviation !== undefined);
  const classes = [...new Set(drawn.map((coefficient) => coefficient.class))];
  if (drawn.length === 0 || classes.length > MOST_CLASSES) return path;
  const estimate = ({
    name,
    perDeviation,
    perDeviationError,
  }: ReportCoefficient): Parameters<typeof coefficientPlot>[0]["coefficients"][number] => ({
    name,
    value: perDeviation!,
    ...(perDeviationError === undefined ? {} : { standardError: perDeviationError }),
  });
  // The same axis for all classes: they are looked at side by side
  const reach = Math.max(...drawn.map(({ perDeviation, perDeviationError = 0 }) => Math.abs(perDeviation!) + 2 * perDeviationError));
  const plots = classes.map((name) =>
    coefficientPlot({
      ...(classes.length > 1 && Number.isFinite(reach) ? { extent: [-reach, reach] } : {}),
      title: name === undefined ? texts.coefficients.plotTitle : `${texts.coefficients.plotTitle}: ${name}`,
      coefficients: drawn.filter((coefficient) => coefficient.class === name).map(estimate),
      xLabel: data.classification === undefined ? texts.coefficients.plotAxis(data.target) : texts.coefficients.plotAxisClass,
      ...(data.classification === undefined && data.targetUnit !== undefined ? { unit: data.targetUnit } : {}),
      language,
    }),
  );
  return [...plots, ...path];
}

function pathFigures({ path, target }: FitReportData, { coefficients: words }: ReportTexts, language: ReportLanguage): string[] {
  if (path === undefined) return [];
  return [coefficientPath({ title: words.pathTitle, ...path, xLabel: words.pathAxis, yLabel: words.plotAxis(target), language })];
}

/** Classes beyond which one figure a class is too many. */
const MOST_CLASSES = 6;
