import { chain, named } from "../chain.js";
import { learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addDecayedWeights } from "../transforms/add-decayed-weights.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByLionOptions, scaleByLion, scaleByLionTable } from "../transforms/scale-by-lion.js";
import type { Method } from "./method.js";

export interface LionOptions extends ScaleByLionOptions {
  readonly learningRate?: LearningRate;
  readonly weightDecay?: Hyperparameter;
}

/** The rows of {@link LionOptions}. */
export const lionTable: OptionTable<LionOptions> = {
  learningRate: learningRateSpec(1e-4),
  ...scaleByLionTable,
  weightDecay: { kind: "hyperparameter", default: 0, ...NON_NEGATIVE, meaning: "λ: each step multiplies the parameters by 1 − α·λ" },
};

/**
 * Lion: every parameter moves by exactly the learning rate, along the sign of a blend of the gradient and its mean.
 *
 * x ← x − α·(sign(β₁·m + (1−β₁)·g) + λ·x),  m ← β₂·m + (1−β₂)·g
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1e-4: it wants 3 to 10 times less than Adam.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.99.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Chen et al. 2023, algorithm 2.
 */
export function lion(options: LionOptions = {}): Method {
  const { learningRate, weightDecay, ...rest } = readOptions("lion", lionTable, options);
  const decay = weightDecay === 0 ? [] : [addDecayedWeights(weightDecay)];
  return named("lion", chain(scaleByLion(rest), ...decay, scaleByLearningRate(learningRate)), { ...options });
}
