import { OptionError } from "../errors.js";
import { elementCount } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { concat, zeros } from "../graph/tensor-functions.js";
import type { Leaf } from "../tree/tree.js";
import { leafOf, mapLeaves } from "./leaves.js";
import { type State, stateless, type Transformation, type UpdateContext } from "./transformation.js";

/** Gives 0 for any updates, NaN included: the parameters it is given stay as they are. */
export function freeze(): Transformation {
  return stateless("freeze", (updates) => zeros(updates.shape));
}

/**
 * A rule of its own for each group of parameters: rates by layer, biases without decay, frozen parts.
 *
 * Each rule sees only the leaves of its group, as one vector in their order: norms are those of the group.
 *
 * @param groups - rules by name of the group.
 * @param groupOf - the group of a leaf, from its path (such as `.layers[0].bias`) and shape.
 * @returns a transformation whose state is the record of the groups' states.
 * @throws OptionError OPTION_UNKNOWN when a leaf is given a group that has no rule; at the start of the run, where leaves are known.
 *
 * @example partition({ slow: adam({ learningRate: 1e-4 }), fixed: freeze() }, ({ path }) =>
 * (path.startsWith(".embedding") ? "fixed" : "slow"))
 */
export function partition(groups: Readonly<Record<string, Transformation>>, groupOf: (leaf: Leaf) => string): Transformation {
  const names = Object.keys(groups);
  const assign = (leaves: readonly Leaf[]): Map<string, Leaf[]> => {
    const members = new Map<string, Leaf[]>();
    for (const leaf of leaves) {
      const name = groupOf(leaf);
      if (!Object.hasOwn(groups, name)) throw unknownGroup(leaf, name, names);
      members.set(name, [...(members.get(name) ?? []), leaf]);
    }
    return members;
  };
  const rules = Object.values(groups);
  /** Of each leaf what its group makes of it, or what it was. */
  const byGroup = (
    whole: Tensor,
    leaves: readonly Leaf[],
    part: (name: string, members: readonly Leaf[]) => Tensor | undefined,
  ): Tensor => {
    const results = new Map<Leaf, Tensor>();
    for (const [name, members] of assign(leaves)) {
      const result = part(name, members);
      if (result === undefined) continue;
      for (const [i, leaf] of relocated(members).entries()) results.set(members[i]!, leafOf(result, leaf));
    }
    return mapLeaves(leaves, (leaf) => results.get(leaf) ?? leafOf(whole, leaf));
  };
  return {
    name: `partition(${names.map((name) => `${name}: ${groups[name]!.name}`).join(", ")})`,
    init(params, { leaves }) {
      const state: Record<string, State> = {};
      for (const [name, members] of assign(leaves)) {
        const part = groups[name]!.init(gathered(params, members), { leaves: relocated(members) });
        if (Object.keys(part).length > 0) state[name] = part;
      }
      return state;
    },
    update(updates, state, context) {
      const next: Record<string, State> = {};
      const result = byGroup(updates, context.leaves, (name, members) => {
        const own = gathered(updates, members);
        // Where nothing has changed the gradient yet, the group sees so, too.
        const gradient = updates === context.gradient ? own : gathered(context.gradient, members);
        const part = groups[name]!.update(own, (state[name] ?? {}) as State, { ...groupContext(context, members), gradient });
        if (Object.keys(part.state).length > 0) next[name] = part.state;
        return part.updates;
      });
      return { updates: result, state: next };
    },
    ...(rules.every((rule) => rule.probe === undefined)
      ? {}
      : {
          probe: (params, gradient, { leaves }) =>
            byGroup(params, leaves, (name, members) =>
              groups[name]!.probe?.(gathered(params, members), gathered(gradient, members), { leaves: relocated(members) }),
            ),
        }),
    ...(rules.every((rule) => rule.answer === undefined)
      ? {}
      : {
          answer: (params, state, { leaves }) =>
            byGroup(params, leaves, (name, members) =>
              groups[name]!.answer?.(gathered(params, members), (state[name] ?? {}) as State, { leaves: relocated(members) }),
            ),
        }),
  };
}

/** The leaves of a group one after the other. */
function gathered(vector: Tensor, members: readonly Leaf[]): Tensor {
  return concat(
    members.map((leaf) => leafOf(vector, leaf)),
    0,
  );
}

/** The same leaves at their places in the vector of the group. */
function relocated(members: readonly Leaf[]): Leaf[] {
  let offset = 0;
  return members.map((leaf) => {
    const moved = { ...leaf, offset };
    offset += elementCount(leaf.shape);
    return moved;
  });
}

function groupContext(context: UpdateContext, members: readonly Leaf[]): Omit<UpdateContext, "gradient"> {
  return {
    ...context,
    params: gathered(context.params, members),
    ...(context.probeGradient === undefined ? {} : { probeGradient: gathered(context.probeGradient, members) }),
    leaves: relocated(members),
  };
}

function unknownGroup(leaf: Leaf, name: string, known: readonly string[]): OptionError {
  return new OptionError(
    "OPTION_UNKNOWN",
    `partition: the leaf "${leaf.path}" was put into the group "${name}", which has no rule. There are ${known.join(", ")}.`,
    { option: name, known },
  );
}
