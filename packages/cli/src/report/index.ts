/** Reports: one self-contained page about a fit or a minimum. Loaded only when a report is asked for. */

export { renderFitReport } from "./fit-report.js";
export { renderMinimizeReport } from "./minimize-report.js";
export { renderMultistartReport } from "./multistart-report.js";
export { renderRaceReport } from "./race-report.js";
export type {
  DescentReport,
  FitReportData,
  HistoryReport,
  MinimizeReportData,
  ReportColumn,
  SetAsideCode,
} from "./report-data.js";
