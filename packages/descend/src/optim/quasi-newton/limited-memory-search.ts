/**
 * Limited-memory BFGS: a Newton-like direction from the last few changes of point and gradient.
 *
 * d = −H·g with H built from pairs s = x₊ − x, y = g₊ − g by the two-loop recursion, started from γ·I with γ = sᵀy / yᵀy.
 *
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5. A pair with sᵀy ≤ ε‖s‖‖y‖ is left out, so H stays
 * positive definite on functions that are not convex.
 */

import { laneDot } from "../../numeric/blas1.js";
import type { SearchMethod, SearchPoint } from "../search-method.js";
import type { LineSearch } from "../searches/line-search.js";
import { restartingSearch } from "../searches/restarting-search.js";

/** Memory of pairs, newest last. */
export type LbfgsState = {
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
  /** sᵀy of each pair. */
  readonly curvatures: Float64Array;
};

export interface LimitedMemory {
  /** Pairs kept. */
  readonly memory: number;
  readonly search: LineSearch;
}

export const EMPTY: LbfgsState = { steps: [], changes: [], curvatures: new Float64Array(0) };

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

/** −H·g by the two-loop recursion; each pass over the direction also takes the product that the next one needs. */
function lbfgsDirection({ steps, changes, curvatures }: LbfgsState, gradient: Float64Array): Float64Array {
  const n = gradient.length;
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
  const last = steps.length - 1;
  const weights = new Float64Array(steps.length);
  let product = laneDot(steps[last]!, direction);
  for (let k = last; k >= 0; k--) {
    weights[k] = product / curvatures[k]!;
    product = addScaled(direction, -weights[k]!, changes[k]!, steps[Math.max(0, k - 1)]!);
  }
  const newest = changes[last]!;
  const scale = curvatures[last]! / laneDot(newest, newest);
  for (let i = 0; i < n; i++) direction[i]! *= scale;
  product = laneDot(changes[0]!, direction);
  for (let k = 0; k <= last; k++) {
    const correction = product / curvatures[k]!;
    product = addScaled(direction, weights[k]! - correction, steps[k]!, changes[Math.min(last, k + 1)]!);
  }
  return direction;
}

/** The memory with the pair of a step, if it shows positive curvature; the oldest pair makes room. */
export function remembered(state: LbfgsState, before: SearchPoint, after: SearchPoint, memory: number): LbfgsState {
  const step = difference(after.params, before.params);
  const change = difference(after.gradient!, before.gradient!);
  const curvature = laneDot(step, change);
  // Two roots: the product of the squares would overflow first.
  if (!(curvature > Number.EPSILON * Math.sqrt(laneDot(step, step)) * Math.sqrt(laneDot(change, change)))) return state;
  const keep = Math.max(0, state.steps.length + 1 - memory);
  return {
    steps: [...state.steps.slice(keep), step],
    changes: [...state.changes.slice(keep), change],
    curvatures: Float64Array.of(...state.curvatures.subarray(keep), curvature),
  };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!;
  return result;
}

/** target ← target + factor·x, and the product of the new target with y, in the lanes of `laneDot`. */
function addScaled(target: Float64Array, factor: number, x: Float64Array, y: Float64Array): number {
  let l0 = 0;
  let l1 = 0;
  let l2 = 0;
  let l3 = 0;
  const n = target.length;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const t0 = target[i]! + factor * x[i]!;
    const t1 = target[i + 1]! + factor * x[i + 1]!;
    const t2 = target[i + 2]! + factor * x[i + 2]!;
    const t3 = target[i + 3]! + factor * x[i + 3]!;
    target[i] = t0;
    target[i + 1] = t1;
    target[i + 2] = t2;
    target[i + 3] = t3;
    l0 += t0 * y[i]!;
    l1 += t1 * y[i + 1]!;
    l2 += t2 * y[i + 2]!;
    l3 += t3 * y[i + 3]!;
  }
  for (; i < n; i++) {
    target[i]! += factor * x[i]!;
    l0 += target[i]! * y[i]!;
  }
  return l0 + l1 + (l2 + l3);
}
