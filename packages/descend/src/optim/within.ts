import { OptionError, ShapeError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { type ConvexSet, proximalResidual } from "./projections/convex-set.js";
import type { State, Transformation } from "./transformation.js";

/**
 * A rule whose parameters stay in a convex set: x ← P(x + update).
 *
 * Of all rules only those that step along the gradient itself (gradient descent, momentum, Nesterov) are sure to go down so: a projection
 * undoes what other scalings of the parameters did, unless it acts on each parameter alone. For bounds see {@link withinBox}.
 *
 * @throws OptionError OPTIONS_CONFLICT for a rule that has a set or kinks of its own; ShapeError SHAPE_MISMATCH if
 * the set is one of vectors of another length.
 *
 * @example within(momentum({ learningRate: 0.01 }), simplex())
 */
export function within<S extends State>(rule: Transformation<S>, set: ConvexSet): Transformation<S> {
  if (rule.project !== undefined || rule.residual !== undefined) {
    throw new OptionError("OPTIONS_CONFLICT", `within: ${rule.name} handles a set or a penalty of its own already.`, {
      options: ["within", rule.name],
    });
  }
  const checked = (point: Tensor): Tensor => {
    if (set.size === undefined || set.size === point.shape[0]) return point;
    throw new ShapeError("SHAPE_MISMATCH", `${set.name}: is a set of ${set.size} numbers; there are ${point.shape[0]} parameters.`, {
      where: set.name,
      expected: `[${set.size}]`,
      got: `[${point.shape[0]}]`,
    });
  };
  return {
    ...rule,
    init: (params, context) => rule.init(checked(params), context),
    update: (updates, state, context) => rule.update(updates, state, context),
    project: (params) => set.project(checked(params)),
    residual: (params, gradient) => proximalResidual(params, gradient, (point) => set.project(point)),
    smooth: (params) => params.notEqual(params),
  };
}
