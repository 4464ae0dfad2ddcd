/** Descend: gradient descent as a complete, trustworthy system. */

// autodiff: derivatives
export { differentiateFormula } from "./autodiff/differentiate-formula.js";
// data: tables in, numbers out
export { type ColumnStatistics, columnStatistics } from "./data/column-statistics.js";
export { type RowSplit, splitRows } from "./data/split-rows.js";
export {
  CompileError, DataError, DescendError, type ErrorCode, type ErrorDetails, InternalError, nearestName, NumericalError, OptionError, ShapeError, TraceError,
} from "./errors.js";
// minimize: the loop and its outcome
export type { Test } from "./minimize/certificate.js";
export type { Checkpoint } from "./minimize/checkpoint.js";
export type { Descent } from "./minimize/descent.js";
export type { History } from "./minimize/history.js";
export { createDescent, maximize, minimize, type Objective } from "./minimize/minimize.js";
export type { DescentOptions, StepInfo } from "./minimize/options.js";
export type { Criterion, GradientSource, Solution } from "./minimize/solution.js";
export type { Stopping, TerminationReason } from "./minimize/stopping.js";
export type { Verdict } from "./minimize/verdict.js";
// models: predictions, losses, metrics
export { type LinearLeastSquares, type LinearModel, type LinearParams, linearLeastSquares, predictLinear } from "./models/linear-least-squares.js";
export { type RegressionMetrics, regressionMetrics } from "./models/regression-metrics.js";
// numeric: factorizations
export { type LeastSquaresSolution, leastSquaresByQr } from "./numeric/qr.js";
// optim: update rules
export { type MethodRecord, methodCatalogue } from "./optim/methods/catalogue.js";
