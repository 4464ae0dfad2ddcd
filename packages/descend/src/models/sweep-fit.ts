/** Learning rates tried on the problem of a fit. */

import type { TracedObjective } from "../minimize/minimize.js";
import { type LearningRateSweep, type SweepOptions, sweepLearningRates } from "../minimize/several/learning-rate-sweep.js";
import type { DescentWishes, FitOptions } from "./fit-options.js";
import { type ReadFit, readFit } from "./read-fit.js";

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
export function sweepFit(options: FitOptions, sweep: SweepRange = {}): FitSweep {
  return sweepRead(readFit(options), options, sweep);
}

/** Range and number of rates, and steps. */
export type SweepRange = Pick<SweepOptions, "from" | "to" | "count" | "maxSteps">;

/** `valueUnit` times a value is J in the units of the table. */
export type FitSweep = LearningRateSweep & { readonly valueUnit: number };

/** The same of a problem that was read already. */
export function sweepRead({ problem }: ReadFit, wishes: DescentWishes, sweep: SweepRange): FitSweep {
  const { method, batch, shuffle, seed, precision, signal } = wishes;
  const passed = { method: typeof method === "string" ? method : undefined, batch, shuffle, seed, precision, signal, ...sweep };
  const result = sweepLearningRates(problem.objective() as unknown as TracedObjective, problem.start, {
    data: problem.data,
    ...Object.fromEntries(Object.entries(passed).filter(([, value]) => value !== undefined)),
  });
  return { ...result, valueUnit: problem.targetDeviation ** 2 };
}
