import { tensor, where } from "../../graph/tensor-functions.js";
import { COUNT, checkNumber, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { halfCosine } from "./cosine-decay.js";
import type { Schedule } from "./schedule.js";

export interface OneCycleOptions {
  readonly peak: number;
  readonly steps: number;
  readonly initial?: number;
  readonly final?: number;
  readonly rise?: number;
}

/** The rows of {@link OneCycleOptions}. */
export const oneCycleTable: OptionTable<OneCycleOptions> = {
  peak: { kind: "number", ...NON_NEGATIVE, meaning: "the value in between" },
  steps: { kind: "number", ...COUNT, minimum: 2, meaning: "T: steps of the whole cycle" },
  initial: { kind: "number", otherwise: "peak/25", ...NON_NEGATIVE, meaning: "value at step 0" },
  final: { kind: "number", otherwise: "initial/10⁴", ...NON_NEGATIVE, meaning: "value from step T − 1 on" },
  rise: {
    kind: "number",
    default: 0.3,
    minimum: 0,
    minimumExcluded: true,
    maximum: 1,
    maximumExcluded: true,
    meaning: "share of the cycle before the peak",
  },
};

/**
 * From a first value to a peak and on to a last value, each along half a cosine.
 *
 * The peak is at step r·T − 1, the end at step T − 1, and it stays there.
 *
 * For a momentum that falls while the rate rises, give a `peak` below `initial`:
 * `oneCycle({ initial: 0.95, peak: 0.85, final: 0.95, steps })`.
 *
 * @param options.peak - ≥ 0.
 * @param options.steps - T ≥ 2.
 * @param options.initial - ≥ 0. Default peak/25.
 * @param options.final - ≥ 0. Default initial/10⁴.
 * @param options.rise - r, 0 < r < 1, with r·T > 1. Default 0.3.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Smith, Topin 2018; the cosine and the defaults are PyTorch's (its `three_phase: false`).
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const first = options.initial ?? options.peak / 25;
  const given = { ...options, initial: first, final: options.final ?? first / 1e4 };
  const { peak, steps, initial, final, rise } = readOptions("oneCycle", oneCycleTable, given);
  checkNumber("oneCycle", "rise", rise, { minimum: 1 / steps, minimumExcluded: true, maximum: 1, maximumExcluded: true });
  const top = rise * steps - 1;
  const end = steps - 1;
  return (step) => {
    const up = halfCosine(initial, peak, step.div(top));
    const down = halfCosine(
      peak,
      final,
      step
        .minimum(end)
        .sub(top)
        .div(tensor(end - top)),
    );
    return where(step.lessEqual(top), up, down);
  };
}
