import { chain, named } from "../chain.js";
import { type OptionTable, readOptions } from "../options.js";
import {
  type ScaleByDAdaptationOptions,
  type ScaleByDAdaptedAdamOptions,
  scaleByDAdaptation,
  scaleByDAdaptationTable,
  scaleByDAdaptedAdam,
  scaleByDAdaptedAdamTable,
} from "../transforms/scale-by-d-adaptation.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export type DAdaptationOptions = ScaleByDAdaptationOptions;
export type DAdaptedAdamOptions = ScaleByDAdaptedAdamOptions;

/** The rows of {@link DAdaptationOptions} and of {@link DAdaptedAdamOptions}. */
export const dAdaptationTable: OptionTable<DAdaptationOptions> = scaleByDAdaptationTable;
export const dAdaptedAdamTable: OptionTable<DAdaptedAdamOptions> = scaleByDAdaptedAdamTable;

/**
 * D-adaptation: gradient descent that finds its learning rate, from a lower bound of the distance to the minimum.
 *
 * λ = γ·d/‖g₀‖,  z ← z − λ·g,  x ← β·x + (1−β)·z,  d ← max(d, 2·Σλ·⟨g, s⟩/‖s‖)  with s the sum of λ·g
 *
 * @param options.learningRate - γ ≥ 0, or a schedule (a decay to 0 at the end of a run over batches). Default 1.
 * @param options.momentum - β, 0 ≤ β < 1, or a schedule. Default 0.9.
 * @param options.initialDistance - d₀ > 0. Default 1e-6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Defazio, Mishchenko 2023, algorithm 4.
 */
export function dAdaptation(options: DAdaptationOptions = {}): Method {
  return named("dAdaptation", chain(scaleByDAdaptation(readOptions("dAdaptation", dAdaptationTable, options)), scaleByLearningRate(1)));
}

/**
 * D-adapted Adam: Adam that finds its learning rate, from a lower bound of the distance to the minimum.
 *
 * d ← max(d, r/((1−√β₂)·‖s‖₁)),  x ← x − m/(√v + ε)      (r, s, m, v: see {@link scaleByDAdaptedAdam})
 *
 * @param options.learningRate - γ ≥ 0, or a schedule (a decay to 0 at the end of a run over batches). Default 1.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, or a schedule. Default 1e-8.
 * @param options.initialDistance - d₀ > 0. Default 1e-6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Defazio, Mishchenko 2023, algorithm 5.
 */
export function dAdaptedAdam(options: DAdaptedAdamOptions = {}): Method {
  return named("dAdaptedAdam", chain(scaleByDAdaptedAdam(readOptions("dAdaptedAdam", dAdaptedAdamTable, options)), scaleByLearningRate(1)));
}
