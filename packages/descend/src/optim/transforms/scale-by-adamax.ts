import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { decayedMean, nextWeight, startOfMean } from "../decayed-mean.js";
import { readOptions } from "../options.js";
import { valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "./scale-by-adam.js";

/** Mean of gradients and decaying maximum of magnitudes, [n]; weight of the mean, scalar. */
export type ScaleByAdamaxState = { readonly m: Tensor; readonly largest: Tensor; readonly weight1: Tensor };

/**
 * Adam with a decaying maximum in place of the root mean square.
 *
 * m ← β₁·m + (1−β₁)·g,  u ← max(β₂·u, |g| + ε),  update = m̂ / u
 *
 * @param options - β₁, β₂, ε as for {@link scaleByAdam}, with the same defaults.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Kingma, Ba 2015, algorithm 2; ε inside the maximum, as PyTorch has it (the paper has none).
 */
export function scaleByAdamax(options: ScaleByAdamOptions = {}): Transformation<ScaleByAdamaxState> {
  const { beta1, beta2, epsilon } = readOptions("scaleByAdamax", scaleByAdamTable, options);
  return {
    name: "scaleByAdamax",
    init: (params) => ({ m: startOfMean(params), largest: startOfMean(params), weight1: startOfMean() }),
    update(g, state, { step }) {
      const decay = valueAt(beta1, step);
      const m = decayedMean(state.m, g, decay);
      const weight1 = nextWeight(state.weight1, decay);
      const largest = state.largest.mul(valueAt(beta2, step)).maximum(g.abs().add(valueAt(epsilon, step)));
      return { updates: m.mul(tensor(1).div(weight1)).div(largest), state: { m, largest, weight1 } };
    },
  };
}
