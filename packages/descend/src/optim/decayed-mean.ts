/**
 * The exponentially decaying mean that momentum and adaptive methods keep, and the weight that removes its bias.
 *
 * A mean that starts at 0 is too small at first, by the factor w_t = 1 − β₁·…·β_t, the sum of its weights. Descend keeps w
 * itself, by the recurrence of the mean applied to 1: w ← β·w + (1−β). So no power is taken, a scheduled β is corrected
 * exactly, and w has the rounding of the mean it divides: 1 − βᵗ would lose digits for β near 1, in float32 five of seven.
 */

import type { Tensor } from "../graph/tensor.js";
import { tensor, zeros } from "../graph/tensor-functions.js";

/** β·mean + (1−β)·value. `decay` is a scalar. */
export function decayedMean(mean: Tensor, value: Tensor | number, decay: Tensor): Tensor {
  const gain = tensor(1).sub(decay);
  return mean.mul(decay).add(typeof value === "number" ? gain.mul(value) : value.mul(gain));
}

/** The weight after one more step: the decayed mean of the constant 1. */
export function nextWeight(weight: Tensor, decay: Tensor): Tensor {
  return decayedMean(weight, 1, decay);
}

/** A mean, or its weight, before the first step. */
export function startOfMean(like?: Tensor): Tensor {
  return zeros(like === undefined ? [] : like.shape);
}
