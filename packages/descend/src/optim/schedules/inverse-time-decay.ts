import { tensor } from "../../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface InverseTimeDecayOptions {
  readonly initial: number;
  readonly decay?: number;
  readonly power?: number;
}

/** The rows of {@link InverseTimeDecayOptions}. */
export const inverseTimeDecayTable: OptionTable<InverseTimeDecayOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value at step 0" },
  decay: { kind: "number", default: 1, ...NON_NEGATIVE, meaning: "κ, in 1/steps: after 1/κ steps it has fallen by 2^p" },
  power: { kind: "number", default: 1, ...NON_NEGATIVE, meaning: "p" },
};

/**
 * A power of the reciprocal of time: the schedule of Robbins and Monro for ½ < p ≤ 1.
 *
 * α(t) = α₀/(1 + κ·t)^p
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.decay - κ ≥ 0, in 1/steps. Default 1.
 * @param options.power - p ≥ 0. Default 1. Steps noisy in expectation converge if ½ < p ≤ 1: Σα = ∞ and Σα² < ∞.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Robbins, Monro 1951.
 */
export function inverseTimeDecay(options: InverseTimeDecayOptions): Schedule {
  const { initial, decay, power } = readOptions("inverseTimeDecay", inverseTimeDecayTable, options);
  return (step) => tensor(initial).div(step.mul(decay).add(1).pow(power));
}
