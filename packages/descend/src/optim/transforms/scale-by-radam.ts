import { tensor, where } from "../../graph/tensor-functions.js";
import { FRACTION, type OptionTable, readOptions } from "../options.js";
import { valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { nextMoments, type ScaleByAdamOptions, type ScaleByAdamState, scaleByAdamTable, startOfAdam } from "./scale-by-adam.js";

export type ScaleByRadamOptions = ScaleByAdamOptions;

/** The rows of {@link ScaleByRadamOptions}. */
export const scaleByRadamTable: OptionTable<ScaleByRadamOptions> = {
  ...scaleByAdamTable,
  beta2: {
    kind: "hyperparameter",
    default: 0.999,
    ...FRACTION,
    meaning: "β₂: decay of the mean of squared gradients; sets the length of the warm-up",
  },
};

/**
 * Adam whose denominator is used only once enough squares have been seen to trust it.
 *
 * ρ_∞ = 2/(1−β₂) − 1,  ρ_t = ρ_∞ − 2·t·β₂ᵗ/(1−β₂ᵗ);
 * update = m̂ where ρ_t ≤ 5, else m̂·r_t·√(1−β₂ᵗ)/(√v + ε)  with r_t² = (ρ_t−4)(ρ_t−2)ρ_∞ / ((ρ_∞−4)(ρ_∞−2)ρ_t)
 *
 * @param options - β₁, β₂, ε as for {@link scaleByAdam}, with the same defaults.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Liu et al. 2020, algorithm 2; the threshold 5 (the paper: 4) and the place of ε are PyTorch's.
 */
export function scaleByRadam(options: ScaleByRadamOptions = {}): Transformation<ScaleByAdamState> {
  const { beta1, beta2, epsilon } = readOptions("scaleByRadam", scaleByRadamTable, options);
  return {
    name: "scaleByRadam",
    init: startOfAdam,
    update(g, state, { step }) {
      const decay2 = valueAt(beta2, step);
      const limit = tensor(2).div(tensor(1).sub(decay2)).sub(1);
      const next = nextMoments(g, state, valueAt(beta1, step), decay2);
      const count = step.add(1);
      const power = tensor(1).sub(next.weight2);
      const length = limit.sub(count.mul(2).mul(power).div(next.weight2));
      const rectified = length.greater(5);
      // The root is taken of something positive also where it is not used.
      const safe = where(rectified, length, 6);
      const squared = safe
        .sub(4)
        .mul(safe.sub(2))
        .mul(limit)
        .div(safe.mul(limit.sub(4).mul(limit.sub(2))));
      const factor = squared.mul(next.weight2).sqrt();
      const mean = next.m.mul(tensor(1).div(next.weight1));
      const updates = mean.mul(where(rectified, factor.div(next.v.sqrt().add(valueAt(epsilon, step))), 1));
      return { updates, state: next };
    },
  };
}
