import { OptionError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { where, zeros } from "../graph/tensor-functions.js";
import { COUNT, checkNumber } from "./options.js";
import { selectState } from "./state.js";
import type { State, Transformation } from "./transformation.js";

/** Sum of the updates since the inner method last ran, [n], and its state. */
export type AccumulateState = { readonly sum: Tensor; readonly inner: State };

/**
 * Lets a method run once in k steps, on the mean of the updates of these steps: a batch k times as large in the memory of one.
 *
 * The parameters rest in between. The inner method counts its own runs, and so do its schedules.
 *
 * @param method - any transformation.
 * @param every - k ≥ 1, in steps.
 * @throws OptionError OPTION_OUT_OF_RANGE; OPTIONS_CONFLICT for a method that wants a second gradient, whose mean is not kept
 */
export function accumulate(method: Transformation, every: number): Transformation<AccumulateState> {
  checkNumber("accumulate", "every", every, COUNT);
  if (method.probe !== undefined) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `accumulate: ${method.name} wants the gradient at a second point, of which no mean is kept. Give it larger batches instead.`,
      { options: ["accumulate", method.name] },
    );
  }
  return {
    name: `accumulate(${method.name})`,
    init: (params, context) => ({ sum: zeros(params.shape), inner: method.init(params, context) }),
    update(updates, state, context) {
      const sum = state.sum.add(updates);
      const runs = context.step.div(every).floor();
      const isLast = context.step.sub(runs.mul(every)).equal(every - 1);
      const mean = sum.div(every);
      const result = method.update(mean, state.inner, { ...context, gradient: mean, step: runs });
      return {
        updates: where(isLast, result.updates, 0),
        state: { sum: where(isLast, 0, sum), inner: selectState(isLast, result.state, state.inner) },
      };
    },
    ...(method.answer === undefined ? {} : { answer: (params, { inner }, context) => method.answer!(params, inner, context) }),
  };
}
