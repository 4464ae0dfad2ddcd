/** What must vanish at a minimizer, evaluated at a point outside the compiled step: after a move, and for the tests at the end. */

import { input } from "../../graph/build.js";
import { evaluate } from "../../graph/interpret.js";
import { Tensor } from "../../graph/tensor.js";
import type { Transformation } from "../../optim/transformation.js";
import * as cells from "../steppers/cells.js";

/** The rule's own measure of stationarity as a function of point and gradient; undefined where it is the gradient itself. */
export function residualOf(
  rule: Transformation,
  size: number,
): ((params: ArrayLike<number>, gradient: ArrayLike<number>) => Float64Array) | undefined {
  const node = rule.residual?.(Tensor.of(input(cells.PARAMS, [size])), Tensor.of(input(cells.GRADIENT, [size]))).node;
  if (node === undefined) return undefined;
  return (params, gradient) => evaluate([node], { inputs: { [cells.PARAMS]: params, [cells.GRADIENT]: gradient } })[0]!;
}
