import { OptionError } from "../errors.js";
import { elementCount } from "../graph/graph.js";
import { concat, type Tensor, zeros } from "../graph/tensor.js";
import type { Leaf } from "../tree/tree.js";
import { leafOf } from "./leaves.js";
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
 * @example partition({ slow: adam({ learningRate: 1e-4 }), fixed: freeze() }, ({ path }) => (path.startsWith(".embedding") ? "fixed" : "slow"))
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
      const results = new Map<Leaf, Tensor>();
      for (const [name, members] of assign(context.leaves)) {
        const inner = groupContext(context, members);
        const result = groups[name]!.update(gathered(updates, members), (state[name] ?? {}) as State, inner);
        if (Object.keys(result.state).length > 0) next[name] = result.state;
        for (const [i, leaf] of members.entries()) results.set(leaf, leafOf(result.updates, inner.leaves[i]!));
      }
      return {
        updates: concat(
          context.leaves.map((leaf) => results.get(leaf)!),
          0,
        ),
        state: next,
      };
    },
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

function groupContext(context: UpdateContext, members: readonly Leaf[]): UpdateContext {
  return {
    ...context,
    params: gathered(context.params, members),
    gradient: gathered(context.gradient, members),
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
