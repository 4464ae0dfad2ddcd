import { chain, named } from "../chain.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import type { Transformation } from "../transformation.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import {
  type ScaleByProdigyOptions,
  type ScaleByProdigyState,
  scaleByProdigy,
  scaleByProdigyTable,
} from "../transforms/scale-by-prodigy.js";
import type { Method } from "./method.js";

export interface ProdigyOptions extends ScaleByProdigyOptions {
  readonly weightDecay?: Hyperparameter;
}

/** The rows of {@link ProdigyOptions}. */
export const prodigyTable: OptionTable<ProdigyOptions> = {
  ...scaleByProdigyTable,
  weightDecay: { kind: "hyperparameter", default: 0, ...NON_NEGATIVE, meaning: "λ: each step multiplies the parameters by 1 − γ·d·λ" },
};

/**
 * Prodigy: Adam that finds its learning rate, from an estimate of the distance to the minimum.
 *
 * d ← max(d, r/‖s‖₁),  x ← (1 − γ·d·λ)·x − γ·d·m/(√v + d·ε)      (r, s, m, v: see {@link scaleByProdigy})
 *
 * @param options.learningRate - γ ≥ 0, or a schedule (a decay to 0 at the end of a run over batches). Default 1.
 * @param options.beta1 - β₁, 0 ≤ β₁ < 1, or a schedule. Default 0.9.
 * @param options.beta2 - β₂, 0 ≤ β₂ < 1, or a schedule. Default 0.999.
 * @param options.epsilon - ε ≥ 0. Default 1e-8.
 * @param options.initialDistance - d₀ > 0. Default 1e-6.
 * @param options.weightDecay - λ ≥ 0, decoupled, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Mishchenko, Defazio 2024, algorithm 4; the decay as in the authors' program.
 */
export function prodigy(options: ProdigyOptions = {}): Method {
  const { weightDecay, learningRate, ...rest } = readOptions("prodigy", prodigyTable, options);
  const scaling = scaleByProdigy({ learningRate, ...rest });
  // The decay is scaled by the estimate before the step, as the update is.
  const decaying: Transformation<ScaleByProdigyState> = {
    ...scaling,
    update(gradient, state, context) {
      const { updates, state: next } = scaling.update(gradient, state, context);
      const strength = state.distance.mul(valueAt(learningRate, context.step)).mul(valueAt(weightDecay, context.step));
      return { updates: updates.add(context.params.mul(strength)), state: next };
    },
  };
  return named("prodigy", chain(weightDecay === 0 ? scaling : decaying, scaleByLearningRate(1)));
}
