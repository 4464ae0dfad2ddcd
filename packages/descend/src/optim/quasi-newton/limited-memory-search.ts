/**
 * Limited-memory BFGS: a Newton-like direction from the last few changes of point and gradient.
 *
 * d = −H·g with H built from pairs s = x₊ − x, y = g₊ − g by the two-loop recursion, started from γ·I with γ = sᵀy / yᵀy.
 *
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5. A pair with sᵀy ≤ ε‖s‖‖y‖ is left out, so H stays
 * positive definite on functions that are not convex.
 */

import { dot } from "../../numeric/blas1.js";
import type { SearchMethod, SearchPoint } from "../search-method.js";
import type { LineSearch } from "../searches/line-search.js";
import { restartingSearch } from "../searches/restarting-search.js";

/** Memory of pairs, newest last. */
export type LbfgsState = {
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
};

export interface LimitedMemory {
  /** Pairs kept. */
  readonly memory: number;
  readonly search: LineSearch;
}

const EMPTY: LbfgsState = { steps: [], changes: [] };

/** L-BFGS with checked options; the way to it is `lbfgs`. Apart, since it is the one method that a descent on a formula needs. */
export function limitedMemorySearch({ memory, search }: LimitedMemory): SearchMethod<LbfgsState> {
  return {
    kind: "search",
    name: "lbfgs",
    uses: "gradients",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return EMPTY;
    },
    *step(point, state, problem) {
      const known = state.steps.length > 0 ? { direction: lbfgsDirection(state, point.gradient!), initial: 1 } : undefined;
      const found = yield* restartingSearch(search, point, problem, known);
      return found && { point: found.point, state: remembered(found.restarted ? EMPTY : state, point, found.point, memory) };
    },
  };
}

/** −H·g by the two-loop recursion. */
function lbfgsDirection({ steps, changes }: LbfgsState, gradient: ArrayLike<number>): Float64Array {
  const n = gradient.length;
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
  const count = steps.length;
  const weights = new Float64Array(count);
  const curvatures = steps.map((s, k) => dot(s, changes[k]!));
  for (let k = count - 1; k >= 0; k--) {
    weights[k] = dot(steps[k]!, direction) / curvatures[k]!;
    addScaled(direction, -weights[k]!, changes[k]!);
  }
  const newest = changes[count - 1]!;
  const scale = curvatures[count - 1]! / dot(newest, newest);
  for (let i = 0; i < n; i++) direction[i]! *= scale;
  for (let k = 0; k < count; k++) {
    const correction = dot(changes[k]!, direction) / curvatures[k]!;
    addScaled(direction, weights[k]! - correction, steps[k]!);
  }
  return direction;
}

/** The memory with the pair of a step, if it shows positive curvature; the oldest pair makes room. */
export function remembered(state: LbfgsState, before: SearchPoint, after: SearchPoint, memory: number): LbfgsState {
  const step = difference(after.params, before.params);
  const change = difference(after.gradient!, before.gradient!);
  // Two roots: the product of the squares would overflow first.
  if (!(dot(step, change) > Number.EPSILON * Math.sqrt(dot(step, step)) * Math.sqrt(dot(change, change)))) return state;
  const keep = Math.max(0, state.steps.length + 1 - memory);
  return { steps: [...state.steps.slice(keep), step], changes: [...state.changes.slice(keep), change] };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!;
  return result;
}

function addScaled(target: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * x[i]!;
}
