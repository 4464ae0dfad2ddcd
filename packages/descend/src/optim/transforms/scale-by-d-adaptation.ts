import type { Tensor } from "../../graph/tensor.js";
import { full, tensor, where, zeros } from "../../graph/tensor-functions.js";
import { decayedMean, startOfMean } from "../decayed-mean.js";
import { FRACTION, learningRateSpec, type OptionTable, POSITIVE, readOptions } from "../options.js";
import { type Hyperparameter, type LearningRate, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { safeTwoNorm } from "../two-norm.js";
import { type ScaleByAdamOptions, scaleByAdamTable } from "./scale-by-adam.js";

export interface ScaleByDAdaptationOptions {
  readonly learningRate?: LearningRate;
  readonly momentum?: Hyperparameter;
  readonly initialDistance?: number;
}

/** Weighted sum of gradients and the point it leads to, [n]; norm of the first gradient, numerator and distance estimate, scalars. */
export type ScaleByDAdaptationState = {
  readonly s: Tensor;
  readonly z: Tensor;
  readonly firstNorm: Tensor;
  readonly r: Tensor;
  readonly distance: Tensor;
};

const initialDistance = {
  kind: "number",
  default: 1e-6,
  ...POSITIVE,
  meaning: "d₀: first estimate of the distance to the minimum, well below it",
} as const;

const learningRate = {
  ...learningRateSpec(1),
  meaning: "γ: factor of the step length that the method finds by itself; leave it at 1, or give it a decay",
};

/** The rows of {@link ScaleByDAdaptationOptions}. */
export const scaleByDAdaptationTable: OptionTable<ScaleByDAdaptationOptions> = {
  learningRate,
  momentum: {
    kind: "hyperparameter",
    default: 0.9,
    ...FRACTION,
    meaning: "β: how much of the way to the new point is left to later steps",
  },
  initialDistance,
};

/**
 * Steps in proportion to a lower bound d of the distance to the minimum, which only grows: gradient descent's form.
 *
 * λ = γ·d/‖g₀‖₂,  r ← r + λ·⟨g, s⟩,  s ← s + λ·g,  z ← z − λ·g,  d ← max(d, 2·r/‖s‖₂),  x moves (1−β) of the way to z
 *
 * @param options.learningRate - γ ≥ 0, or a schedule; it enters the bound, so it stands inside. Default 1.
 * @param options.momentum - β, 0 ≤ β < 1, or a schedule. Default 0.9.
 * @param options.initialDistance - d₀ > 0. Default 1e-6.
 * @returns updates of positive sign, as all rules before {@link scaleByLearningRate}.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Defazio, Mishchenko 2023, algorithm 4.
 */
export function scaleByDAdaptation(options: ScaleByDAdaptationOptions = {}): Transformation<ScaleByDAdaptationState> {
  const { learningRate: rate, momentum, initialDistance: first } = readOptions("scaleByDAdaptation", scaleByDAdaptationTable, options);
  return {
    name: "scaleByDAdaptation",
    init: (params) => ({ s: zeros(params.shape), z: params, firstNorm: zeros([]), r: zeros([]), distance: full([], first) }),
    update(g, state, { params, step }) {
      const norm = where(state.firstNorm.equal(0), safeTwoNorm(g), state.firstNorm);
      const lambda = where(norm.equal(0), 0, state.distance.mul(valueAt(rate, step)).div(norm));
      const move = g.mul(lambda);
      const r = state.r.add(move.mul(state.s).sum());
      const s = state.s.add(move);
      const z = state.z.sub(move);
      const size = safeTwoNorm(s);
      const distance = state.distance.maximum(where(size.equal(0), 0, r.mul(2).div(size)));
      const updates = params.sub(z).mul(tensor(1).sub(valueAt(momentum, step)));
      return { updates, state: { s, z, firstNorm: norm, r, distance } };
    },
  };
}

export interface ScaleByDAdaptedAdamOptions extends ScaleByAdamOptions {
  readonly learningRate?: LearningRate;
  readonly initialDistance?: number;
}

/** Means of γ·d·g and of g², weighted mean s of γ·d·g, [n]; numerator and distance estimate, scalars. */
export type ScaleByDAdaptedAdamState = {
  readonly m: Tensor;
  readonly v: Tensor;
  readonly s: Tensor;
  readonly r: Tensor;
  readonly distance: Tensor;
};

/** The rows of {@link ScaleByDAdaptedAdamOptions}. */
export const scaleByDAdaptedAdamTable: OptionTable<ScaleByDAdaptedAdamOptions> = { learningRate, ...scaleByAdamTable, initialDistance };

/**
 * Steps in proportion to a lower bound d of the distance to the minimum, which only grows: Adam's form.
 *
 * m ← β₁·m + (1−β₁)·γ·d·g,  v ← β₂·v + (1−β₂)·g²,  A = √v + ε,  r ← √β₂·r + (1−√β₂)·γ·d·⟨g, s/A⟩,  s ← √β₂·s + (1−√β₂)·γ·d·g
 * d ← max(d, r/((1−√β₂)·‖s‖₁)),  update = m/A
 *
 * @param options.learningRate - γ ≥ 0, or a schedule; it enters the bound, so it stands inside. Default 1.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0, or a schedule. Default 1e-8.
 * @param options.initialDistance - d₀ > 0. Default 1e-6.
 * @returns updates of positive sign, as all rules before {@link scaleByLearningRate}.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Defazio, Mishchenko 2023, algorithm 5.
 */
export function scaleByDAdaptedAdam(options: ScaleByDAdaptedAdamOptions = {}): Transformation<ScaleByDAdaptedAdamState> {
  const {
    learningRate: rate,
    beta1,
    beta2,
    epsilon,
    initialDistance: first,
  } = readOptions("scaleByDAdaptedAdam", scaleByDAdaptedAdamTable, options);
  return {
    name: "scaleByDAdaptedAdam",
    init: (params) => ({
      m: startOfMean(params),
      v: startOfMean(params),
      s: startOfMean(params),
      r: zeros([]),
      distance: full([], first),
    }),
    update(g, state, { step }) {
      const decay2 = valueAt(beta2, step);
      const keep = decay2.sqrt();
      const scaled = g.mul(state.distance.mul(valueAt(rate, step)));
      const m = decayedMean(state.m, scaled, valueAt(beta1, step));
      const v = decayedMean(state.v, g.square(), decay2);
      const divisor = v.sqrt().add(valueAt(epsilon, step));
      // A parameter whose gradient has always been 0 adds nothing, whatever ε.
      const inner = where(g.equal(0), 0, scaled.mul(state.s).div(divisor)).sum();
      const r = decayedMean(state.r, inner, keep);
      const s = decayedMean(state.s, scaled, keep);
      const size = s.abs().sum().mul(tensor(1).sub(keep));
      const distance = state.distance.maximum(where(size.equal(0), 0, r.div(size)));
      return { updates: where(m.equal(0), 0, m.div(divisor)), state: { m, v, s, r, distance } };
    },
  };
}
