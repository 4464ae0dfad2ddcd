import { named } from "../chain.js";
import { FRACTION, learningRateSpec, type OptionTable, readOptions } from "../options.js";
import { scheduleFreeDecay, scheduleFreeSequences } from "../schedule-free-sequences.js";
import type { Hyperparameter, LearningRate } from "../schedules/schedule.js";
import { stateless } from "../transformation.js";
import type { Method } from "./method.js";

export interface ScheduleFreeOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
  readonly weightDecay?: Hyperparameter;
}

/** The rows of {@link ScheduleFreeOptions}. */
export const scheduleFreeTable: OptionTable<ScheduleFreeOptions> = {
  learningRate: learningRateSpec(1),
  momentum: {
    kind: "hyperparameter",
    default: 0.9,
    ...FRACTION,
    meaning: "β: gradients are taken at β·x̄ + (1−β)·z, between average and base",
  },
  weightDecay: scheduleFreeDecay,
};

/**
 * Schedule-free gradient descent: a constant rate, an average instead of a decay, and no number of steps to know in advance.
 *
 * z ← z − γ·(∇f(y) + λ·y),  x̄ ← x̄ + (z − x̄)/t,  y = β·x̄ + (1−β)·z      (weights 1/t for constant γ)
 *
 * The parameters *are* y, where gradients are taken; the average x̄ is what the method recommends, and what a descent over batches returns.
 *
 * @param options.learningRate - γ ≥ 0, or a schedule (a warm-up). Default 1.
 * @param options.momentum - β, 0 ≤ β < 1, or a schedule. Default 0.9.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Defazio et al. 2024, equations 3–5; defaults of the authors' program.
 */
export function scheduleFree(options: ScheduleFreeOptions = {}): Method {
  const read = readOptions("scheduleFree", scheduleFreeTable, options);
  return named("scheduleFree", scheduleFreeSequences({ scaling: stateless("gradient", (updates) => updates), ...read }));
}
