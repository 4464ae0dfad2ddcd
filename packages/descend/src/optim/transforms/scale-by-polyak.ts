import { where } from "../../graph/tensor-functions.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

export interface ScaleByPolyakOptions {
  readonly lowestValue?: Hyperparameter;
  readonly largestRate?: Hyperparameter;
}

/** The rows of {@link ScaleByPolyakOptions}. */
export const scaleByPolyakTable: OptionTable<ScaleByPolyakOptions> = {
  lowestValue: {
    kind: "hyperparameter",
    default: 0,
    meaning: "f*: the lowest value, or a bound below it; of −f when maximizing",
  },
  largestRate: {
    kind: "hyperparameter",
    default: 1e10,
    ...POSITIVE,
    meaning: "η_max: the step never is longer than this times the gradient",
  },
};

/**
 * Scales the updates by Polyak's step length, which needs the lowest value instead of a rate.
 *
 * u ← min(η_max, max(0, f(x) − f*)/‖g‖₂²)·u      with g the gradient as it came in; 0 where g = 0
 *
 * On convex functions each step comes nearer to every minimizer. With f* too low it steps too far and ends by circling.
 *
 * @param options.lowestValue - f*. Default 0: losses that can be fitted exactly.
 * @param options.largestRate - η_max > 0. Default 1e10: no bound.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak 1969, equation 6; Loizou et al. 2021 for batches and η_max.
 */
export function scaleByPolyak(options: ScaleByPolyakOptions = {}): Transformation {
  const { lowestValue, largestRate } = readOptions("scaleByPolyak", scaleByPolyakTable, options);
  return stateless("scaleByPolyak", (updates, { value, gradient, step }) => {
    const squared = gradient.square().sum();
    const rate = value.sub(valueAt(lowestValue, step)).maximum(0).div(squared).minimum(valueAt(largestRate, step));
    return updates.mul(where(squared.equal(0), 0, rate));
  });
}
