import { tensor } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface StepDecayOptions {
  readonly initial: number;
  readonly every: number;
  readonly factor?: number;
}

/** The rows of {@link StepDecayOptions}. */
export const stepDecayTable: OptionTable<StepDecayOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value of the first steps" },
  every: { kind: "number", ...COUNT, meaning: "k: steps between drops" },
  factor: { kind: "number", default: 0.1, ...POSITIVE, meaning: "γ: what it is multiplied by at each drop" },
};

/**
 * A staircase with equal treads.
 *
 * α(t) = α₀·γ^⌊t/k⌋
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.every - k ≥ 1, in steps.
 * @param options.factor - γ > 0. Default 0.1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  const { initial, every, factor } = readOptions("stepDecay", stepDecayTable, options);
  return (step) => tensor(factor).pow(step.div(every).floor()).mul(initial);
}
