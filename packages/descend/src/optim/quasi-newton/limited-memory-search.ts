/**
 * Limited-memory BFGS: a Newton-like direction from the last few changes of point and gradient.
 *
 * d = −H·g with H built from pairs s = x₊ − x, y = g₊ − g by the two-loop recursion, started from γ·I with γ = sᵀy / yᵀy.
 *
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5. A pair with sᵀy ≤ ε‖s‖‖y‖ is left out, so H stays
 * positive definite on functions that are not convex.
 */

import { laneDot, maxNorm } from "../../numeric/blas1.js";
import { type CurvaturePairs, multiplyInverse, type PairSpace } from "../../numeric/curvature-pairs.js";
import type { SearchMethod, SearchPoint } from "../search-method.js";
import type { LineSearch } from "../searches/line-search.js";
import { restartingSearch } from "../searches/restarting-search.js";

/** Memory of pairs. */
export type LbfgsState = CurvaturePairs;

export interface LimitedMemory {
  /** Pairs kept; undefined leaves it to {@link usualMemory}. */
  readonly memory: number | undefined;
  readonly search: LineSearch;
}

export const EMPTY: LbfgsState = { steps: [], changes: [], curvatures: new Float64Array(0) };

/** Largest square of a change of gradients, and one over the smallest, up to which a pair is kept as it is. */
const MOST_SQUARE = 1e300;

/** Pairs kept of n parameters, unless told otherwise. For many 10 are usual; of few, up to 50 cost next to nothing and save steps. */
function usualMemory(size: number): number {
  return Math.max(10, Math.min(50, Math.floor(1000 / size)));
}

/** L-BFGS with checked options; the way to it is `lbfgs`. Apart, since it is the one method that a descent on a formula needs. */
export function limitedMemorySearch({ memory: given, search }: LimitedMemory): SearchMethod<LbfgsState> {
  return {
    kind: "search",
    name: "lbfgs",
    uses: "gradients",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init(_, { size, pairs }) {
      // The pairs, the next one, and the direction.
      pairs?.reserve(2 * (given ?? usualMemory(size)) + 3, size);
      return EMPTY;
    },
    *step(point, state, problem) {
      const { size, pairs } = problem;
      const memory = given ?? usualMemory(size);
      const direction = state.steps.length > 0 ? quasiNewtonDirection(point.gradient!, state, pairs) : undefined;
      const found = yield* restartingSearch(search, point, problem, direction && { direction, initial: 1 });
      return found && { point: found.point, state: remembered(found.restarted ? EMPTY : state, point, found.point, memory, pairs) };
    },
  };
}

/** −H·g */
function quasiNewtonDirection(gradient: Float64Array, state: LbfgsState, pairs: PairSpace | undefined): Float64Array {
  const n = gradient.length;
  const direction = pairs?.take(n) ?? new Float64Array(n);
  for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
  (pairs?.multiply ?? multiplyInverse)(direction, state);
  return direction;
}

/** The memory with the pair of a step, if it shows positive curvature; the oldest pair makes room. */
export function remembered(state: LbfgsState, before: SearchPoint, after: SearchPoint, memory: number, pairs?: PairSpace): LbfgsState {
  const step = difference(after.params, before.params, pairs);
  const change = difference(after.gradient!, before.gradient!, pairs);
  let squares = laneDot(change, change);
  if (!(squares > 1 / MOST_SQUARE && squares < MOST_SQUARE)) {
    balance(step, change);
    squares = laneDot(change, change);
  }
  const curvature = laneDot(step, change);
  // Two roots: the product of the squares would overflow first.
  if (!(curvature > Number.EPSILON * Math.sqrt(laneDot(step, step)) * Math.sqrt(squares))) return state;
  const keep = Math.max(0, state.steps.length + 1 - memory);
  return {
    steps: [...state.steps.slice(keep), step],
    changes: [...state.changes.slice(keep), change],
    curvatures: Float64Array.of(...state.curvatures.subarray(keep), curvature),
  };
}

/**
 * Scales both vectors of a pair by the same power of two, where the squares of one leave the range of numbers: the pair then says the same
 * of curvature, to the bit, and its product is near 1.
 */
function balance(step: Float64Array, change: Float64Array): void {
  const scale = 2 ** -Math.round(Math.log2(Math.sqrt(maxNorm(step)) * Math.sqrt(maxNorm(change))));
  for (const vector of [step, change]) for (let i = 0; i < vector.length; i++) vector[i]! *= scale;
}

function difference(a: Float64Array, b: Float64Array, pairs: PairSpace | undefined): Float64Array {
  const result = pairs?.take(a.length) ?? new Float64Array(a.length);
  for (let i = 0; i < result.length; i++) result[i] = a[i]! - b[i]!;
  return result;
}
