/** Update rules, learning-rate schedules and methods: the public names of the room. */

export { type AccumulateState, accumulate } from "./accumulate.js";
export { averaged } from "./averaged.js";
export { chain, named } from "./chain.js";
export { type ConjugateGradientOptions, type ConjugateGradientState, conjugateGradient } from "./conjugate-gradient/conjugate-gradient.js";
export { projectedNewton } from "./constrained/projected-newton.js";
export { type CmaesOptions, type CmaesState, cmaes } from "./derivative-free/cmaes.js";
export { type CompassSearchOptions, type CompassSearchState, compassSearch } from "./derivative-free/compass-search.js";
export { type CoordinateSearchOptions, type CoordinateSearchState, coordinateSearch } from "./derivative-free/coordinate-search.js";
export {
  type DifferentialEvolutionOptions,
  type DifferentialEvolutionState,
  differentialEvolution,
} from "./derivative-free/differential-evolution.js";
export { type GeneticAlgorithmOptions, type GeneticAlgorithmState, geneticAlgorithm } from "./derivative-free/genetic-algorithm.js";
export { type NelderMeadOptions, type NelderMeadState, nelderMead } from "./derivative-free/nelder-mead.js";
export { type PowellOptions, type PowellState, powell } from "./derivative-free/powell.js";
export { type SimulatedAnnealingOptions, type SimulatedAnnealingState, simulatedAnnealing } from "./derivative-free/simulated-annealing.js";
export { type LookAheadOptions, type LookAheadState, lookAhead } from "./look-ahead.js";
export { type AdabeliefOptions, adabelief } from "./methods/adabelief.js";
export { type AdadeltaOptions, adadelta } from "./methods/adadelta.js";
export { type AdafactorOptions, adafactor } from "./methods/adafactor.js";
export { type AdagradOptions, adagrad } from "./methods/adagrad.js";
export { type AdamOptions, adam } from "./methods/adam.js";
export { type AdamaxOptions, adamax } from "./methods/adamax.js";
export { type AdamwOptions, adamw } from "./methods/adamw.js";
export { type AmsgradOptions, amsgrad } from "./methods/amsgrad.js";
export { type AveragedGradientDescentOptions, averagedGradientDescent } from "./methods/averaged-gradient-descent.js";
export { type MethodRecord, methodCatalogue } from "./methods/catalogue.js";
export { type DAdaptationOptions, type DAdaptedAdamOptions, dAdaptation, dAdaptedAdam } from "./methods/d-adaptation.js";
export { type DogOptions, dog } from "./methods/dog.js";
export { type GradientDescentOptions, gradientDescent } from "./methods/gradient-descent.js";
export { type LambOptions, lamb } from "./methods/lamb.js";
export { type LarsOptions, lars } from "./methods/lars.js";
export { type LionOptions, lion } from "./methods/lion.js";
export type { Method } from "./methods/method.js";
export { type MomentumOptions, momentum } from "./methods/momentum.js";
export { type MuonOptions, muon } from "./methods/muon.js";
export { type NadamOptions, nadam } from "./methods/nadam.js";
export { type NesterovOptions, nesterov } from "./methods/nesterov.js";
export { type NoisyGradientDescentOptions, noisyGradientDescent } from "./methods/noisy-gradient-descent.js";
export { type NormalizedGradientDescentOptions, normalizedGradientDescent } from "./methods/normalized-gradient-descent.js";
export { type PolyakStepOptions, polyakStep } from "./methods/polyak-step.js";
export { type ProdigyOptions, prodigy } from "./methods/prodigy.js";
export { type ProjectedGradientOptions, projectedGradient } from "./methods/projected-gradient.js";
export { type ProximalGradientOptions, proximalGradient } from "./methods/proximal-gradient.js";
export { type RadamOptions, radam } from "./methods/radam.js";
export { type RmspropOptions, rmsprop } from "./methods/rmsprop.js";
export { type RpropOptions, rprop } from "./methods/rprop.js";
export { type SamOptions, sam } from "./methods/sam.js";
export { type ScheduleFreeOptions, scheduleFree } from "./methods/schedule-free.js";
export { type ScheduleFreeAdamwOptions, scheduleFreeAdamw } from "./methods/schedule-free-adamw.js";
export { type SignDescentOptions, signDescent } from "./methods/sign-descent.js";
export { type YogiOptions, yogi } from "./methods/yogi.js";
export { type NewtonOptions, newton } from "./newton/newton.js";
export { type NewtonCgOptions, newtonCg } from "./newton/newton-cg.js";
export { type TrustRegionOptions, type TrustRegionState, trustRegion } from "./newton/trust-region.js";
export { onPlateau } from "./on-plateau.js";
export { expectation, type OptionSpec, type OptionTable, type Range } from "./options.js";
export { freeze, partition } from "./partition.js";
export { affineSet } from "./projections/affine-set.js";
export { type ConvexSet, proximalResidual } from "./projections/convex-set.js";
export { halfSpace } from "./projections/half-space.js";
export { interval, nonNegative } from "./projections/interval.js";
export { l1Ball } from "./projections/l1-ball.js";
export { simplex } from "./projections/simplex.js";
export { twoBall } from "./projections/two-ball.js";
export { type ElasticNetOptions, elasticNetPenalty, l1Penalty } from "./proximal/elastic-net-penalty.js";
export { groupPenalty } from "./proximal/group-penalty.js";
export type { Penalty } from "./proximal/penalty.js";
export { type BfgsOptions, type BfgsState, bfgs } from "./quasi-newton/bfgs.js";
export { type LbfgsOptions, lbfgs } from "./quasi-newton/lbfgs.js";
export { type LbfgsbOptions, lbfgsb } from "./quasi-newton/lbfgsb.js";
export type { LbfgsState } from "./quasi-newton/limited-memory-search.js";
export { findMethod, resolveMethod } from "./resolve-method.js";
export { type ScheduleFreeState, scheduleFreeSequences } from "./schedule-free-sequences.js";
export { findSchedule, parseSchedule, type ScheduleRecord, scheduleCatalogue } from "./schedules/catalogue.js";
export { constantRate } from "./schedules/constant-rate.js";
export { type CosineDecayOptions, cosineDecay } from "./schedules/cosine-decay.js";
export { type CosineRestartsOptions, cosineRestarts } from "./schedules/cosine-restarts.js";
export { type ExponentialDecayOptions, exponentialDecay } from "./schedules/exponential-decay.js";
export { type Growth, growthOf } from "./schedules/growth.js";
export { type InverseTimeDecayOptions, inverseTimeDecay } from "./schedules/inverse-time-decay.js";
export { joinSchedules } from "./schedules/join-schedules.js";
export { type LinearRampOptions, linearRamp } from "./schedules/linear-ramp.js";
export { type MultiStepDecayOptions, multiStepDecay } from "./schedules/multi-step-decay.js";
export { multiplySchedules } from "./schedules/multiply-schedules.js";
export { type OneCycleOptions, oneCycle } from "./schedules/one-cycle.js";
export { type PolynomialDecayOptions, polynomialDecay } from "./schedules/polynomial-decay.js";
export { type RobbinsMonro, robbinsMonro } from "./schedules/robbins-monro.js";
export { type Hyperparameter, type LearningRate, type Schedule, valueAt } from "./schedules/schedule.js";
export { type StepDecayOptions, stepDecay } from "./schedules/step-decay.js";
export { type TriangularCycleOptions, triangularCycle } from "./schedules/triangular-cycle.js";
export { type WarmUpOptions, warmUp } from "./schedules/warm-up.js";
export { type SearchMethodRecord, searchMethodCatalogue } from "./search-catalogue.js";
export {
  type Answer,
  answered,
  type Box,
  gradientAt,
  hessianAt,
  hessianVectorAt,
  type Question,
  type Search,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchState,
  type SearchStep,
  valuesAt,
} from "./search-method.js";
export { type BacktrackingOptions, backtracking } from "./searches/backtracking.js";
export { brent } from "./searches/brent.js";
export { type LineSearchRecord, searchCatalogue } from "./searches/catalogue.js";
export { goldenSection } from "./searches/golden-section.js";
export { type HagerZhangOptions, hagerZhang } from "./searches/hager-zhang.js";
export {
  type LinePoint,
  type LineQuestion,
  type LineSearch,
  type LineStart,
  type LineStep,
  searchAlong,
  searchedOn,
} from "./searches/line-search.js";
export {
  type GrippoLamparielloLucidiOptions,
  grippoLamparielloLucidi,
  type ValueReference,
  type ZhangHagerOptions,
  zhangHager,
} from "./searches/non-monotone.js";
export type { ScalarMinimum, ScalarMinimumOptions } from "./searches/scalar-minimum.js";
export { type StrongWolfeOptions, strongWolfe } from "./searches/strong-wolfe.js";
export { type SharpnessAwareOptions, sharpnessAware } from "./sharpness-aware.js";
export { type BarzilaiBorweinOptions, type BarzilaiBorweinState, barzilaiBorwein } from "./spectral/barzilai-borwein.js";
export { mapState, type StateEntry, selectState, stateEntries } from "./state.js";
export { type SwitchAtOptions, type SwitchAtState, switchAt, type Trigger } from "./switch-at.js";
export { type InitContext, type State, stateless, type Transformation, type Update, type UpdateContext } from "./transformation.js";
export { addDecayedWeights } from "./transforms/add-decayed-weights.js";
export { type AddMomentumOptions, type AddMomentumState, addMomentum } from "./transforms/add-momentum.js";
export { type AddNoiseOptions, addNoise } from "./transforms/add-noise.js";
export { clipByLeafNorm } from "./transforms/clip-by-leaf-norm.js";
export { type ClipByNormOptions, clipByNorm } from "./transforms/clip-by-norm.js";
export { type ClipByRelativeNormOptions, clipByRelativeNorm } from "./transforms/clip-by-relative-norm.js";
export { clipByValue } from "./transforms/clip-by-value.js";
export { type DebiasedEmaState, type EmaOptions, type EmaState, ema } from "./transforms/ema.js";
export { normalizeBy } from "./transforms/normalize-by.js";
export { type OrthogonalizeOptions, orthogonalize } from "./transforms/orthogonalize.js";
export { scaleBy } from "./transforms/scale-by.js";
export { type ScaleByAdabeliefOptions, type ScaleByAdabeliefState, scaleByAdabelief } from "./transforms/scale-by-adabelief.js";
export { type ScaleByAdadeltaOptions, type ScaleByAdadeltaState, scaleByAdadelta } from "./transforms/scale-by-adadelta.js";
export { type ScaleByAdafactorOptions, scaleByAdafactor } from "./transforms/scale-by-adafactor.js";
export { type ScaleByAdamOptions, type ScaleByAdamState, scaleByAdam } from "./transforms/scale-by-adam.js";
export { type ScaleByAdamaxState, scaleByAdamax } from "./transforms/scale-by-adamax.js";
export { type ScaleByAmsgradState, scaleByAmsgrad } from "./transforms/scale-by-amsgrad.js";
export {
  type ScaleByDAdaptationOptions,
  type ScaleByDAdaptationState,
  type ScaleByDAdaptedAdamOptions,
  type ScaleByDAdaptedAdamState,
  scaleByDAdaptation,
  scaleByDAdaptedAdam,
} from "./transforms/scale-by-d-adaptation.js";
export { type ScaleByDistanceOptions, type ScaleByDistanceState, scaleByDistance } from "./transforms/scale-by-distance.js";
export { scaleByLearningRate } from "./transforms/scale-by-learning-rate.js";
export { type ScaleByLionOptions, type ScaleByLionState, scaleByLion } from "./transforms/scale-by-lion.js";
export { type ScaleByNadamOptions, type ScaleByNadamState, scaleByNadam } from "./transforms/scale-by-nadam.js";
export {
  type PlateauOptions,
  type PlateauState,
  type ScaleByPlateauOptions,
  type ScaleByPlateauState,
  scaleByPlateau,
} from "./transforms/scale-by-plateau.js";
export { type ScaleByPolyakOptions, scaleByPolyak } from "./transforms/scale-by-polyak.js";
export { type ScaleByProdigyOptions, type ScaleByProdigyState, scaleByProdigy } from "./transforms/scale-by-prodigy.js";
export { type ScaleByRadamOptions, scaleByRadam } from "./transforms/scale-by-radam.js";
export { type ScaleByCenteredRmsState, type ScaleByRmsOptions, type ScaleByRmsState, scaleByRms } from "./transforms/scale-by-rms.js";
export { type ScaleByRpropOptions, type ScaleByRpropState, scaleByRprop } from "./transforms/scale-by-rprop.js";
export { type ScaleByRssOptions, type ScaleByRssState, scaleByRss } from "./transforms/scale-by-rss.js";
export { scaleBySign } from "./transforms/scale-by-sign.js";
export { type ScaleByTrendOptions, type ScaleByTrendState, scaleByTrend } from "./transforms/scale-by-trend.js";
export { type ScaleByTrustRatioOptions, scaleByTrustRatio } from "./transforms/scale-by-trust-ratio.js";
export { type ScaleByYogiOptions, type ScaleByYogiState, scaleByYogi } from "./transforms/scale-by-yogi.js";
export { type TrackAverageOptions, type TrackAverageState, trackAverage } from "./transforms/track-average.js";
export { within } from "./within.js";
export { withinBox } from "./within-box.js";
