import { chain, named } from "../chain.js";
import { learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { type ScaleByDistanceOptions, scaleByDistance, scaleByDistanceTable } from "../transforms/scale-by-distance.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { trackAverage } from "../transforms/track-average.js";
import type { Method } from "./method.js";

export interface DogOptions extends ScaleByDistanceOptions {
  readonly learningRate?: LearningRate;
  readonly emphasis?: number;
}

/** The rows of {@link DogOptions}. */
export const dogTable: OptionTable<DogOptions> = {
  learningRate: { ...learningRateSpec(1), meaning: "α: factor of the step length that the method finds by itself; leave it at 1" },
  ...scaleByDistanceTable,
  emphasis: {
    kind: "number",
    default: 8,
    ...NON_NEGATIVE,
    meaning: "γ: of the average of the iterates, which it recommends; later ones weigh about t^γ",
  },
};

/**
 * DoG, distance over gradients: gradient descent that finds its rate from how far it has come and how large the gradients were.
 *
 * r̄ ← max(r̄, ‖x − x₀‖),  G ← G + ‖g‖²,  x ← x − α·r̄/√(G + ε)·g,  x̄ ← x̄ + (1+γ)/(t+γ)·(x − x̄)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1: there is nothing to tune.
 * @param options.initialDistance - r > 0: r̄ = r·(1 + ‖x₀‖) at first. Default 1e-6.
 * @param options.epsilon - ε ≥ 0. Default 1e-8.
 * @param options.emphasis - γ ≥ 0, of the average that it recommends. Default 8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Ivgi, Hinder, Carmon 2023; the average with γ = 8 is the paper's, section 4.
 */
export function dog(options: DogOptions = {}): Method {
  const { learningRate, emphasis, ...rest } = readOptions("dog", dogTable, options);
  return named("dog", chain(scaleByDistance(rest), scaleByLearningRate(learningRate), trackAverage({ emphasis })));
}
