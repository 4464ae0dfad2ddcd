import { where } from "../graph/tensor.js";
import { checkNumber } from "./options.js";
import { selectState } from "./state.js";
import type { State, Transformation } from "./transformation.js";

/** The states of both methods; the one that does not run rests. */
export type SwitchAtState = { readonly first: State; readonly second: State };

/**
 * One method up to a step, another from there on, at the same parameters: Adam first, then gradient descent with small steps.
 *
 * @param step - s ≥ 0: updates 0 … s−1 are the first method's. The second one starts fresh and counts its steps from s.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Cost: both updates are computed at each step (the language has no branches); the gradient is computed once.
 */
export function switchAt(step: number, first: Transformation, second: Transformation): Transformation<SwitchAtState> {
  checkNumber("switchAt", "step", step, { minimum: 0, whole: true });
  return {
    name: `switchAt(${step}, ${first.name}, ${second.name})`,
    init: (params, context) => ({ first: first.init(params, context), second: second.init(params, context) }),
    update(updates, state, context) {
      const isFirst = context.step.less(step);
      const a = first.update(updates, state.first, context);
      const b = second.update(updates, state.second, { ...context, step: context.step.sub(step).maximum(0) });
      return {
        updates: where(isFirst, a.updates, b.updates),
        state: { first: selectState(isFirst, a.state, state.first), second: selectState(isFirst, state.second, b.state) },
      };
    },
  };
}
