import { OptionError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { tensor, where } from "../graph/tensor-functions.js";
import type { Box } from "../numeric/box.js";
import type { State, Transformation } from "./transformation.js";

/**
 * A rule whose parameters stay in a box: what it proposes is projected, x ← P(x + update), and it stops where the gradient only pushes
 * against the faces it is on.
 *
 * Gradient descent becomes projected gradient descent. The state of other rules goes on as if nothing had been cut off: a momentum that
 * pushes against a face dies away by itself.
 *
 * @param rule - any rule that has no set of its own.
 * @throws OptionError OPTIONS_CONFLICT
 *
 * Source: Goldstein 1964; Levitin, Polyak 1966 for gradient descent.
 */
export function withinBox<S extends State>(rule: Transformation<S>, { lower, upper }: Box): Transformation<S> {
  if (rule.project !== undefined) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `bounds: ${rule.name} keeps the parameters in a set of its own already; the nearest point of both is not the nearest of one after the other.`,
      { options: ["bounds", "method"] },
      { hint: "Leave the bounds away, or give both as options.constraints." },
    );
  }
  const [low, high] = [tensor(lower), tensor(upper)];
  const stops = (params: Tensor, slope: Tensor): Tensor =>
    params
      .lessEqual(low)
      .and(slope.greater(0))
      .or(params.greaterEqual(high).and(slope.less(0)));
  return {
    ...rule,
    init: (params, context) => rule.init(params, context),
    update: (updates, state, context) => rule.update(updates, state, context),
    project: (params) => params.clip(low, high),
    residual(params, gradient) {
      const slope = rule.residual?.(params, gradient) ?? gradient;
      return where(stops(params, slope), 0, slope);
    },
  };
}
