import { chain, named } from "../chain.js";
import { learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addDecayedWeights } from "../transforms/add-decayed-weights.js";
import { type ScaleByAdamOptions, scaleByAdam, scaleByAdamTable } from "../transforms/scale-by-adam.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { scaleByTrustRatio } from "../transforms/scale-by-trust-ratio.js";
import type { Method } from "./method.js";

export interface LambOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
  readonly weightDecay?: Hyperparameter;
}

/** The rows of {@link LambOptions}. */
export const lambTable: OptionTable<LambOptions> = {
  learningRate: learningRateSpec(1e-3),
  ...scaleByAdamTable,
  epsilon: { kind: "hyperparameter", default: 1e-6, ...NON_NEGATIVE, meaning: "ε: added to the root, in units of the gradient" },
  weightDecay: { kind: "hyperparameter", default: 0, ...NON_NEGATIVE, meaning: "λ: decay of the parameters, inside the trust ratio" },
};

/**
 * LAMB: AdamW whose step in each leaf has a length in proportion to the leaf, for large batches.
 *
 * r = m̂/(√v̂ + ε) + λ·x,  xₗ ← xₗ − α·‖xₗ‖/‖rₗ‖·rₗ  for each leaf l
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-6.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: You et al. 2020, algorithm 2, with φ the identity.
 */
export function lamb(options: LambOptions = {}): Method {
  const { learningRate, weightDecay, ...rest } = readOptions("lamb", lambTable, options);
  const decay = weightDecay === 0 ? [] : [addDecayedWeights(weightDecay)];
  return named("lamb", chain(scaleByAdam(rest), ...decay, scaleByTrustRatio(), scaleByLearningRate(learningRate)), { ...options });
}
