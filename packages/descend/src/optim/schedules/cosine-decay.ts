import type { Tensor } from "../../graph/tensor.js";
import { COUNT, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface CosineDecayOptions {
  readonly initial: number;
  readonly steps: number;
  readonly final?: number;
  readonly afterwards?: "hold" | "return";
}

/** The rows of {@link CosineDecayOptions}. */
export const cosineDecayTable: OptionTable<CosineDecayOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value at step 0" },
  steps: { kind: "number", ...COUNT, meaning: "T: the end is reached at this step" },
  final: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "value at step T" },
  afterwards: {
    kind: "choice",
    choices: ["hold", "return"],
    default: "hold",
    meaning: "stay at the end, or go on along the cosine, up again",
  },
};

/**
 * Half a wave of the cosine: level at both ends.
 *
 * α(t) = α_T + (α₀ − α_T)·(1 + cos(π·t/T))/2
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.steps - T ≥ 1.
 * @param options.final - α_T ≥ 0. Default 0.
 * @param options.afterwards - "hold": α_T from step T on; "return": the cosine goes on, as in PyTorch. Default "hold".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Loshchilov, Hutter 2017, equation 5.
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const { initial, steps, final, afterwards } = readOptions("cosineDecay", cosineDecayTable, options);
  return (step) => halfCosine(initial, final, (afterwards === "hold" ? step.minimum(steps) : step).div(steps));
}

/** From `start` at `progress` 0 to `end` at 1 along half a cosine; exactly `end` at 1. */
export function halfCosine(start: number, end: number, progress: Tensor): Tensor {
  return progress
    .mul(Math.PI)
    .cos()
    .add(1)
    .mul((start - end) / 2)
    .add(end);
}
