/**
 * Limited-memory BFGS: a Newton-like direction from the last few changes of point and gradient.
 *
 * d = −H·g with H built from pairs s = x₊ − x, y = g₊ − g by the two-loop recursion, started from γ·I with γ = sᵀy / yᵀy.
 *
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5. A pair with sᵀy ≤ ε‖s‖‖y‖ is left out, so H stays
 * positive definite on functions that are not convex.
 */

import { dot, maxNorm } from "../../numeric/blas1.js";
import type { Search, SearchMethod, SearchPoint, SearchStep } from "../search-method.js";
import { type LineStep, searchAlong } from "../searches/line-search.js";
import { strongWolfe } from "../searches/strong-wolfe.js";

/** Memory of pairs, newest last. */
export type LbfgsState = {
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
};

const EMPTY: LbfgsState = { steps: [], changes: [] };

/** L-BFGS with checked options; the way to it is {@link lbfgs}. Apart, since it is the one method that a descent on a formula needs. */
export function limitedMemorySearch({ memory }: { readonly memory: number }): SearchMethod<LbfgsState> {
  return {
    kind: "search",
    name: "lbfgs",
    uses: "gradients",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return EMPTY;
    },
    *step(point, state, { start }) {
      let kept = state;
      let after = yield* search(point, kept);
      if (after === undefined && kept.steps.length > 0) {
        kept = EMPTY;
        after = yield* search(point, kept);
      }
      // Gradients or parameters that are tiny by their unit alone: only the size of the start tells how far the first step may lead.
      const size = maxNorm(point.params);
      if (after === undefined && size > 0 && point.params.every((x, i) => x === start[i])) {
        after = yield* search(point, kept, 0.1 * size);
      }
      return after && remembered(point, after, kept, memory);
    },
  };
}

const lineSearch = strongWolfe();

/** @param move - length of the first trial in the maximum norm. Default: the direction itself, or a small move as long as there is no memory. */
function* search(point: SearchPoint, state: LbfgsState, move?: number): Search<LineStep | undefined> {
  const direction = lbfgsDirection(state, point.gradient!);
  // Without memory the length of the gradient says nothing about the length of the step: start with a small move.
  const typical = Math.max(maxNorm(point.params), 1);
  const small = Math.min(1, (0.1 * typical) / maxNorm(direction));
  const initial = move !== undefined ? move / maxNorm(direction) : state.steps.length > 0 ? 1 : small;
  return yield* searchAlong(lineSearch, point, direction, { initial });
}

function remembered(before: SearchPoint, { point }: LineStep, state: LbfgsState, memory: number): SearchStep<LbfgsState> {
  const step = difference(point.params, before.params);
  return { point, state: lbfgsRemember(state, step, difference(point.gradient, before.gradient!), memory) };
}

/** −H·g by the two-loop recursion; −g while there are no pairs. */
function lbfgsDirection({ steps, changes }: LbfgsState, gradient: ArrayLike<number>): Float64Array {
  const n = gradient.length;
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
  const count = steps.length;
  if (count === 0) return direction;
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

/** The state with a new pair, if it shows positive curvature; the oldest pair makes room. */
function lbfgsRemember(state: LbfgsState, step: Float64Array, change: Float64Array, memory: number): LbfgsState {
  const curvature = dot(step, change);
  // Two roots: the product of the squares would overflow first.
  if (!(curvature > Number.EPSILON * Math.sqrt(dot(step, step)) * Math.sqrt(dot(change, change)))) return state;
  const keep = Math.max(0, state.steps.length + 1 - memory);
  return { steps: [...state.steps.slice(keep), step], changes: [...state.changes.slice(keep), change] };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function addScaled(target: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * x[i]!;
}
