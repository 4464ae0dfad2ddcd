import { OptionError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { full, where } from "../graph/tensor-functions.js";
import { checkNumber, outOfRange } from "./options.js";
import { probeOf } from "./probe.js";
import { mapState, selectState, stateEntries } from "./state.js";
import type { State, Transformation, UpdateContext } from "./transformation.js";

/** What decides, step by step, when a descent turns to its second method. */
export interface Trigger<S extends State = State> {
  readonly name: string;
  init(): S;
  /** Nonzero at the first update that shall be the second method's. Asked before each update until then. */
  test(state: S, context: UpdateContext): { readonly fires: Tensor; readonly state: S };
}

export interface SwitchAtOptions {
  /**
   * What the second method takes over beside the parameters: nothing; the momentum (`m`, and the weight of its mean where both have one),
   * as it is; or what a function makes of the first method's state and the second one's fresh state. Default "nothing".
   */
  readonly carry?: "nothing" | "momentum" | ((first: State, fresh: State) => State);
}

/**
 * The states of both methods (the one that does not run rests) and of the trigger; updates of the
 * second method so far, −1 before its first.
 */
export type SwitchAtState = { readonly first: State; readonly second: State; readonly trigger: State; readonly since: Tensor };

/**
 * One method up to a step, another from there on, at the same parameters: Adam first, then gradient descent with small steps.
 *
 * @param when - a step s ≥ 0: updates 0 … s−1 are the first method's, `Infinity` for never; or a trigger such as {@link onPlateau}.
 * @param second - starts fresh at the point where it takes over, but for what `carry` gives it, and counts its steps from there.
 * @param options.carry - "nothing", "momentum" or a function. Default "nothing". A decaying sum (`momentum`) is 1/(1−μ) times a mean
 * (`adam`): carried from one to the other, momentum is too small or too large by that until it has been forgotten.
 * @throws OptionError OPTION_OUT_OF_RANGE; OPTIONS_CONFLICT if momentum is to be carried and one of the methods has none, or more than one
 *
 * Cost: both updates are computed at each step (the language has no branches); the gradient is computed once.
 */
export function switchAt(
  when: number | Trigger,
  first: Transformation,
  second: Transformation,
  options: SwitchAtOptions = {},
): Transformation<SwitchAtState> {
  const { carry = "nothing" } = options;
  const trigger = typeof when === "number" ? atStep(when) : when;
  if (typeof carry !== "function" && carry !== "nothing" && carry !== "momentum") {
    throw outOfRange("switchAt", "carry", '"nothing", "momentum" or a function', carry);
  }
  const name = `switchAt(${trigger.name}, ${first.name}, ${second.name})`;
  const carried = (from: State, fresh: State): State =>
    carry === "nothing" ? fresh : carry === "momentum" ? carryMomentum(name, from, fresh) : carry(from, fresh);
  return {
    name,
    init: (params, context) => ({
      first: first.init(params, context),
      second: second.init(params, context),
      trigger: trigger.init(),
      since: full([], -1),
    }),
    update(updates, state, context) {
      const before = state.since.less(0);
      const asked = trigger.test(state.trigger, context);
      const isSecond = before.equal(0).or(asked.fires);
      const made = state.since.maximum(0);
      // What a method remembers may start from the parameters: those where it takes over.
      const start = selectState(before, carried(state.first, second.init(context.params, context)), state.second);
      const a = first.update(updates, state.first, context);
      const b = second.update(updates, start, { ...context, step: made });
      return {
        updates: where(isSecond, b.updates, a.updates),
        state: {
          first: selectState(isSecond, state.first, a.state),
          second: selectState(isSecond, b.state, state.second),
          trigger: selectState(isSecond, state.trigger, asked.state),
          since: where(isSecond, made.add(1), -1),
        },
      };
    },
    ...probeOf("switchAt", [first, second]),
    ...(first.answer === undefined && second.answer === undefined
      ? {}
      : {
          answer: (params, state, context) =>
            where(
              state.since.less(0),
              first.answer?.(params, state.first, context) ?? params,
              second.answer?.(params, state.second, context) ?? params,
            ),
        }),
  };
}

function atStep(step: number): Trigger {
  if (step !== Number.POSITIVE_INFINITY) checkNumber("switchAt", "when", step, { minimum: 0, whole: true });
  return {
    name: String(step),
    init: () => ({}),
    test: (state, context) => ({ fires: context.step.greaterEqual(step), state }),
  };
}

/** The second method's fresh state with the first one's momentum. */
function carryMomentum(name: string, from: State, fresh: State): State {
  const ends = (path: string, part: string): boolean => path === part || path.endsWith(`.${part}`);
  const only = (state: State, part: string): { path: string; tensor: Tensor } | undefined => {
    const found = stateEntries(state).filter(({ path }) => ends(path, part));
    return found.length === 1 ? found[0] : undefined;
  };
  const [source, target] = [only(from, "m"), only(fresh, "m")];
  if (source === undefined || target === undefined) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `${name}: "momentum" can be carried where both methods have one momentum, in a state called m.`,
      {
        options: ["carry"],
      },
    );
  }
  const weight = only(from, "weight1");
  const takesWeight = weight !== undefined && only(fresh, "weight1") !== undefined;
  return mapState(fresh, (tensor, path) => {
    if (path === target.path) return source.tensor;
    return takesWeight && ends(path, "weight1") ? weight.tensor : tensor;
  });
}
