import type { Tensor } from "../../graph/tensor.js";
import { full, where } from "../../graph/tensor-functions.js";
import { type OptionTable, outOfRange, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByRpropOptions {
  readonly initialStep?: number;
  readonly shrink?: Hyperparameter;
  readonly grow?: Hyperparameter;
  readonly smallestStep?: Hyperparameter;
  readonly largestStep?: Hyperparameter;
}

/** The length of each parameter's step and the last gradient that counted, [n]. */
export type ScaleByRpropState = { readonly stepSize: Tensor; readonly last: Tensor };

/** The rows of {@link ScaleByRpropOptions}. */
export const scaleByRpropTable: OptionTable<ScaleByRpropOptions> = {
  initialStep: { kind: "number", default: 0.01, ...POSITIVE, meaning: "Δ₀: first step of every parameter, in its own units" },
  shrink: {
    kind: "hyperparameter",
    default: 0.5,
    ...POSITIVE,
    maximum: 1,
    maximumExcluded: true,
    meaning: "η⁻: factor of the step where the gradient changed its sign",
  },
  grow: { kind: "hyperparameter", default: 1.2, minimum: 1, minimumExcluded: true, meaning: "η⁺: factor of the step where it kept it" },
  smallestStep: { kind: "hyperparameter", default: 1e-6, ...POSITIVE, meaning: "Δ_min, in units of the parameter" },
  largestStep: { kind: "hyperparameter", default: 50, ...POSITIVE, meaning: "Δ_max, in units of the parameter" },
};

/**
 * Steps whose length depends on signs only: longer while the gradient keeps its sign, shorter (and one step's rest) when it changes.
 *
 * Δ ← Δ·η⁺ where g·g′ > 0, Δ·η⁻ where g·g′ < 0, within [Δ_min, Δ_max];  update = sign(g)·Δ, and 0 where g·g′ < 0
 *
 * @param options.initialStep - Δ₀ > 0. Default 0.01.
 * @param options.shrink - η⁻, 0 < η⁻ < 1. Default 0.5.
 * @param options.grow - η⁺ > 1. Default 1.2.
 * @param options.smallestStep - Δ_min > 0. Default 1e-6.
 * @param options.largestStep - Δ_max ≥ Δ_min. Default 50.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * For gradients of the whole data set: with noise the signs of successive gradients mean little.
 * Source: Riedmiller, Braun 1993, in the form without backtracking (iRprop⁻, Igel, Hüsken 2000), which PyTorch has too.
 */
export function scaleByRprop(options: ScaleByRpropOptions = {}): Transformation<ScaleByRpropState> {
  const { initialStep, shrink, grow, smallestStep, largestStep } = readOptions("scaleByRprop", scaleByRpropTable, options);
  if (typeof largestStep === "number" && typeof smallestStep === "number" && largestStep < smallestStep)
    throw outOfRange("scaleByRprop", "largestStep", `largestStep ≥ smallestStep = ${smallestStep}`, largestStep);
  return {
    name: "scaleByRprop",
    init: (params) => ({ stepSize: full(params.shape, initialStep), last: full(params.shape, 0) }),
    update(g, state, { step }) {
      const agreement = g.mul(state.last).sign();
      const turned = agreement.less(0);
      const factor = where(turned, valueAt(shrink, step), where(agreement.equal(1), valueAt(grow, step), 1));
      const stepSize = state.stepSize.mul(factor).clip(valueAt(smallestStep, step), valueAt(largestStep, step));
      const last = where(turned, 0, g);
      return { updates: last.sign().mul(stepSize), state: { stepSize, last } };
    },
  };
}
