import { chain, named } from "../chain.js";
import { FRACTION, learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addMomentum } from "../transforms/add-momentum.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface NesterovOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
}

/** The rows of {@link NesterovOptions}. */
export const nesterovTable: OptionTable<NesterovOptions> = {
  learningRate: learningRateSpec(0.01),
  momentum: { kind: "hyperparameter", default: 0.9, ...FRACTION, meaning: "μ: how much of the past is kept" },
};

/**
 * Nesterov's accelerated gradient, in the form that needs the gradient only where it stands.
 *
 * m ← μ·m + ∇f(x),  x ← x − α·(∇f(x) + μ·m)
 *
 * Nesterov's own scheme evaluates at y = x − α·μ·m and moves x. Here the parameters *are* y: with constant α and μ the two
 * produce the same points y (see docs/methods/nesterov.md). PyTorch and Optax have this form, too.
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.momentum - μ, 0 ≤ μ < 1, or a schedule. Default 0.9.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Nesterov 1983; Sutskever et al. 2013, equations 3–4; Bengio et al. 2013 for this form.
 */
export function nesterov(options: NesterovOptions = {}): Method {
  const { learningRate, momentum: decay } = readOptions("nesterov", nesterovTable, options);
  return named("nesterov", chain(addMomentum({ decay, nesterov: true }), scaleByLearningRate(learningRate)), { ...options });
}
