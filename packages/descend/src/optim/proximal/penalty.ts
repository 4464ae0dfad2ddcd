/**
 * A penalty h that need not be smooth, known by its proximal operator. A rule that has one minimizes f + h, where f is the objective it is
 * given.
 */

import type { Tensor } from "../../graph/tensor.js";

export interface Penalty {
  readonly name: string;
  /** h(x), scalar. */
  value(params: Tensor): Tensor;
  /** argmin h(x) + ‖x − point‖²/2·step, [n]; `step` > 0, scalar. */
  prox(point: Tensor, step: Tensor | number): Tensor;
  /** The subgradient of f + h of smallest norm, [n], from ∇f: 0 exactly at minimizers. */
  residual(params: Tensor, gradient: Tensor): Tensor;
  /** 1 for each entry along which h is smooth here, [n]. */
  smooth(params: Tensor): Tensor;
}

/** S(z, τ): towards 0 by τ, and to 0 exactly where |z| ≤ τ. */
export function shrink(z: Tensor, threshold: Tensor | number): Tensor {
  return z.sign().mul(z.abs().sub(threshold).maximum(0));
}
