import type { Tensor } from "../../graph/tensor.js";
import { where, zeros } from "../../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { safeTwoNorm } from "../two-norm.js";

export interface ScaleByDistanceOptions {
  readonly initialDistance?: number;
  readonly epsilon?: Hyperparameter;
}

/** The start, [n]; the largest distance from it so far, and the sum of squared norms of the gradients, scalars. */
export type ScaleByDistanceState = { readonly start: Tensor; readonly distance: Tensor; readonly sum: Tensor };

/** The rows of {@link ScaleByDistanceOptions}. */
export const scaleByDistanceTable: OptionTable<ScaleByDistanceOptions> = {
  initialDistance: {
    kind: "number",
    default: 1e-6,
    ...POSITIVE,
    meaning: "r: the first step has the length r·(1 + ‖x₀‖); it should be small, and matters little",
  },
  epsilon: {
    kind: "hyperparameter",
    default: 1e-8,
    ...NON_NEGATIVE,
    meaning: "ε: added to the sum of squares, in squared units of the gradient",
  },
};

/**
 * Divides by the root of the sum of squared norms and multiplies by the largest distance from the start: "distance over gradients".
 *
 * r̄ ← max(r̄, ‖x − x₀‖₂),  G ← G + ‖g‖₂²,  update = r̄/√(G + ε)·g      with r̄ = r·(1 + ‖x₀‖₂) at first
 *
 * @param options.initialDistance - r > 0, relative. Default 1e-6.
 * @param options.epsilon - ε ≥ 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Ivgi, Hinder, Carmon 2023, equation 3 and section 4.
 */
export function scaleByDistance(options: ScaleByDistanceOptions = {}): Transformation<ScaleByDistanceState> {
  const { initialDistance, epsilon } = readOptions("scaleByDistance", scaleByDistanceTable, options);
  return {
    name: "scaleByDistance",
    init: (params) => ({ start: params, distance: safeTwoNorm(params).add(1).mul(initialDistance), sum: zeros([]) }),
    update(g, state, { params, step }) {
      const distance = state.distance.maximum(safeTwoNorm(params.sub(state.start)));
      const sum = state.sum.add(g.square().sum());
      const scale = where(sum.equal(0), 0, distance.div(sum.add(valueAt(epsilon, step)).sqrt()));
      return { updates: g.mul(scale), state: { start: state.start, distance, sum } };
    },
  };
}
