import { tensor, where } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface TriangularCycleOptions {
  readonly low: number;
  readonly high: number;
  readonly rise: number;
  readonly fall?: number;
  readonly decayPerCycle?: number;
  readonly decayPerStep?: number;
}

/** The rows of {@link TriangularCycleOptions}. */
export const triangularCycleTable: OptionTable<TriangularCycleOptions> = {
  low: { kind: "number", ...NON_NEGATIVE, meaning: "value at the start of each cycle" },
  high: { kind: "number", ...NON_NEGATIVE, meaning: "value at the tip of the first cycle" },
  rise: { kind: "number", ...COUNT, meaning: "steps from low to high" },
  fall: { kind: "number", otherwise: "rise", ...COUNT, meaning: "steps from high to low" },
  decayPerCycle: { kind: "number", default: 1, ...POSITIVE, meaning: "what the height is multiplied by after each cycle" },
  decayPerStep: { kind: "number", default: 1, ...POSITIVE, meaning: "what the height is multiplied by after each step" },
};

/**
 * Up and down along straight lines, again and again.
 *
 * α(t) = low + (high − low)·h(t)·dᶜ·eᵗ, with h the triangle from 0 to 1 and back, c whole cycles, d and e the decays
 *
 * @param options.low - ≥ 0.
 * @param options.high - ≥ 0.
 * @param options.rise - steps from low to high, ≥ 1.
 * @param options.fall - steps from high to low, ≥ 1. Default: as many as `rise`.
 * @param options.decayPerCycle - d > 0. Default 1; ½ is Smith's "triangular2".
 * @param options.decayPerStep - e > 0. Default 1; below 1 it is Smith's "exp_range".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Smith 2017, section 3.
 */
export function triangularCycle(options: TriangularCycleOptions): Schedule {
  const given = { ...options, fall: options.fall ?? options.rise };
  const { low, high, rise, fall, decayPerCycle, decayPerStep } = readOptions("triangularCycle", triangularCycleTable, given);
  const period = rise + fall;
  return (step) => {
    const cycle = step.div(period).floor();
    const within = step.sub(cycle.mul(period));
    let height = where(within.lessEqual(rise), within.div(rise), tensor(period).sub(within).div(fall)).mul(high - low);
    if (decayPerCycle !== 1) height = height.mul(tensor(decayPerCycle).pow(cycle));
    if (decayPerStep !== 1) height = height.mul(tensor(decayPerStep).pow(step));
    return height.add(low);
  };
}
