import type { Tensor } from "../../graph/tensor.js";
import { tensor, where } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, type Schedule, valueAt } from "./schedule.js";

export interface WarmUpOptions {
  readonly steps: number;
  readonly from?: number;
}

/** The rows of {@link WarmUpOptions}. */
export const warmUpTable: OptionTable<WarmUpOptions> = {
  steps: { kind: "number", ...COUNT, meaning: "T: length of the ramp" },
  from: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "value at step 0" },
};

/**
 * A straight ramp to the first value of a schedule, then the schedule.
 *
 * α(t) = a + (b(0) − a)·t/T for t < T, then b(t − T)
 *
 * @param then - b: a number or a schedule, which counts its steps from the end of the ramp.
 * @param options.steps - T ≥ 1.
 * @param options.from - a ≥ 0. Default 0: the first update is then 0, too.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Goyal et al. 2017, section 2.2.
 */
export function warmUp(then: Hyperparameter, options: WarmUpOptions): Schedule {
  const { steps, from } = readOptions("warmUp", warmUpTable, options);
  return (step) => {
    const first: Tensor = valueAt(then, tensor(0));
    const ramp = step.div(steps).mul(first.sub(from)).add(from);
    return where(step.less(steps), ramp, valueAt(then, step.sub(steps)));
  };
}
