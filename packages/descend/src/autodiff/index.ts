/** Derivatives of graphs and of plain functions: the public names of the room. */

export { type CheckGradientOptions, type ComponentCheck, checkGradient, type GradientCheck } from "./check-gradient.js";
export { differentiateFormula } from "./differentiate-formula.js";
export {
  type EstimatedGradient,
  type EstimatedGradientOptions,
  type GradientEstimator,
  gaussianSmoothing,
  smoothedGradient,
  spsa,
  spsaGradient,
} from "./estimated-gradient.js";
export {
  type FiniteDifferenceGradient,
  type FiniteDifferenceOptions,
  type FiniteDifferenceScheme,
  finiteDifferenceGradient,
} from "./finite-differences.js";
export { hessian } from "./hessian.js";
export { hvp } from "./hvp.js";
export { jacobian } from "./jacobian.js";
export { jvp, type LinearMap, linearize } from "./jvp.js";
export { estimateNoise, type NoiseEstimate, type VectorFunction } from "./noise-level.js";
export { gradient, vjp } from "./vjp.js";
