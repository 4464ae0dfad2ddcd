import { full, type Tensor, where, zeros } from "../../graph/tensor.js";
import { COUNT, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Transformation } from "../transformation.js";

export interface ScaleByPlateauOptions {
  readonly factor?: number;
  readonly patience?: number;
  readonly rtol?: number;
  readonly atol?: number;
  readonly cooldown?: number;
  readonly smallestScale?: number;
}

/** The factor in force, the best value seen, steps without improvement, steps of rest left: scalars. */
export type ScaleByPlateauState = { readonly scale: Tensor; readonly best: Tensor; readonly waited: Tensor; readonly resting: Tensor };

const table: OptionTable<ScaleByPlateauOptions> = {
  factor: {
    kind: "number",
    default: 0.1,
    minimum: 0,
    minimumExcluded: true,
    maximum: 1,
    maximumExcluded: true,
    meaning: "what the scale is multiplied by on a plateau",
  },
  patience: { kind: "number", default: 10, ...COUNT, minimum: 0, meaning: "steps without improvement that are borne" },
  rtol: { kind: "number", default: 1e-4, ...NON_NEGATIVE, meaning: "an improvement is a value below best − rtol·|best| − atol" },
  atol: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "see rtol; in units of the objective" },
  cooldown: { kind: "number", default: 0, ...COUNT, minimum: 0, meaning: "steps after a drop in which nothing is counted" },
  smallestScale: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "the scale does not fall below" },
};

/**
 * Multiplies the updates by a scale that drops when the objective has not improved for some steps.
 *
 * Each step looks at the value at its own params, before it updates them, and its own update is already scaled.
 *
 * @param options.factor - 0 < factor < 1. Default 0.1.
 * @param options.patience - whole number ≥ 0: the scale drops at the first step beyond so many without improvement. Default 10.
 * @param options.rtol - relative improvement that counts, ≥ 0. Default 1e-4.
 * @param options.atol - absolute improvement that counts, ≥ 0. Default 0.
 * @param options.cooldown - whole number ≥ 0, in steps. Default 0.
 * @param options.smallestScale - ≥ 0. Default 0.
 * @returns a transformation whose state (scale, best, waited, resting) goes into checkpoints.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * For values of the whole data set: on mini-batches the noise of the value is taken for its course.
 */
export function scaleByPlateau(options: ScaleByPlateauOptions = {}): Transformation<ScaleByPlateauState> {
  const { factor, patience, rtol, atol, cooldown, smallestScale } = readOptions("scaleByPlateau", table, options);
  return {
    name: "scaleByPlateau",
    // No number stands for "none yet" in both formats but infinity, with which the threshold below would be NaN.
    init: () => ({ scale: full([], 1), best: zeros([]), waited: full([], -1), resting: zeros([]) }),
    update(updates, state, { value }) {
      const isFirst = state.waited.less(0);
      const threshold = state.best.sub(state.best.abs().mul(rtol)).sub(atol);
      const improved = isFirst.or(value.less(threshold));
      const best = where(improved, value, state.best);
      const isResting = state.resting.greater(0);
      const counted = where(improved.or(isResting), 0, state.waited.add(1));
      const drops = counted.greater(patience);
      const scale = where(drops, state.scale.mul(factor).maximum(smallestScale), state.scale);
      const resting = where(drops, cooldown, where(isResting, state.resting.sub(1), 0));
      return { updates: updates.mul(scale), state: { scale, best, waited: where(drops, 0, counted), resting } };
    },
  };
}
