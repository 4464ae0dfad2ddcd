import { chain, named } from "../chain.js";
import { learningRateSpec, type OptionTable, readOptions } from "../options.js";
import type { LearningRate } from "../schedules/schedule.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { type ScaleByRssOptions, scaleByRss, scaleByRssTable } from "../transforms/scale-by-rss.js";
import type { Method } from "./method.js";

export interface AdagradOptions extends ScaleByRssOptions {
  readonly learningRate?: LearningRate;
}

/** The rows of {@link AdagradOptions}. */
export const adagradTable: OptionTable<AdagradOptions> = { learningRate: learningRateSpec(0.01), ...scaleByRssTable };

/**
 * Adagrad: a rate for each parameter that falls with the squares it has seen.
 *
 * s ← s + g²,  x ← x − α·g/(√s + ε)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.initialAccumulator - s before the first step, ≥ 0. Default 0.
 * @param options.epsilon - ε ≥ 0. Default 1e-10.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Duchi, Hazan, Singer 2011, the diagonal form.
 */
export function adagrad(options: AdagradOptions = {}): Method {
  const { learningRate, ...rest } = readOptions("adagrad", adagradTable, options);
  return named("adagrad", chain(scaleByRss(rest), scaleByLearningRate(learningRate)), { ...options });
}
