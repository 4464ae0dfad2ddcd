/** Learning rates tried on the problem of a fit. */

import type { TracedObjective } from "../minimize/minimize.js";
import { type LearningRateSweep, type SweepOptions, sweepLearningRates } from "../minimize/several/learning-rate-sweep.js";
import type { FitOptions } from "./fit-options.js";
import { readFit } from "./read-fit.js";

/**
 * Tries learning rates on the problem that {@link fit} would descend, in its coordinates: the rate found is the
 * `learningRate` of a fit with the same options.
 *
 * @param options - of the fit. Its method must be a rule with a rate: a name. Default "gradientDescent".
 * @param sweep - range and number of rates, and steps, as for {@link sweepLearningRates}. Values are those of the scaled problem.
 * @throws as {@link fit} and {@link sweepLearningRates}
 *
 * @example const { best } = sweepFit({ features, target, method: "gradientDescent" });
 */
export function sweepFit(
  options: FitOptions,
  sweep: Pick<SweepOptions, "from" | "to" | "count" | "maxSteps"> = {},
): LearningRateSweep & { readonly valueUnit: number } {
  const { problem } = readFit(options);
  const { method, batch, shuffle, seed, precision, signal } = options;
  const passed = { method: typeof method === "string" ? method : undefined, batch, shuffle, seed, precision, signal, ...sweep };
  const result = sweepLearningRates(problem.objective() as unknown as TracedObjective, problem.start, {
    data: problem.data,
    ...Object.fromEntries(Object.entries(passed).filter(([, value]) => value !== undefined)),
  });
  return { ...result, valueUnit: problem.targetDeviation ** 2 };
}
