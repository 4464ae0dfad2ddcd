import { chain, named } from "../chain.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByRpropOptions, scaleByRprop, scaleByRpropTable } from "../transforms/scale-by-rprop.js";
import type { Method } from "./method.js";

export interface RpropOptions extends Omit<ScaleByRpropOptions, "initialStep"> {
  readonly learningRate?: number;
}

const { initialStep: _, ...others } = scaleByRpropTable;
/** The rows of {@link RpropOptions}. */
export const rpropTable: OptionTable<RpropOptions> = {
  learningRate: { kind: "number", default: 0.01, ...POSITIVE, meaning: "Δ₀: first step of every parameter, in its own units" },
  ...others,
};

/**
 * Rprop: each parameter has a step length of its own, which grows while its partial derivative keeps its sign.
 *
 * Δ ← Δ·η⁺ where g·g′ > 0, Δ·η⁻ where g·g′ < 0, within [Δ_min, Δ_max];  x ← x − sign(g)·Δ, and unchanged where g·g′ < 0
 *
 * @param options.learningRate - Δ₀ > 0: the first step, within [Δ_min, Δ_max] like all. Default 0.01.
 * @param options.shrink - η⁻, 0 < η⁻ < 1. Default 0.5.
 * @param options.grow - η⁺ > 1. Default 1.2.
 * @param options.smallestStep - Δ_min > 0. Default 1e-6.
 * @param options.largestStep - Δ_max ≥ Δ_min. Default 50.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Riedmiller, Braun 1993; Igel, Hüsken 2000 for the form without backtracking.
 */
export function rprop(options: RpropOptions = {}): Method {
  const { learningRate: initialStep, ...rest } = readOptions("rprop", rpropTable, options);
  return named("rprop", chain(scaleByRprop({ initialStep, ...rest }), scaleByLearningRate(1)), { ...options });
}
