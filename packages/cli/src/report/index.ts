/** Reports: one self-contained page about a fit or a minimum. Loaded only when a report is asked for. */

export { renderFitReport } from "./fit-report.js";
export { renderMinimizeReport } from "./minimize-report.js";
export type {
  CurvatureReport,
  DescentReport,
  FitReportData,
  HistoryReport,
  MinimizeReportData,
  ReportCoefficient,
  ReportColumn,
  ReportConfusion,
  ReportFinding,
  ReportLanguage,
  ReportMetric,
  ReportOrigin,
  RowPredictions,
  SetAsideCode,
} from "./report-data.js";
