import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { type ScaleByAdadeltaOptions, scaleByAdadelta, scaleByAdadeltaTable } from "../transforms/scale-by-adadelta.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AdadeltaOptions extends ScaleByAdadeltaOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link AdadeltaOptions}. */
export const adadeltaTable: OptionTable<AdadeltaOptions> = { learningRate: learningRateSpec(1), ...scaleByAdadeltaTable };

/**
 * Adadelta: steps in the units of the parameters, from the ratio of past updates to past gradients.
 *
 * v ← ρ·v + (1−ρ)·g²,  Δ = √(d + ε)/√(v + ε)·g,  d ← ρ·d + (1−ρ)·Δ²,  x ← x − α·Δ
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1.
 * @param options.decay - ρ, 0 ≤ ρ < 1, or a schedule. Default 0.9.
 * @param options.epsilon - ε > 0. Default 1e-6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zeiler 2012, algorithm 1 (there α = 1).
 */
export function adadelta(options: AdadeltaOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("adadelta", adadeltaTable, options);
  return named("adadelta", chain(scaleByAdadelta(rest), scaleByLearningRate(learningRate)), { ...options });
}
