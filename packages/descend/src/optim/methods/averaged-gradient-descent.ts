import { chain, named } from "../chain.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { inverseTimeDecay } from "../schedules/inverse-time-decay.js";
import { addDecayedWeights } from "../transforms/add-decayed-weights.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import { trackAverage } from "../transforms/track-average.js";
import type { Method } from "./method.js";

export interface AveragedGradientDescentOptions {
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly power?: number;
  readonly averageFrom?: number;
}

/** The rows of {@link AveragedGradientDescentOptions}. */
export const averagedGradientDescentTable: OptionTable<AveragedGradientDescentOptions> = {
  learningRate: { kind: "number", default: 0.01, ...NON_NEGATIVE, meaning: "α₀: rate of the first step" },
  weightDecay: { kind: "number", default: 1e-4, ...NON_NEGATIVE, meaning: "λ: decay of the parameters, and of the rate" },
  power: { kind: "number", default: 0.75, ...NON_NEGATIVE, meaning: "p: how fast the rate falls" },
  averageFrom: { kind: "number", default: 1e6, ...NON_NEGATIVE, whole: true, meaning: "t₀: step from which iterates are averaged" },
};

/**
 * Averaged gradient descent (ASGD): a slowly falling rate, and the mean of the iterates beside the last one.
 *
 * α_t = α₀/(1 + λ·α₀·t)^p,  x ← x − α_t·(∇f(x) + λ·x),  x̄ ← x̄ + (x − x̄)/max(1, t − t₀)
 *
 * The average is the state `trackAverage.average`; it is what converges when the gradients are noisy.
 *
 * @param options.learningRate - α₀ ≥ 0. Default 0.01.
 * @param options.weightDecay - λ ≥ 0. Default 1e-4.
 * @param options.power - p ≥ 0. Default 0.75.
 * @param options.averageFrom - t₀ ≥ 0, in steps. Default 1e6.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Polyak, Juditsky 1992; the schedule is Bottou's, as in PyTorch's ASGD.
 */
export function averagedGradientDescent(options: AveragedGradientDescentOptions = {}): Method {
  const {
    learningRate: initial,
    weightDecay,
    power,
    averageFrom,
  } = readOptions("averagedGradientDescent", averagedGradientDescentTable, options);
  return named(
    "averagedGradientDescent",
    chain(
      addDecayedWeights(weightDecay),
      scaleByLearningRate(inverseTimeDecay({ initial, decay: weightDecay * initial, power })),
      trackAverage({ from: averageFrom }),
    ),
    { ...options },
  );
}
