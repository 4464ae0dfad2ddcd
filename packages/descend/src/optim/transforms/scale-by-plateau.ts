import type { Tensor } from "../../graph/tensor.js";
import { full, where, zeros } from "../../graph/tensor-functions.js";
import { COUNT, NON_NEGATIVE, type OptionTable, readOptions } from "../options.js";
import type { Transformation } from "../transformation.js";

/** When a value counts as not improving. */
export interface PlateauOptions {
  readonly patience?: number;
  readonly rtol?: number;
  readonly atol?: number;
}

export interface ScaleByPlateauOptions extends PlateauOptions {
  readonly factor?: number;
  readonly cooldown?: number;
  readonly smallestScale?: number;
}

/** The best value seen, and steps without improvement, −1 before the first value: scalars. */
export type PlateauState = { readonly best: Tensor; readonly waited: Tensor };
/** The same, the factor in force, and steps of rest left: scalars. */
export type ScaleByPlateauState = PlateauState & { readonly scale: Tensor; readonly resting: Tensor };

/** The rows of {@link PlateauOptions}. */
export const plateauTable: OptionTable<PlateauOptions> = {
  patience: { kind: "number", default: 10, ...COUNT, minimum: 0, meaning: "steps without improvement that are borne" },
  rtol: { kind: "number", default: 1e-4, ...NON_NEGATIVE, meaning: "an improvement is a value below best − rtol·|best| − atol" },
  atol: { kind: "number", default: 0, ...NON_NEGATIVE, meaning: "see rtol; in units of the objective" },
};

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
  ...plateauTable,
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
    init: () => ({ scale: full([], 1), ...startOfPlateau(), resting: zeros([]) }),
    update(updates, state, { value }) {
      const isResting = state.resting.greater(0);
      const { best, waited } = nextPlateau(state, value, rtol, atol);
      const counted = where(isResting, 0, waited);
      const drops = counted.greater(patience);
      const scale = where(drops, state.scale.mul(factor).maximum(smallestScale), state.scale);
      const resting = where(drops, cooldown, where(isResting, state.resting.sub(1), 0));
      return { updates: updates.mul(scale), state: { scale, best, waited: where(drops, 0, counted), resting } };
    },
  };
}

/** Nothing seen. No number stands for "no value yet" in both formats but infinity, with which the threshold below would be NaN. */
export function startOfPlateau(): PlateauState {
  return { best: zeros([]), waited: full([], -1) };
}

/** After one more value. */
export function nextPlateau({ best, waited }: PlateauState, value: Tensor, rtol: number, atol: number): PlateauState {
  const threshold = best.sub(best.abs().mul(rtol)).sub(atol);
  const improved = waited.less(0).or(value.less(threshold));
  return { best: where(improved, value, best), waited: where(improved, 0, waited.add(1)) };
}
