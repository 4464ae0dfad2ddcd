/**
 * States as trees: listing their tensors under printable names, and mapping them.
 */

import { invariant } from "../errors.js";
import { formatShape, sameShape } from "../graph/graph.js";
import { Tensor } from "../graph/tensor.js";
import { where } from "../graph/tensor-functions.js";
import type { State } from "./transformation.js";

/** One tensor of a state and where it stands: `scaleByAdam.m`. */
export interface StateEntry {
  readonly path: string;
  readonly tensor: Tensor;
}

/** The tensors of a state with their paths, in the order of the record. */
export function stateEntries(state: State, prefix = ""): StateEntry[] {
  return Object.entries(state).flatMap(([name, part]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return part instanceof Tensor ? [{ path, tensor: part }] : stateEntries(part, path);
  });
}

/** A state of the same structure with each tensor replaced by what `replace` gives for it. */
export function mapState<S extends State>(state: S, replace: (tensor: Tensor, path: string) => Tensor, prefix = ""): S {
  const image: Record<string, Tensor | State> = {};
  for (const [name, part] of Object.entries(state)) {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    image[name] = part instanceof Tensor ? replace(part, path) : mapState(part, replace, path);
  }
  return image as S;
}

/** `whenTrue` where the scalar `condition` is nonzero, else `whenFalse`: a whole state at once. */
export function selectState<S extends State>(condition: Tensor, whenTrue: S, whenFalse: S): S {
  const others = new Map(stateEntries(whenFalse).map(({ path, tensor }) => [path, tensor]));
  return mapState(whenTrue, (tensor, path) => {
    const other = others.get(path);
    invariant(
      other !== undefined && sameShape(other.shape, tensor.shape),
      `the state ${path} does not keep its shape ${formatShape(tensor.shape)}`,
    );
    return where(condition, tensor, other);
  });
}
