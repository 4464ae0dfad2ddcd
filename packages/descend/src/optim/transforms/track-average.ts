import { type Tensor, tensor } from "../../graph/tensor.js";
import { FRACTION, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Transformation } from "../transformation.js";

export interface TrackAverageOptions {
  readonly from?: number;
  readonly decay?: number;
}

/** The average of the iterates, [n]. */
export type TrackAverageState = { readonly average: Tensor };

const table: OptionTable<TrackAverageOptions> = {
  from: { kind: "number", default: 0, ...NON_NEGATIVE, whole: true, meaning: "t₀: the average is the last iterate until then" },
  decay: {
    kind: "number",
    default: 0,
    ...FRACTION,
    meaning: "β: 0 for the plain mean of all iterates since t₀, else an exponentially decaying mean",
  },
};

/**
 * Keeps a running average of the parameters beside the run and leaves the updates as they are. It belongs last in a chain.
 *
 * x̄ ← x̄ + μ·(x + u − x̄)  with μ = 1/max(1, t − t₀), or max(μ, 1−β) for a decaying mean; t counts updates from 0
 *
 * @param options.from - t₀ ≥ 0, in steps. Default 0.
 * @param options.decay - β, 0 ≤ β < 1. Default 0.
 * @returns a transformation whose state `average` has the shape of params.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak, Juditsky 1992.
 */
export function trackAverage(options: TrackAverageOptions = {}): Transformation<TrackAverageState> {
  const { from, decay } = readOptions("trackAverage", table, options);
  return {
    name: "trackAverage",
    init: (params) => ({ average: params }),
    update(updates, state, { params, step }) {
      const plain = tensor(1).div(step.sub(from).maximum(1));
      const gain = decay === 0 ? plain : plain.maximum(1 - decay);
      const next = params.add(updates);
      return { updates, state: { average: state.average.add(next.sub(state.average).mul(gain)) } };
    },
  };
}
