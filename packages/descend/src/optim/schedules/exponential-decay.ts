import { tensor } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface ExponentialDecayOptions {
  readonly initial: number;
  readonly factor: number;
  readonly every?: number;
}

/** The rows of {@link ExponentialDecayOptions}. */
export const exponentialDecayTable: OptionTable<ExponentialDecayOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value at step 0" },
  factor: { kind: "number", ...POSITIVE, meaning: "γ: what it is multiplied by in `every` steps" },
  every: { kind: "number", default: 1, ...COUNT, meaning: "k, in steps" },
};

/**
 * A constant fraction lost at each step.
 *
 * α(t) = α₀·γ^(t/k)
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.factor - γ > 0.
 * @param options.every - k ≥ 1, in steps. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const { initial, factor, every } = readOptions("exponentialDecay", exponentialDecayTable, options);
  return (step) => tensor(factor).pow(step.div(every)).mul(initial);
}
