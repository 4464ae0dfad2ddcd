import { COUNT, type OptionTable, readOptions } from "../options.js";
import type { SearchMethod } from "../search-method.js";
import { type LbfgsState, limitedMemorySearch } from "./limited-memory-search.js";

export interface LbfgsOptions {
  readonly memory?: number;
}

/** The rows of {@link LbfgsOptions}. */
export const lbfgsTable: OptionTable<LbfgsOptions> = {
  memory: { kind: "number", default: 10, ...COUNT, meaning: "pairs of changes kept; a step costs 4·memory·n multiplications" },
};

/**
 * L-BFGS with a line search for the strong Wolfe conditions; the default for smooth objectives.
 *
 * d = −H·g, H from the last changes of point and gradient
 *
 * @param options.memory - pairs kept, whole, ≥ 1. Default 10. Cost of a step: 4·memory·n multiplications.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Nocedal 1980.
 */
export function lbfgs(options: LbfgsOptions = {}): SearchMethod<LbfgsState> {
  return limitedMemorySearch(readOptions("lbfgs", lbfgsTable, options));
}
