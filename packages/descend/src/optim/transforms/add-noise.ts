import { random } from "../../graph/tensor-functions.js";
import { NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import { type Hyperparameter, valueAt } from "../schedules/schedule.js";
import { stateless, type Transformation } from "../transformation.js";

export interface AddNoiseOptions {
  readonly deviation?: Hyperparameter;
  readonly seed?: number;
}

const table: OptionTable<AddNoiseOptions> = {
  deviation: {
    kind: "hyperparameter",
    default: 0.1,
    ...NON_NEGATIVE,
    meaning: "σ: standard deviation, in units of the updates; usually a falling schedule",
  },
  seed: { kind: "number", default: 0, ...NON_NEGATIVE, whole: true, meaning: "another seed, other noise" },
};

/**
 * Adds independent normal noise to each element: a way off saddles and out of narrow valleys.
 *
 * u ← u + σ·z,  z ~ N(0, 1)
 *
 * The noise is a pure function of (seed, step, element): the same in every run, whatever the number of workers, and after a resume.
 *
 * @param options.deviation - σ ≥ 0, or a schedule. Default 0.1.
 * @param options.seed - whole number ≥ 0. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Source: Neelakantan et al. 2015; Box, Muller 1958 for the normal deviates.
 */
export function addNoise(options: AddNoiseOptions = {}): Transformation {
  const { deviation, seed } = readOptions("addNoise", table, options);
  return stateless("addNoise", (updates, { step }) => {
    const count = updates.shape[0]!;
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const radius = random([count], { seed, stream: step }).neg().add(1).log().mul(-2).sqrt();
    const angle = random([count], { seed, stream: step, first: count }).mul(2 * Math.PI);
    return updates.add(radius.mul(angle.cos()).mul(valueAt(deviation, step)));
  });
}
