/**
 * Limited-memory BFGS: a Newton-like direction from the last few changes of point and gradient.
 *
 * d = −H·g with H built from pairs s = x₊ − x, y = g₊ − g by the two-loop recursion, started from γ·I with γ = sᵀy / yᵀy.
 *
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5. A pair with sᵀy ≤ ε‖s‖‖y‖ is left out, so H stays
 * positive definite on functions that are not convex.
 */

import { OptionError } from "../../errors.js";
import { dot } from "../../numeric/blas1.js";

/** Memory of pairs, newest last. Plain data. */
export interface LbfgsState {
  readonly steps: Float64Array[];
  readonly changes: Float64Array[];
}

/** What a user passes as `method`. */
export interface LbfgsMethod {
  readonly kind: "line-search";
  readonly name: "lbfgs";
  /** Pairs kept. */
  readonly memory: number;
}

/**
 * L-BFGS with a line search for the strong Wolfe conditions; the default for smooth objectives.
 *
 * @param options.memory - pairs kept, whole, ≥ 1. Default 10. Cost of a step: 4·memory·n multiplications.
 */
export function lbfgs(options: { readonly memory?: number } = {}): LbfgsMethod {
  const memory = options.memory ?? 10;
  if (!Number.isInteger(memory) || memory < 1) {
    throw new OptionError("OPTION_OUT_OF_RANGE", `lbfgs({ memory }): expected a whole number ≥ 1, got ${memory}. The usual value is 10.`, {
      option: "lbfgs.memory",
      expected: "a whole number ≥ 1",
      got: memory,
    });
  }
  return { kind: "line-search", name: "lbfgs", memory };
}

/** −H·g by the two-loop recursion; −g while there are no pairs. */
export function lbfgsDirection({ steps, changes }: LbfgsState, gradient: ArrayLike<number>): Float64Array {
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
export function lbfgsRemember(state: LbfgsState, step: Float64Array, change: Float64Array, memory: number): LbfgsState {
  const curvature = dot(step, change);
  // Two roots: the product of the squares would overflow first.
  if (!(curvature > Number.EPSILON * Math.sqrt(dot(step, step)) * Math.sqrt(dot(change, change)))) return state;
  const keep = Math.max(0, state.steps.length + 1 - memory);
  return { steps: [...state.steps.slice(keep), step], changes: [...state.changes.slice(keep), change] };
}

function addScaled(target: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * x[i]!;
}
