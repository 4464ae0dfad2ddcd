import type { Tensor } from "../../graph/tensor.js";
import { full } from "../../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByRssOptions {
  readonly initialAccumulator?: number;
  readonly epsilon?: Hyperparameter;
}

/** Sum of squared gradients, [n]. */
export type ScaleByRssState = { readonly sum: Tensor };

/** The rows of {@link ScaleByRssOptions}. */
export const scaleByRssTable: OptionTable<ScaleByRssOptions> = {
  initialAccumulator: {
    kind: "number",
    default: 0,
    ...NON_NEGATIVE,
    meaning: "sum of squares before the first step, in squared units of the gradient",
  },
  epsilon: { kind: "hyperparameter", default: 1e-10, ...NON_NEGATIVE, meaning: "ε: added to the root, in units of the gradient" },
};

/**
 * Divides by the root of the sum of squares of all gradients so far, element by element.
 *
 * s ← s + g²,  update = g / (√s + ε)
 *
 * @param options.initialAccumulator - s before the first step, ≥ 0. Default 0.
 * @param options.epsilon - ε ≥ 0. Default 1e-10.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Duchi, Hazan, Singer 2011, the diagonal form of figure 1.
 */
export function scaleByRss(options: ScaleByRssOptions = {}): Transformation<ScaleByRssState> {
  const { initialAccumulator, epsilon } = readOptions("scaleByRss", scaleByRssTable, options);
  return {
    name: "scaleByRss",
    init: (params) => ({ sum: full(params.shape, initialAccumulator) }),
    update(g, state, { step }) {
      const sum = state.sum.add(g.square());
      return { updates: g.div(sum.sqrt().add(valueAt(epsilon, step))), state: { sum } };
    },
  };
}
