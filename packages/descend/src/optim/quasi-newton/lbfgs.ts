import { COUNT, type OptionTable, readOptions } from "../options.js";
import type { SearchMethod } from "../search-method.js";
import { lineSearchOf, searchSpec } from "../searches/catalogue.js";
import { type LbfgsState, limitedMemorySearch } from "./limited-memory-search.js";

export interface LbfgsOptions {
  readonly memory?: number;
  readonly search?: string;
}

/** The rows of {@link LbfgsOptions}. */
export const lbfgsTable: OptionTable<LbfgsOptions> = {
  memory: {
    kind: "number",
    otherwise: "1000/n, from 10 to 50",
    ...COUNT,
    meaning: "pairs of changes kept; a step costs 4·memory·n multiplications",
  },
  search: searchSpec("strong-wolfe"),
};

/**
 * L-BFGS: quasi-Newton with a line search; the default for smooth objectives.
 *
 * d = −H·g, H from the last changes of point and gradient
 *
 * @param options.memory - pairs kept, whole, ≥ 1. Default 1000/n, from 10 to 50. Cost of a step: 4·memory·n multiplications.
 * @param options.search - "strong-wolfe", "hager-zhang" or "backtracking". Default "strong-wolfe".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Nocedal 1980.
 */
export function lbfgs(options: LbfgsOptions = {}): SearchMethod<LbfgsState> {
  // What is usual is known with the number of parameters
  const { memory, search } = readOptions("lbfgs", lbfgsTable, { ...options, memory: options.memory ?? 1 });
  return limitedMemorySearch({ memory: options.memory === undefined ? undefined : memory, search: lineSearchOf(search) });
}
