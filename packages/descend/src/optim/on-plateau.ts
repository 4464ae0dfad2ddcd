import { readOptions } from "./options.js";
import type { Trigger } from "./switch-at.js";
import { nextPlateau, type PlateauOptions, type PlateauState, plateauTable, startOfPlateau } from "./transforms/scale-by-plateau.js";

/**
 * A trigger for {@link switchAt}: fires when the value has not improved for some steps.
 *
 * @param options.patience - whole number ≥ 0: it fires at the first step beyond so many without improvement. Default 10.
 * @param options.rtol - relative improvement that counts, ≥ 0. Default 1e-4.
 * @param options.atol - absolute improvement that counts, ≥ 0. Default 0.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * @example switchAt(onPlateau({ patience: 50 }), adam({ learningRate: 0.01 }), gradientDescent({ learningRate: 1e-3 }))
 */
export function onPlateau(options: PlateauOptions = {}): Trigger<PlateauState> {
  const { patience, rtol, atol } = readOptions("onPlateau", plateauTable, options);
  return {
    name: `onPlateau(${patience})`,
    init: startOfPlateau,
    test(state, { value }) {
      const next = nextPlateau(state, value, rtol, atol);
      return { fires: next.waited.greater(patience), state: next };
    },
  };
}
