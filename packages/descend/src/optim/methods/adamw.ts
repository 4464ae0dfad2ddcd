import { chain, named } from "../chain.js";
import { learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addDecayedWeights } from "../transforms/add-decayed-weights.js";
import { type ScaleByAdamOptions, scaleByAdam, scaleByAdamTable } from "../transforms/scale-by-adam.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AdamwOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
  readonly weightDecay?: Hyperparameter;
}

/** The rows of {@link AdamwOptions}. */
export const adamwTable: OptionTable<AdamwOptions> = {
  learningRate: learningRateSpec(1e-3),
  ...scaleByAdamTable,
  weightDecay: { kind: "hyperparameter", default: 0.01, ...NON_NEGATIVE, meaning: "λ: each step multiplies the parameters by 1 − α·λ" },
};

/**
 * AdamW: Adam with decoupled weight decay.
 *
 * x ← x − α·(m̂/(√v̂ + ε) + λ·x)   with m̂, v̂ as in {@link adam}
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-3.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, in units of the gradient. Default 1e-8.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.01.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Loshchilov, Hutter 2019, algorithm 2; the decay is multiplied by α, as in PyTorch (the paper: by the schedule alone).
 */
export function adamw(options: AdamwOptions = {}): Method {
  const { learningRate, weightDecay, ...rest } = readOptions("adamw", adamwTable, options);
  return named("adamw", chain(scaleByAdam(rest), addDecayedWeights(weightDecay), scaleByLearningRate(learningRate)), { ...options });
}
