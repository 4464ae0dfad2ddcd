import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByPolyakOptions, scaleByPolyak, scaleByPolyakTable } from "../transforms/scale-by-polyak.js";
import type { Method } from "./method.js";

export interface PolyakStepOptions extends ScaleByPolyakOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link PolyakStepOptions}. */
export const polyakStepTable: OptionTable<PolyakStepOptions> = {
  learningRate: { ...learningRateSpec(1), meaning: "α: factor of Polyak's length, below 2; ½ for the stochastic form" },
  ...scaleByPolyakTable,
};

/**
 * Gradient descent with Polyak's step length: the distance to the lowest value tells how far to go.
 *
 * x ← x − α·min(η_max, max(0, f(x) − f*)/‖g‖²)·g
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 1.
 * @param options.lowestValue - f*. Default 0.
 * @param options.largestRate - η_max > 0. Default 1e10.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak 1969; Loizou et al. 2021 for batches.
 */
export function polyakStep(options: PolyakStepOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("polyakStep", polyakStepTable, options);
  return named("polyakStep", chain(scaleByPolyak(rest), scaleByLearningRate(learningRate)));
}
