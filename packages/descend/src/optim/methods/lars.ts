import { chain, named } from "../chain.js";
import { FRACTION, learningRateSpec, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addDecayedWeights } from "../transforms/add-decayed-weights.js";
import { addMomentum } from "../transforms/add-momentum.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { scaleByTrustRatio } from "../transforms/scale-by-trust-ratio.js";
import type { Method } from "./method.js";

export interface LarsOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
  readonly weightDecay?: Hyperparameter;
  readonly trustCoefficient?: Hyperparameter;
}

/** The rows of {@link LarsOptions}. */
export const larsTable: OptionTable<LarsOptions> = {
  learningRate: learningRateSpec(1),
  momentum: { kind: "hyperparameter", default: 0.9, ...FRACTION, meaning: "μ: heavy-ball momentum of the scaled steps" },
  weightDecay: { kind: "hyperparameter", default: 0, ...NON_NEGATIVE, meaning: "λ: decay of the parameters, inside the trust ratio" },
  trustCoefficient: { kind: "hyperparameter", default: 1e-3, ...POSITIVE, meaning: "η: length of a step relative to the leaf" },
};

/**
 * LARS: momentum whose step in each leaf has a length in proportion to the leaf, for large batches.
 *
 * r = g + λ·x,  mₗ ← μ·mₗ + α·η·‖xₗ‖/‖rₗ‖·rₗ,  xₗ ← xₗ − mₗ  for each leaf l
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1.
 * @param options.momentum - μ, 0 ≤ μ < 1, or a schedule. Default 0.9.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.
 * @param options.trustCoefficient - η > 0. Default 1e-3.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: You, Gitman, Ginsburg 2017, algorithm 1; the decay is inside the ratio's norm, as in Optax.
 */
export function lars(options: LarsOptions = {}): Method {
  const { learningRate, momentum: decay, weightDecay, trustCoefficient } = readOptions("lars", larsTable, options);
  return named(
    "lars",
    chain(
      addDecayedWeights(weightDecay),
      scaleByTrustRatio({ coefficient: trustCoefficient }),
      scaleByLearningRate(learningRate),
      addMomentum({ decay }),
    ),
    { ...options },
  );
}
