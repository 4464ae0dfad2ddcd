import { chain, named } from "./chain.js";
import type { Transformation } from "./transformation.js";
import { type TrackAverageOptions, trackAverage } from "./transforms/track-average.js";

/**
 * Any method, with the average of its iterates as the point it recommends: noise averages out, at a rate that never has to fall.
 *
 * @param method - a complete method, which takes the steps it would take by itself.
 * @param options - `from`, `decay` (β, for an exponential mean) and `emphasis` as for {@link trackAverage}.
 * @returns a method whose state `trackAverage.average` is the average; {@link Transformation.answer} gives it.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak, Juditsky 1992.
 *
 * @example minimize(loss, start, { data, batch: 32, method: averaged(adam({ learningRate: 0.01 }), { from: 1000 }) }).params
 */
export function averaged(method: Transformation, options: TrackAverageOptions = {}): Transformation {
  return named(`averaged(${method.name})`, chain(method, trackAverage(options)));
}
