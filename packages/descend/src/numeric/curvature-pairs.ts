/**
 * Pairs of changes of point and gradient, and the product with the inverse Hessian that they stand for: the two-loop recursion of L-BFGS.
 *
 * H is γ·I, γ = sᵀy / yᵀy of the newest pair, updated by BFGS with the pairs from the oldest to the newest.
 *
 * Source: Nocedal 1980; Nocedal and Wright 2006, algorithm 7.4.
 */

import { laneDot } from "./blas1.js";

/** Oldest first, sᵀy > 0. */
export type CurvaturePairs = {
  /** s = x₊ − x, [n] each. */
  readonly steps: readonly Float64Array[];
  /** y = g₊ − g, [n] each. */
  readonly changes: readonly Float64Array[];
  /** sᵀy of each pair. */
  readonly curvatures: Float64Array;
};

/**
 * Where the pairs of one search lie, if not in arrays of the engine, and who multiplies. Sums are in the lanes of {@link laneDot} in any
 * space, so that a search takes the same way to the last bit.
 */
export interface PairSpace {
  /** Makes room for so many vectors of `size` numbers; those {@link take}n before are void. */
  reserve(count: number, size: number): void;
  /** A vector of the size that was reserved, of any content. More than were reserved are to be had as well, but slower. */
  take(size: number): Float64Array;
  /** As {@link multiplyInverse}. Vectors from elsewhere are welcome, but slower. */
  multiply(target: Float64Array, pairs: CurvaturePairs): void;
  /** What the state of a method does not hold may be taken again. */
  settle(state: object): void;
}

/** target ← H·target, of one pair or more. */
export function multiplyInverse(target: Float64Array, { steps, changes, curvatures }: CurvaturePairs): void {
  const last = steps.length - 1;
  const weights = new Float64Array(steps.length);
  let product = laneDot(steps[last]!, target);
  for (let k = last; k >= 0; k--) {
    weights[k] = product / curvatures[k]!;
    product = addScaled(target, -weights[k]!, changes[k]!, steps[Math.max(0, k - 1)]!);
  }
  const newest = changes[last]!;
  const scale = curvatures[last]! / laneDot(newest, newest);
  for (let i = 0; i < target.length; i++) target[i]! *= scale;
  product = laneDot(changes[0]!, target);
  for (let k = 0; k <= last; k++) {
    const correction = product / curvatures[k]!;
    product = addScaled(target, weights[k]! - correction, steps[k]!, changes[Math.min(last, k + 1)]!);
  }
}

/** target ← target + factor·x. Returns the product of the new target with y. */
function addScaled(target: Float64Array, factor: number, x: Float64Array, y: Float64Array): number {
  for (let i = 0; i < target.length; i++) target[i]! += factor * x[i]!;
  return laneDot(target, y);
}
