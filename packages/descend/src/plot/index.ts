/** Figures: numbers in, SVG text out. A door of its own, `descend/plot`: whoever minimizes does not load it. */

export { type CalibrationCurveSpec, type CalibrationGroup, calibrationCurve, calibrationGroups } from "./calibration-curve.js";
export { type CoefficientPathSpec, coefficientPath } from "./coefficient-path.js";
export { type CoefficientEstimate, type CoefficientPlotSpec, coefficientPlot } from "./coefficient-plot.js";
export { type ConfusionMatrixSpec, confusionMatrix } from "./confusion-matrix.js";
export { type ContourWithPathSpec, contourWithPath, type DescentPath } from "./contour-with-path.js";
export { type CurvePanel, type CurvePanelsSpec, curvePanels } from "./curve-panels.js";
export { escapeText } from "./element.js";
export type { FigureOptions } from "./figure.js";
export type { Numbers } from "./finite.js";
export { formatValue } from "./format-value.js";
export { boxAround, type Grid, gridPoints, sampleGrid } from "./grid.js";
export { type HeatMapSpec, heatMap } from "./heat-map.js";
export { type HistogramSpec, histogram } from "./histogram.js";
export { chooseLevels, type Levels } from "./levels.js";
export { type CurveSeries, type LossCurveSpec, lossCurve } from "./loss-curve.js";
export { type PredictedAgainstActualSpec, type PredictionGroup, predictedAgainstActual } from "./predicted-against-actual.js";
export { type ResidualPlotSpec, residualPlot } from "./residual-plot.js";
export type { ScaleKind } from "./scale.js";
export type { PointGroup } from "./scatter.js";
export { type ScatterWithLineSpec, scatterWithLine } from "./scatter-with-line.js";
export { type SurfaceSpec, surface } from "./surface.js";
export { fontStack, type Palette, palettes } from "./theme.js";
export type { PlotLanguage } from "./words.js";
