import type { Tensor } from "../graph/tensor.js";
import { probeOf } from "./probe.js";
import type { State, Transformation } from "./transformation.js";

/**
 * Transformations one after the other: each reads the updates the one before it gave.
 *
 * The state is a record of the states of its elements under their names ("clip", "clip#2" where a name comes twice);
 * elements that remember nothing do not appear. The order matters: clipping before Adam bounds the gradient, after it the update.
 *
 * A second gradient ({@link Transformation.probe}) is that of the one element that asks for one; the recommended point that of the last
 * element that has one.
 *
 * @param elements - at least one for an effect; none gives the updates back.
 * @returns a transformation called "chain(a, b)"; see {@link named} for another name.
 * @throws OptionError OPTIONS_CONFLICT if two elements ask for a second gradient
 */
export function chain(...elements: readonly Transformation[]): Transformation {
  const keys = uniqueNames(elements.map((element) => element.name));
  const last = elements.findLastIndex((element) => element.answer !== undefined);
  return {
    name: `chain(${elements.map((element) => element.name).join(", ")})`,
    init(params, context) {
      const state: Record<string, State> = {};
      elements.forEach((element, i) => {
        const part = element.init(params, context);
        if (Object.keys(part).length > 0) state[keys[i]!] = part;
      });
      return state;
    },
    update(updates, state, context) {
      const next: Record<string, State> = {};
      let current: Tensor = updates;
      elements.forEach((element, i) => {
        const part = (state[keys[i]!] ?? {}) as State;
        const result = element.update(current, part, context);
        current = result.updates;
        if (Object.keys(result.state).length > 0) next[keys[i]!] = result.state;
      });
      return { updates: current, state: next };
    },
    ...probeOf("chain", elements),
    ...(last < 0
      ? {}
      : { answer: (params, state, context) => elements[last]!.answer!(params, (state[keys[last]!] ?? {}) as State, context) }),
  };
}

/**
 * The same transformation under another name.
 *
 * @param settings - what the caller was given to make it, for who wants to make it again with other constants.
 */
export function named<S extends State>(
  name: string,
  transformation: Transformation<S>,
  settings?: Readonly<Record<string, unknown>>,
): Transformation<S> {
  return {
    ...transformation,
    name,
    ...(settings === undefined ? {} : { settings }),
    init: (params, context) => transformation.init(params, context),
    update: (updates, state, context) => transformation.update(updates, state, context),
  };
}

function uniqueNames(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}
