import { tensor } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface PolynomialDecayOptions {
  readonly initial: number;
  readonly steps: number;
  readonly final?: number;
  readonly power?: number;
}

/** The rows of {@link PolynomialDecayOptions}. */
export const polynomialDecayTable: OptionTable<PolynomialDecayOptions> = {
  initial: { kind: "number", ...NON_NEGATIVE, meaning: "value at step 0" },
  steps: { kind: "number", ...COUNT, meaning: "T: the end is reached at this step" },
  final: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "value from step T on" },
  power: { kind: "number", default: 1, ...POSITIVE, meaning: "p: 1 for a straight line" },
};

/**
 * From one value to another along a power of the remaining time.
 *
 * α(t) = α_T + (α₀ − α_T)·(1 − min(t, T)/T)^p
 *
 * @param options.initial - α₀ ≥ 0.
 * @param options.steps - T ≥ 1.
 * @param options.final - α_T ≥ 0. Default 0.
 * @param options.power - p > 0. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const { initial, steps, final, power } = readOptions("polynomialDecay", polynomialDecayTable, options);
  return (step) =>
    tensor(1)
      .sub(step.minimum(steps).div(steps))
      .pow(power)
      .mul(initial - final)
      .add(final);
}
