import { tensor, where } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface MultiStepDecayOptions {
  readonly initial: number;
  readonly milestones: readonly number[];
  readonly factor?: number;
}

/** The rows of {@link MultiStepDecayOptions}. */
export const multiStepDecayTable: OptionTable<MultiStepDecayOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value before the first drop" },
  milestones: { kind: "numbers", ...COUNT, meaning: "steps at which it drops; one given twice counts twice" },
  factor: { kind: "number", default: 0.1, ...POSITIVE, meaning: "γ: what it is multiplied by at each drop" },
};

/**
 * A staircase with drops at given steps.
 *
 * α(t) = α₀·γ^(number of milestones ≤ t)
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.milestones - steps ≥ 1 at which it drops; one given twice counts twice.
 * @param options.factor - γ > 0. Default 0.1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 */
export function multiStepDecay(options: MultiStepDecayOptions): Schedule {
  const { initial, milestones, factor } = readOptions("multiStepDecay", multiStepDecayTable, options);
  return (step) => milestones.reduce((value, milestone) => value.mul(where(step.less(milestone), 1, factor)), tensor(initial));
}
