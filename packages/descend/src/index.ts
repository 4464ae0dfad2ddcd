/** Descend: gradient descent as a complete, trustworthy system. */

// data: tables in, numbers out
export { type ColumnStatistics, columnStatistics } from "./data/column-statistics.js";
export { type RowSplit, splitRows } from "./data/split-rows.js";
export {
  CompileError, DataError, DescendError, type ErrorCode, type ErrorDetails, InternalError, nearestName, NumericalError, OptionError, ShapeError, TraceError,
} from "./errors.js";
// models: predictions, losses, metrics
export { type RegressionMetrics, regressionMetrics } from "./models/regression-metrics.js";
// numeric: factorizations
export { type LeastSquaresSolution, leastSquaresByQr } from "./numeric/qr.js";
