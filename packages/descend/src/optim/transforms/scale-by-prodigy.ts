import type { Tensor } from "../../graph/tensor.js";
import { full, where, zeros } from "../../graph/tensor-functions.js";
import { decayedMean, startOfMean } from "../decayed-mean.js";
import { learningRateSpec, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type LearningRate, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "./scale-by-adam.js";

export interface ScaleByProdigyOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
  readonly initialDistance?: number;
}

/** Means of d·g and (d·g)², weighted sum s of gradients, start: [n]; the estimate d of the distance and its numerator r, scalars. */
export type ScaleByProdigyState = {
  readonly m: Tensor;
  readonly v: Tensor;
  readonly s: Tensor;
  readonly start: Tensor;
  readonly r: Tensor;
  readonly distance: Tensor;
};

/** The rows of {@link ScaleByProdigyOptions}. */
export const scaleByProdigyTable: OptionTable<ScaleByProdigyOptions> = {
  learningRate: {
    ...learningRateSpec(1),
    meaning: "γ: factor of the step length that the method finds by itself; leave it at 1, or give it a decay",
  },
  ...scaleByAdamTable,
  initialDistance: {
    kind: "number",
    default: 1e-6,
    ...POSITIVE,
    meaning: "d₀: first estimate of the distance to the minimum, well below it",
  },
};

/**
 * Adam with steps in proportion to an estimate d of the distance to the minimum, which only grows.
 *
 * m ← β₁·m + (1−β₁)·d·g,  v ← β₂·v + (1−β₂)·(d·g)²,  s ← √β₂·s + γ·d²·g,  r ← √β₂·r + γ·d²·⟨g, x₀ − x⟩
 * d₊ = max(d, r/‖s‖₁),  update = γ·d·m/(√v + d₊·ε),  d ← d₊
 *
 * @param options.learningRate - γ ≥ 0, or a schedule; it enters the estimate, so it stands inside. Default 1.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, or a schedule. Default 1e-8.
 * @param options.initialDistance - d₀ > 0. Default 1e-6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Mishchenko, Defazio 2024, algorithm 4, with s and r divided by d₀ against underflow, and without their common factor 1 − √β₂.
 */
export function scaleByProdigy(options: ScaleByProdigyOptions = {}): Transformation<ScaleByProdigyState> {
  const { learningRate, beta1, beta2, epsilon, initialDistance } = readOptions("scaleByProdigy", scaleByProdigyTable, options);
  return {
    name: "scaleByProdigy",
    init: (params) => ({
      m: startOfMean(params),
      v: startOfMean(params),
      s: zeros(params.shape),
      start: params,
      r: zeros([]),
      distance: full([], initialDistance),
    }),
    update(g, state, { params, step }) {
      const decay2 = valueAt(beta2, step);
      const keep = decay2.sqrt();
      const { distance, start } = state;
      const length = distance.mul(valueAt(learningRate, step));
      const scaled = g.mul(distance);
      const m = decayedMean(state.m, scaled, valueAt(beta1, step));
      const v = decayedMean(state.v, scaled.square(), decay2);
      const weight = distance.div(initialDistance).mul(length);
      const s = state.s.mul(keep).add(g.mul(weight));
      const r = state.r.mul(keep).add(g.mul(start.sub(params)).sum().mul(weight));
      const size = s.abs().sum();
      const next = distance.maximum(where(size.equal(0), 0, r.div(size)));
      const divisor = v.sqrt().add(next.mul(valueAt(epsilon, step)));
      // Nothing has been seen yet where m is 0, whatever the divisor.
      const updates = where(m.equal(0), 0, m.mul(length).div(divisor));
      return { updates, state: { m, v, s, start, r, distance: next } };
    },
  };
}
