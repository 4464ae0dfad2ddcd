import type { Tensor } from "../../graph/tensor.js";
import { decayedMean, startOfMean } from "../decayed-mean.js";
import { FRACTION, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByRmsOptions {
  readonly decay?: Hyperparameter;
  readonly epsilon?: Hyperparameter;
  readonly epsilonPlace?: "outside" | "inside";
  readonly centered?: boolean;
}

/** Mean of squared gradients, and where it is centered the mean of gradients, [n]. */
export type ScaleByRmsState = { readonly v: Tensor };
export type ScaleByCenteredRmsState = { readonly v: Tensor; readonly m: Tensor };

/** The rows of {@link ScaleByRmsOptions}. */
export const scaleByRmsTable: OptionTable<ScaleByRmsOptions> = {
  decay: { kind: "hyperparameter", default: 0.99, ...FRACTION, meaning: "ρ: decay of the mean of squared gradients" },
  epsilon: {
    kind: "hyperparameter",
    default: 1e-8,
    ...NON_NEGATIVE,
    meaning: "ε: keeps the denominator from 0; in units of the gradient outside the root, squared inside",
  },
  epsilonPlace: { kind: "choice", choices: ["outside", "inside"], default: "outside", meaning: "√v + ε, or √(v + ε)" },
  centered: { kind: "boolean", default: false, meaning: "subtract the squared mean of gradients: divide by the standard deviation" },
};

/**
 * Divides by the root of a decaying mean of squared gradients, element by element.
 *
 * v ← ρ·v + (1−ρ)·g²,  update = g / (√v + ε), or g / √(v + ε);  centered: v − m² in place of v, with m ← ρ·m + (1−ρ)·g
 *
 * @param options.decay - ρ, 0 ≤ ρ < 1, or a schedule. Default 0.99.
 * @param options.epsilon - ε ≥ 0. Default 1e-8.
 * @param options.epsilonPlace - "outside" the root (PyTorch) or "inside" (TensorFlow, Optax's default). Default "outside".
 * @param options.centered - Default false.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Tieleman, Hinton 2012; Graves 2013, equations 38–45 for the centered form. v − m² is kept from falling below 0 by rounding.
 */
export function scaleByRms(options: ScaleByRmsOptions = {}): Transformation {
  const { decay, epsilon, epsilonPlace, centered } = readOptions("scaleByRms", scaleByRmsTable, options);
  const divide = (g: Tensor, square: Tensor, step: Tensor): Tensor => {
    const added = valueAt(epsilon, step);
    return g.div(epsilonPlace === "inside" ? square.add(added).sqrt() : square.sqrt().add(added));
  };
  return centered ? centeredRms(decay, divide) : plainRms(decay, divide);
}

function plainRms(decay: Hyperparameter, divide: (g: Tensor, square: Tensor, step: Tensor) => Tensor): Transformation<ScaleByRmsState> {
  return {
    name: "scaleByRms",
    init: (params) => ({ v: startOfMean(params) }),
    update(g, state, { step }) {
      const v = decayedMean(state.v, g.square(), valueAt(decay, step));
      return { updates: divide(g, v, step), state: { v } };
    },
  };
}

function centeredRms(
  decay: Hyperparameter,
  divide: (g: Tensor, square: Tensor, step: Tensor) => Tensor,
): Transformation<ScaleByCenteredRmsState> {
  return {
    name: "scaleByRms",
    init: (params) => ({ v: startOfMean(params), m: startOfMean(params) }),
    update(g, state, { step }) {
      const rho = valueAt(decay, step);
      const v = decayedMean(state.v, g.square(), rho);
      const m = decayedMean(state.m, g, rho);
      return { updates: divide(g, v.sub(m.square()).maximum(0), step), state: { v, m } };
    },
  };
}
