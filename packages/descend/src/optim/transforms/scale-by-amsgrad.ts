import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { startOfMean } from "../decayed-mean.js";
import { readOptions } from "../options.js";
import { valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { nextMoments, type ScaleByAdamOptions, type ScaleByAdamState, scaleByAdamTable, startOfAdam } from "./scale-by-adam.js";

/** Adam's state and the largest v so far, [n]. */
export type ScaleByAmsgradState = ScaleByAdamState & { readonly largest: Tensor };

/**
 * Adam with a denominator that never shrinks.
 *
 * m, v as in {@link scaleByAdam},  V ← max(V, v),  update = m̂ / (√(V/(1−β₂ᵗ)) + ε)
 *
 * @param options - β₁, β₂, ε as for {@link scaleByAdam}, with the same defaults.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Reddi, Kale, Kumar 2018, algorithm 2; with bias corrections and the maximum taken before them, as PyTorch has it.
 */
export function scaleByAmsgrad(options: ScaleByAdamOptions = {}): Transformation<ScaleByAmsgradState> {
  const { beta1, beta2, epsilon } = readOptions("scaleByAmsgrad", scaleByAdamTable, options);
  return {
    name: "scaleByAmsgrad",
    init: (params) => ({ ...startOfAdam(params), largest: startOfMean(params) }),
    update(g, state, { step }) {
      const next = nextMoments(g, state, valueAt(beta1, step), valueAt(beta2, step));
      const largest = state.largest.maximum(next.v);
      const root = largest.mul(tensor(1).div(next.weight2)).sqrt();
      return { updates: next.m.mul(tensor(1).div(next.weight1)).div(root.add(valueAt(epsilon, step))), state: { ...next, largest } };
    },
  };
}
