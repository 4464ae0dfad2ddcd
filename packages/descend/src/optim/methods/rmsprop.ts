import { chain, named } from "../chain.js";
import { FRACTION, learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addMomentum } from "../transforms/add-momentum.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByRmsOptions, scaleByRms, scaleByRmsTable } from "../transforms/scale-by-rms.js";
import type { Method } from "./method.js";

export interface RmspropOptions extends ScaleByRmsOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
}

/** The rows of {@link RmspropOptions}. */
export const rmspropTable: OptionTable<RmspropOptions> = {
  learningRate: learningRateSpec(0.01),
  ...scaleByRmsTable,
  momentum: { kind: "hyperparameter", default: 0, ...FRACTION, meaning: "μ: heavy-ball momentum of the scaled gradients; 0 for none" },
};

/**
 * RMSProp: gradients divided by the root of a decaying mean of their squares.
 *
 * v ← ρ·v + (1−ρ)·g²,  b ← μ·b + g/(√v + ε),  x ← x − α·b
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01. With a constant α it orbits the minimum at a distance of about α.
 * @param options.decay - ρ, 0 ≤ ρ < 1, or a schedule. Default 0.99.
 * @param options.epsilon - ε ≥ 0. Default 1e-8.
 * @param options.epsilonPlace - "outside" the root (PyTorch) or "inside" (TensorFlow). Default "outside".
 * @param options.centered - divide by the standard deviation. Default false.
 * @param options.momentum - μ, 0 ≤ μ < 1, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Tieleman, Hinton 2012; Graves 2013 for the centered form.
 */
export function rmsprop(options: RmspropOptions = {}): Method {
  const { learningRate, momentum: decay, ...rest } = readOptions("rmsprop", rmspropTable, options);
  const inertia = decay === 0 ? [] : [addMomentum({ decay })];
  return named("rmsprop", chain(scaleByRms(rest), ...inertia, scaleByLearningRate(learningRate)), { ...options });
}
