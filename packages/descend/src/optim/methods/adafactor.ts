import { chain, named } from "../chain.js";
import { learningRateSpec, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, type LearningRate, valueAt } from "../schedules/schedule.js";
import { stateless } from "../transformation.js";
import { type ScaleByAdafactorOptions, scaleByAdafactor, scaleByAdafactorTable } from "../transforms/scale-by-adafactor.js";
import { scaleByLearningRate } from "../transforms/scale-by-learning-rate.js";
import type { Method } from "./method.js";

export interface AdafactorOptions extends Omit<ScaleByAdafactorOptions, "relativeStep"> {
  readonly learningRate?: LearningRate;
  readonly weightDecay?: Hyperparameter;
}

const { relativeStep: _, ...others } = scaleByAdafactorTable;
/** The rows of {@link AdafactorOptions}. */
export const adafactorTable: OptionTable<AdafactorOptions> = {
  learningRate: {
    ...learningRateSpec(0.01),
    meaning: "α: largest step relative to the root mean square of the leaf; it falls as 1/√t from step 1/α² on",
  },
  ...others,
  weightDecay: { kind: "hyperparameter", default: 0, ...NON_NEGATIVE, meaning: "λ: each step multiplies the parameters by 1 − α·λ" },
};

/**
 * Adafactor: Adam's scaling with the memory of rows and columns only, and steps relative to the size of each leaf.
 *
 * U = G/√V with V from row and column means,  X ← (1 − α·λ)·X − max(ε₂, rms(X))·min(α, 1/√t)·U/max(1, rms(U)/d)
 *
 * @param options.learningRate - α ≥ 0, or a schedule. Default 0.01.
 * @param options.decayPower - c ≥ 0: means decay by 1 − t⁻ᶜ. Default 0.8.
 * @param options.threshold - d > 0. Default 1.
 * @param options.epsilon - ε₁ > 0. Default 2⁻⁵².
 * @param options.machineFloor - ε₁ is at least the machine epsilon of the number format, as PyTorch has it by default. Default true.
 * @param options.smallestScale - ε₂ ≥ 0. Default 1e-3.
 * @param options.weightDecay - λ ≥ 0, or a schedule. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Shazeer, Stern 2018, algorithms 4 and 5, as in PyTorch.
 */
export function adafactor(options: AdafactorOptions = {}): Method {
  const { learningRate, weightDecay, ...rest } = readOptions("adafactor", adafactorTable, options);
  // The learning rate stands inside the scaling, so the decay brings it along.
  const decay = stateless("addDecayedWeights", (updates, { params, step }) =>
    updates.add(params.mul(valueAt(weightDecay, step).mul(valueAt(learningRate, step)))),
  );
  const scaling = scaleByAdafactor({ relativeStep: learningRate, ...rest });
  return named("adafactor", chain(scaling, ...(weightDecay === 0 ? [] : [decay]), scaleByLearningRate(1)), { ...options });
}
