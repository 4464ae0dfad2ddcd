import { COUNT, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Schedule } from "./schedule.js";

export interface LinearRampOptions {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** The rows of {@link LinearRampOptions}. */
export const linearRampTable: OptionTable<LinearRampOptions> = {
  from: { kind: "number", ...NON_NEGATIVE, meaning: "value at step 0" },
  to: { kind: "number", ...NON_NEGATIVE, meaning: "value from step T on" },
  steps: { kind: "number", ...COUNT, meaning: "T" },
};

/**
 * A straight line up or down, then level.
 *
 * α(t) = a + (b − a)·min(t, T)/T
 *
 * @param options.from - a ≥ 0.
 * @param options.to - b ≥ 0.
 * @param options.steps - T ≥ 1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 */
export function linearRamp(options: LinearRampOptions): Schedule {
  const { from, to, steps } = readOptions("linearRamp", linearRampTable, options);
  return (step) =>
    step
      .minimum(steps)
      .mul((to - from) / steps)
      .add(from);
}
