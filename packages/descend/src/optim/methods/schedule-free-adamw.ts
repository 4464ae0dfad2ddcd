import type { Tensor } from "../../graph/tensor.js";
import { named } from "../chain.js";
import { decayedMean, nextWeight, startOfMean } from "../decayed-mean.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import { scheduleFreeDecay, scheduleFreeSequences } from "../schedule-free-sequences.js";
import { type Hyperparameter, type LearningRate, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "../transforms/scale-by-adam.js";
import type { Method } from "./method.js";

export interface ScheduleFreeAdamwOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
  readonly weightDecay?: Hyperparameter;
}

/** The rows of {@link ScheduleFreeAdamwOptions}. */
export const scheduleFreeAdamwTable: OptionTable<ScheduleFreeAdamwOptions> = {
  learningRate: learningRateSpec(0.0025),
  ...scaleByAdamTable,
  beta1: { ...scaleByAdamTable.beta1, meaning: "β₁: gradients are taken at β₁·x̄ + (1−β₁)·z, between average and base" },
  weightDecay: scheduleFreeDecay,
};

/** Mean of squared gradients, [n], and the sum of its weights, scalar. */
type SquareState = { readonly v: Tensor; readonly weight2: Tensor };

/**
 * Schedule-free AdamW: Adam's scaling at a constant rate, with an average instead of a decay, and no number of steps to know in advance.
 *
 * v ← β₂·v + (1−β₂)·g²,  γ_t = γ·√(1 − β₂ᵗ),  z ← z − γ_t·(g/(√v + ε) + λ·y),  x̄ ← x̄ + c·(z − x̄),  y = β₁·x̄ + (1−β₁)·z
 *
 * The parameters *are* y, where gradients are taken; the average x̄ (c = γ_t²/Σγ²) is what the method
 * recommends, and what a descent over batches returns.
 *
 * @param options.learningRate - γ ≥ 0, or a schedule (a warm-up). Default 0.0025.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, or a schedule. Default 1e-8.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Defazio et al. 2024, algorithm 1; defaults of the authors' program.
 */
export function scheduleFreeAdamw(options: ScheduleFreeAdamwOptions = {}): Method {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = readOptions("scheduleFreeAdamw", scheduleFreeAdamwTable, options);
  const scaling: Transformation<SquareState> = {
    name: "scaleBySquares",
    init: (params) => ({ v: startOfMean(params), weight2: startOfMean() }),
    update(g, state, { step }) {
      const decay = valueAt(beta2, step);
      const v = decayedMean(state.v, g.square(), decay);
      const updates = g.div(v.sqrt().add(valueAt(epsilon, step)));
      return { updates, state: { v, weight2: nextWeight(state.weight2, decay) } };
    },
  };
  const correction = (state: SquareState): Tensor => state.weight2.sqrt();
  const parts = { scaling, learningRate, momentum: beta1, weightDecay, correction };
  return named("scheduleFreeAdamw", scheduleFreeSequences(parts));
}
