/** Products with the matrix of second derivatives, without the matrix. */

import type { Node } from "../graph/graph.js";
import { jvp } from "./jvp.js";
import { gradient } from "./vjp.js";

/**
 * Hessian–vector product: Σⱼ ∂²output/∂wrtᵢ∂wrtⱼ · directionⱼ, forward mode over reverse mode.
 *
 * Costs a small multiple of the gradient, whatever the number of parameters.
 *
 * @param output - scalar.
 * @param directions - one per entry of `wrt`, of its shape; undefined stands for 0.
 * @returns one node per entry of `wrt`, of its shape.
 * @throws ShapeError SHAPE_MISMATCH
 * Source: Pearlmutter 1994, "Fast exact multiplication by the Hessian".
 */
export function hvp(output: Node, wrt: readonly Node[], directions: readonly (Node | undefined)[]): Node[] {
  return jvp(gradient(output, wrt), wrt, directions);
}
