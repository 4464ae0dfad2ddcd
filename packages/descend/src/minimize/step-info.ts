/** What the caller of a descent is shown of a step. */

import type { StepInfo } from "./options.js";
import type { Measures } from "./stopping.js";

/** Point and gradient are copied only if they are looked at. */
export function stepInfo(
  descent: Omit<StepInfo, "step" | "gradientNorm" | "stepNorm"> & { readonly steps: number },
  measures: Measures,
): StepInfo {
  const { steps, value } = descent;
  const { gradientNorm, stepNorm } = measures;
  return {
    step: steps,
    value,
    gradientNorm,
    stepNorm,
    get params() {
      return descent.params;
    },
    get gradient() {
      return descent.gradient;
    },
  };
}
