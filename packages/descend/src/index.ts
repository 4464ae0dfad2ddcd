/** Descend: gradient descent as a complete, trustworthy system. */

// autodiff: derivatives
export { differentiateFormula } from "./autodiff/differentiate-formula.js";
export { type GradientEstimator, gaussianSmoothing, spsa } from "./autodiff/estimated-gradient.js";
// data: tables in, numbers out
export { type ColumnStatistics, columnStatistics } from "./data/column-statistics.js";
export type { FeatureBlock, Features } from "./data/feature-table.js";
export { createMomentTable, type MomentTable, type WeightedRows } from "./data/moment-table.js";
export { polynomialFeatures } from "./data/polynomial-features.js";
export { createProductMoments, type ProductMoments } from "./data/product-moments.js";
export { type ByteFile, RowFile, type RowPiece } from "./data/row-file.js";
export { type ScaleKind, scaleKinds } from "./data/scaling/column-scale.js";
export {
  learnScaling,
  type ScaledFeatures,
  type Scaling,
  type ScalingData,
  type ScalingKind,
  scalingFromJSON,
} from "./data/scaling/scaling.js";
export { type RowNorm, unitNorm } from "./data/scaling/unit-norm.js";
export { learnSplines, type SplineData, type Splines, splinesFromJSON } from "./data/spline-features.js";
export { type RowSplit, type SplitRule, splitRows, splitRule } from "./data/split-rows.js";
export { createStreamingMedian, type StreamingMedian } from "./data/streaming-median.js";
export {
  CompileError,
  DataError,
  DescendError,
  type ErrorCode,
  type ErrorDetails,
  InternalError,
  NumericalError,
  nearestName,
  OptionError,
  ShapeError,
  TraceError,
} from "./errors.js";
// graph: tensors, for objectives written with method chaining
export { Tensor } from "./graph/tensor.js";
export { concat, full, ones, random, stack, tensor, where, zeros } from "./graph/tensor-functions.js";
export { type AskTellSearch, createSearch, type SearchCheckpoint, type SearchOptions } from "./minimize/ask-tell.js";
// minimize: the loop and its outcome
export type { BoundPair, Bounds } from "./minimize/bounds.js";
export type { Checkpoint, RecordedHistory } from "./minimize/checkpoint.js";
export type { Descent } from "./minimize/descent.js";
export type { History } from "./minimize/history.js";
export type { Test } from "./minimize/judging/certificate/test.js";
export { type ForeseenCourse, foreseenCourse } from "./minimize/judging/foreseen-course.js";
export type { StepSizeCertificate } from "./minimize/judging/step-size.js";
export { stepSizeAtStart, stepSizeCertificate } from "./minimize/judging/step-size-certificate.js";
export { type LeastSquaresResult, leastSquares } from "./minimize/least-squares/least-squares.js";
export type { LeastSquaresOptions, LeastSquaresStopping } from "./minimize/least-squares/least-squares-options.js";
export type { ResidualStatistics } from "./minimize/least-squares/residual-statistics.js";
export {
  createDescent,
  maximize,
  minimize,
  type PlainObjective,
  type RowObjective,
  type RowOf,
  type RowOptions,
  type TracedObjective,
} from "./minimize/minimize.js";
export { type AsyncOptions, type AsyncSolution, minimizeAsync } from "./minimize/minimize-async.js";
export { minimizeFormula } from "./minimize/minimize-formula.js";
export type { VariableKind, Variables } from "./minimize/objective/variables.js";
export type { DescentOptions, StepAnswer, StepInfo } from "./minimize/options.js";
export {
  learningRateRangeTest,
  type RangeTest,
  type RangeTestOptions,
  type RangeTestSuggestions,
} from "./minimize/several/learning-rate-range-test.js";
export {
  type LearningRateSweep,
  type SweepOptions,
  type SweptRate,
  sweepLearningRates,
} from "./minimize/several/learning-rate-sweep.js";
export { type Basin, type Multistart, type MultistartOptions, type MultistartRun, multistart } from "./minimize/several/multistart.js";
export { type Race, type RaceOptions, type RaceResult, type Racer, race } from "./minimize/several/race.js";
export { type SensitivityAxis, type SensitivityMap, type SensitivityOptions, sensitivityMap } from "./minimize/several/sensitivity-map.js";
export type { StartRegion } from "./minimize/several/start-points.js";
export type { Criterion, GradientSource, Solution } from "./minimize/solution.js";
export type { Stopping, TerminationReason } from "./minimize/stopping.js";
export type { Verdict } from "./minimize/verdict.js";
// models: predictions, losses, metrics
export {
  type CalibrationBin,
  type ClassificationMetrics,
  type ClassificationMetricsOfPieces,
  type ClassMetrics,
  classificationMetrics,
  createClassificationMetrics,
} from "./models/classification-metrics.js";
export type { FitCurvature } from "./models/curvature.js";
export { type Fit, fit, type OpenFit, openStreamedFit, prepareFit, prepareStreamedFit } from "./models/fit.js";
export type { Finding } from "./models/fit-findings.js";
export type { FitOptions } from "./models/fit-options.js";
export type { FitParams, SettledModel } from "./models/fit-problem.js";
export type {
  ClosedForm,
  Coefficient,
  FitChoice,
  FitReport,
  FittedClassification,
  FittedModel,
  FittedRegression,
} from "./models/fit-report.js";
export { type LocalOptions, type LocalRegression, localRegression } from "./models/local-regression.js";
export { type ClassificationModel, type Model, type ModelData, modelFromJSON, type RegressionModel } from "./models/model.js";
export {
  areClassCodes,
  type ClassificationSpec,
  type ClassLabel,
  type Convention,
  chooseModel,
  type ModelKind,
  type ModelRecord,
  type ModelSpec,
  modelCatalogue,
  type RegressionSpec,
} from "./models/model-spec.js";
export type { Polish } from "./models/newton-polish.js";
export { createOnlineModel, type OnlineModel, type OnlineOptions } from "./models/online-model.js";
export { type PathOptions, type PenaltyPath, penaltyPath } from "./models/penalty-path.js";
export type { IntervalOptions, PredictionIntervals, PredictionUncertainty } from "./models/prediction-intervals.js";
export type { StreamedFitOptions } from "./models/read-streamed-fit.js";
export type { ClassWeights } from "./models/read-target.js";
export { type RegressionMetrics, regressionMetrics } from "./models/regression-metrics.js";
export { type FitSweep, sweepFit } from "./models/sweep-fit.js";
// numeric: factorizations
export { type LeastSquaresSolution, leastSquaresByQr } from "./numeric/qr.js";
// optim: methods and what to build one's own from; all of the room at descend/optim
export { chain } from "./optim/chain.js";
export { type ConjugateGradientOptions, conjugateGradient } from "./optim/conjugate-gradient/conjugate-gradient.js";
export { type CmaesOptions, cmaes } from "./optim/derivative-free/cmaes.js";
export { type CompassSearchOptions, compassSearch } from "./optim/derivative-free/compass-search.js";
export { type CoordinateSearchOptions, coordinateSearch } from "./optim/derivative-free/coordinate-search.js";
export { type DifferentialEvolutionOptions, differentialEvolution } from "./optim/derivative-free/differential-evolution.js";
export { type GeneticAlgorithmOptions, geneticAlgorithm } from "./optim/derivative-free/genetic-algorithm.js";
export { type NelderMeadOptions, nelderMead } from "./optim/derivative-free/nelder-mead.js";
export { type PowellOptions, powell } from "./optim/derivative-free/powell.js";
export { type SimulatedAnnealingOptions, simulatedAnnealing } from "./optim/derivative-free/simulated-annealing.js";
export type { MethodName } from "./optim/method-name.js";
export { type AdamOptions, adam } from "./optim/methods/adam.js";
export { type AdamwOptions, adamw } from "./optim/methods/adamw.js";
export { type MethodRecord, methodCatalogue } from "./optim/methods/catalogue.js";
export { type GradientDescentOptions, gradientDescent } from "./optim/methods/gradient-descent.js";
export { type MomentumOptions, momentum } from "./optim/methods/momentum.js";
export { type NesterovOptions, nesterov } from "./optim/methods/nesterov.js";
export { type RmspropOptions, rmsprop } from "./optim/methods/rmsprop.js";
export { type NewtonOptions, newton } from "./optim/newton/newton.js";
export { type NewtonCgOptions, newtonCg } from "./optim/newton/newton-cg.js";
export { type TrustRegionOptions, trustRegion } from "./optim/newton/trust-region.js";
export { type BfgsOptions, bfgs } from "./optim/quasi-newton/bfgs.js";
export { type LbfgsOptions, lbfgs } from "./optim/quasi-newton/lbfgs.js";
export { type LbfgsbOptions, lbfgsb } from "./optim/quasi-newton/lbfgsb.js";
export { findMethod } from "./optim/resolve-method.js";
export { parseSchedule } from "./optim/schedules/catalogue.js";
export type { LearningRate, Schedule } from "./optim/schedules/schedule.js";
export { type SearchMethodRecord, searchMethodCatalogue } from "./optim/search-catalogue.js";
export type {
  Answer,
  Box,
  Question,
  Search,
  SearchMethod,
  SearchPoint,
  SearchProblem,
  SearchState,
  SearchStep,
} from "./optim/search-method.js";
export { brent } from "./optim/searches/brent.js";
export { goldenSection } from "./optim/searches/golden-section.js";
export type { ScalarMinimum, ScalarMinimumOptions } from "./optim/searches/scalar-minimum.js";
export { type BarzilaiBorweinOptions, barzilaiBorwein } from "./optim/spectral/barzilai-borwein.js";
export type { InitContext, State, Transformation, Update, UpdateContext } from "./optim/transformation.js";
