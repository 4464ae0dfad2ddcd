/** A closed convex set of parameters, known by its projection, which is written in the language of objectives. */

import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../graph/tensor-functions.js";

export interface ConvexSet {
  /** As the user made it: "simplex". */
  readonly name: string;
  /** Number of parameters, n; undefined where the set exists for any. */
  readonly size: number | undefined;
  /** The point of the set nearest to `point`, [n]: argmin ‖x − point‖₂. */
  project(point: Tensor): Tensor;
}

/** Length of the step that is tried, relative to max(1, ‖x‖∞). */
const REACH = 1e-4;

/**
 * What must vanish at a minimizer of f + h, [n]: the proximal-gradient residual (x − prox(x − α·∇f, α)) / α.
 *
 * It is ∇f where h is constant. α is chosen so that the step is 10⁻⁴·max(1, ‖x‖∞) long: much longer ones would be cut off by a small set
 * however large the gradient is, much shorter ones lost in rounding, which is 10⁻¹² of ‖∇f‖∞ so.
 *
 * @param prox - (z, α) ↦ argmin h(x) + ‖x − z‖²/2α; the projection, for the indicator of a set.
 * Source: Beck 2017, "First-order methods in optimization", section 10.3 (the gradient mapping).
 */
export function proximalResidual(params: Tensor, gradient: Tensor, prox: (point: Tensor, step: Tensor) => Tensor): Tensor {
  const size = gradient.abs().max();
  const step = where(size.greater(0), params.abs().max().maximum(1).mul(REACH).div(size), 1);
  return params.sub(prox(params.sub(gradient.mul(step)), step)).div(step);
}
