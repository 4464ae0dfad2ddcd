import { chain, named } from "../chain.js";
import { FRACTION, learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { addMomentum } from "../transforms/add-momentum.js";
import { ema } from "../transforms/ema.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface MomentumOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
  readonly form?: "classic" | "ema";
}

/** The rows of {@link MomentumOptions}. */
export const momentumTable: OptionTable<MomentumOptions> = {
  learningRate: learningRateSpec(0.01),
  momentum: {
    kind: "hyperparameter",
    default: 0.9,
    ...FRACTION,
    meaning: "μ (or β): how much of the past is kept; memory is about 1/(1−μ) steps",
  },
  form: { kind: "choice", choices: ["classic", "ema"], default: "classic", meaning: "decaying sum of gradients, or weighted mean" },
};

/**
 * The heavy ball: gradient descent with inertia.
 *
 * "classic": m ← μ·m + ∇f(x);  "ema": m ← μ·m + (1−μ)·∇f(x);  then x ← x − α·m
 *
 * The two forms take the same path when α_classic = α_ema·(1−μ). `momentum: 0` is gradient descent to the bit.
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.momentum - μ, 0 ≤ μ < 1, or a schedule. Default 0.9.
 * @param options.form - Default "classic".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak 1964.
 */
export function momentum(options: MomentumOptions = {}): Method {
  const { learningRate, momentum: decay, form } = readOptions("momentum", momentumTable, options);
  return named("momentum", chain(form === "ema" ? ema({ decay }) : addMomentum({ decay }), scaleByLearningRate(learningRate)), {
    ...options,
  });
}
