import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { FRACTION, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface TrackAverageOptions {
  readonly from?: number;
  readonly decay?: Hyperparameter;
  readonly emphasis?: number;
}

/** The average of the iterates, [n]. */
export type TrackAverageState = { readonly average: Tensor };

/** The rows of {@link TrackAverageOptions}. */
export const trackAverageTable: OptionTable<TrackAverageOptions> = {
  from: { kind: "number", default: 0, ...NON_NEGATIVE, whole: true, meaning: "t₀: the average is the last iterate until then" },
  decay: {
    kind: "hyperparameter",
    default: 0,
    ...FRACTION,
    meaning: "β: 0 for the mean of all iterates since t₀, else an exponentially decaying mean",
  },
  emphasis: {
    kind: "number",
    default: 0,
    ...NON_NEGATIVE,
    meaning: "γ: 0 for equal weights; above, later iterates weigh more, about as t^γ",
  },
};

/**
 * Keeps a running average of the parameters beside the run and leaves the updates as they are. It belongs last in a chain.
 *
 * x̄ ← x̄ + μ·(x + u − x̄)  with μ = (1+γ)/(max(1, t − t₀) + γ), or max(μ, 1−β) for a decaying mean; t counts updates from 0
 *
 * The average is what the rule recommends ({@link Transformation.answer}).
 *
 * @param options.from - t₀ ≥ 0, in steps. Default 0.
 * @param options.decay - β, 0 ≤ β < 1, or a schedule. Default 0.
 * @param options.emphasis - γ ≥ 0. Default 0.
 * @returns a transformation whose state `average` has the shape of params.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak, Juditsky 1992; Shamir, Zhang 2013, section 4, for γ; the count is that of PyTorch's ASGD.
 */
export function trackAverage(options: TrackAverageOptions = {}): Transformation<TrackAverageState> {
  const { from, decay, emphasis } = readOptions("trackAverage", trackAverageTable, options);
  return {
    name: "trackAverage",
    init: (params) => ({ average: params }),
    update(updates, state, { params, step }) {
      const plain = tensor(1 + emphasis).div(step.sub(from).maximum(1).add(emphasis));
      const gain = decay === 0 ? plain : plain.maximum(tensor(1).sub(valueAt(decay, step)));
      const next = params.add(updates);
      return { updates, state: { average: state.average.add(next.sub(state.average).mul(gain)) } };
    },
    answer: (_params, { average }) => average,
  };
}
