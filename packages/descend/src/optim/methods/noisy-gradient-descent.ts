import { tensor } from "../../graph/tensor-functions.js";
import { chain, named } from "../chain.js";
import { learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, type LearningRate, valueAt } from "../schedules/schedule.js";
import { addNoise } from "../transforms/add-noise.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface NoisyGradientDescentOptions {
  readonly learningRate?: LearningRate;
  readonly variance?: Hyperparameter;
  readonly decayPower?: number;
  readonly seed?: number;
}

/** The rows of {@link NoisyGradientDescentOptions}. */
export const noisyGradientDescentTable: OptionTable<NoisyGradientDescentOptions> = {
  learningRate: learningRateSpec(0.01),
  variance: {
    kind: "hyperparameter",
    default: 0.01,
    ...NON_NEGATIVE,
    meaning: "η: variance of the noise at the first step, in squared units of the gradient",
  },
  decayPower: { kind: "number", default: 0.55, ...NON_NEGATIVE, meaning: "γ: the variance falls as (1 + t)^−γ" },
  seed: { kind: "number", default: 0, ...NON_NEGATIVE, whole: true, meaning: "another seed, other noise" },
};

/**
 * Gradient descent with fading noise: a way off saddles and out of shallow valleys.
 *
 * x ← x − α·(∇f(x) + √(η/(1+t)^γ)·z),  z ~ N(0, 1), t = 0, 1, …
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.variance - η ≥ 0, or a schedule. Default 0.01.
 * @param options.decayPower - γ ≥ 0. Default 0.55.
 * @param options.seed - whole number ≥ 0. Default 0. The noise is a function of seed, step and element: every run has the same.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Neelakantan et al. 2015, equations 1–2.
 */
export function noisyGradientDescent(options: NoisyGradientDescentOptions = {}): Method {
  const { learningRate, variance, decayPower, seed } = readOptions("noisyGradientDescent", noisyGradientDescentTable, options);
  const deviation: Hyperparameter = (step) =>
    valueAt(variance, step)
      .mul(step.add(1).pow(tensor(-decayPower)))
      .sqrt();
  return named("noisyGradientDescent", chain(addNoise({ deviation, seed }), scaleByLearningRate(learningRate)));
}
