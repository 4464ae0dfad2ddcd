import { tensor } from "../../graph/tensor-functions.js";
import { checkNumber, NON_NEGATIVE } from "../options.js";
import type { Schedule } from "./schedule.js";

/**
 * The same value at every step: for places that want a schedule where a number would do.
 *
 * @param value - ≥ 0.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function constantRate(value: number): Schedule {
  checkNumber("constantRate", "value", value, NON_NEGATIVE);
  return () => tensor(value);
}
