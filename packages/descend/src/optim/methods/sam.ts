import { named } from "../chain.js";
import { FRACTION, learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { type SharpnessAwareOptions, sharpnessAware, sharpnessAwareTable } from "../sharpness-aware.js";
import type { Method } from "./method.js";
import { momentum } from "./momentum.js";

export interface SamOptions extends SharpnessAwareOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
}

/** The rows of {@link SamOptions}. */
export const samTable: OptionTable<SamOptions> = {
  learningRate: learningRateSpec(0.01),
  momentum: { kind: "hyperparameter", default: 0.9, ...FRACTION, meaning: "μ: how much of the past is kept; 0 for none" },
  ...sharpnessAwareTable,
};

/**
 * SAM, sharpness-aware minimization: momentum on the gradient of a point uphill.
 *
 * g = ∇f(x + ρ·∇f(x)/‖∇f(x)‖₂),  m ← μ·m + g,  x ← x − α·m
 *
 * Any other method takes the place of momentum in {@link sharpnessAware}.
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.momentum - μ, 0 ≤ μ < 1, or a schedule. Default 0.9.
 * @param options.radius - ρ ≥ 0, in units of the parameters. Default 0.05.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: two gradients a step.
 * Source: Foret et al. 2021, algorithm 1.
 */
export function sam(options: SamOptions = {}): Method {
  const { learningRate, momentum: decay, radius } = readOptions("sam", samTable, options);
  return named("sam", sharpnessAware(momentum({ learningRate, momentum: decay }), { radius }));
}
