/** The matrix of second derivatives, for few parameters. */

import type { Node } from "../graph/graph.js";
import { jacobian } from "./jacobian.js";
import { gradient } from "./vjp.js";

/**
 * H with Hᵢⱼ = ∂²output/∂wrtᵢ∂wrtⱼ.
 *
 * The graph holds one copy of the derivative of the gradient per parameter: meant for n up to some hundreds. Beyond, use `hvp`.
 *
 * @param output - scalar.
 * @param wrt - vector [n].
 * @returns [n, n], symmetric up to rounding.
 * @throws ShapeError SHAPE_MISMATCH if `output` is not a scalar or `wrt` not a vector.
 */
export function hessian(output: Node, wrt: Node): Node {
  return jacobian(gradient(output, [wrt])[0]!, wrt);
}
