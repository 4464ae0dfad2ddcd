import type { Tensor } from "../graph/tensor.js";
import { where } from "../graph/tensor-functions.js";

// Where the sum of squares neither overflows nor loses digits to underflow in any number format (float32 ends at 3e38 and is
// exact to its last digit down to 1e-31).
const SMALLEST_SAFE = 1e-24;
const LARGEST_SAFE = 1e36;

/**
 * √(Σ xᵢ²), also where a square would overflow or underflow: then the elements are divided by the largest first.
 *
 * @returns scalar; +∞ or NaN if an element is not finite, 0 for no elements.
 *
 * Accuracy: that of the sum, within a few ulps; the scaled form adds one.
 * Source: the scaling is that of BLAS's xNRM2 (Blue 1978), by one global scale.
 */
export function safeTwoNorm(x: Tensor): Tensor {
  const plain = x.square().sum();
  if (x.shape[0] === 0) return plain;
  const largest = x.abs().max();
  const scale = where(largest.equal(0), 1, largest);
  const scaled = x.div(scale).square().sum().sqrt().mul(scale);
  const isSafe = plain.greaterEqual(SMALLEST_SAFE).and(plain.lessEqual(LARGEST_SAFE));
  return where(isSafe, plain.sqrt(), scaled);
}
