import { tensor, where } from "../../graph/tensor.js";
import { COUNT, checkNumber, NON_NEGATIVE, POSITIVE } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface MultiStepDecayOptions {
  readonly initial: number;
  readonly milestones: readonly number[];
  readonly factor?: number;
}

/**
 * A staircase with drops at given steps.
 *
 * α(t) = α₀·γ^(number of milestones ≤ t)
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.milestones - steps ≥ 1 at which it drops; one given twice counts twice.
 * @param options.factor - γ > 0. Default 0.1.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function multiStepDecay(options: MultiStepDecayOptions): Schedule {
  const { initial, milestones, factor = 0.1 } = options;
  checkNumber("multiStepDecay", "initial", initial, NON_NEGATIVE);
  checkNumber("multiStepDecay", "factor", factor, POSITIVE);
  for (const milestone of milestones) checkNumber("multiStepDecay", "milestones", milestone, COUNT);
  return (step) => milestones.reduce((value, milestone) => value.mul(where(step.less(milestone), 1, factor)), tensor(initial));
}
