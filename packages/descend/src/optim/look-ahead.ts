import type { Tensor } from "../graph/tensor.js";
import { tensor, where } from "../graph/tensor-functions.js";
import { COUNT, type OptionTable, POSITIVE, readOptions } from "./options.js";
import { probeOf } from "./probe.js";
import { type Hyperparameter, valueAt } from "./schedules/schedule.js";
import type { State, Transformation } from "./transformation.js";

export interface LookAheadOptions {
  readonly every?: number;
  readonly rate?: Hyperparameter;
}

const table: OptionTable<LookAheadOptions> = {
  every: { kind: "number", default: 5, ...COUNT, meaning: "k: steps of the inner method between two of the slow one" },
  rate: {
    kind: "hyperparameter",
    default: 0.5,
    ...POSITIVE,
    maximum: 1,
    meaning: "α: share of the way to the fast parameters that the slow ones go",
  },
};

/** The slow parameters, [n], and the state of the inner method. */
export type LookAheadState = { readonly slow: Tensor; readonly inner: State };

/**
 * Lookahead: k steps of a method, then back to a point between where they began and where they came to.
 *
 * x takes k inner steps;  φ ← φ + α·(x − φ),  x ← φ
 *
 * The slow parameters φ are what it recommends; they are in its state between returns, too.
 *
 * @param method - a complete method; its state goes on undisturbed.
 * @param options.every - k ≥ 1. Default 5.
 * @param options.rate - α, 0 < α ≤ 1. Default 0.5.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Zhang et al. 2019, algorithm 1.
 */
export function lookAhead(method: Transformation, options: LookAheadOptions = {}): Transformation<LookAheadState> {
  const { every, rate } = readOptions("lookAhead", table, options);
  return {
    name: `lookAhead(${method.name})`,
    init: (params, context) => ({ slow: params, inner: method.init(params, context) }),
    update(updates, state, context) {
      const fast = method.update(updates, state.inner, context);
      const moved = state.slow.add(context.params.add(fast.updates).sub(state.slow).mul(valueAt(rate, context.step)));
      const count = context.step.add(1);
      const returns = count.sub(count.div(every).floor().mul(every)).equal(tensor(0));
      return {
        updates: where(returns, moved.sub(context.params), fast.updates),
        state: { slow: where(returns, moved, state.slow), inner: fast.state },
      };
    },
    ...probeOf("lookAhead", [method]),
    answer: (_params, { slow }) => slow,
  };
}
