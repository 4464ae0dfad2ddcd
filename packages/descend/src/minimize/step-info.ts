/** What the caller of a descent is shown of a step, and what is heard of the answer. */

import { OptionError } from "../errors.js";
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

/**
 * Whether an answer of `onStep` ends the descent.
 *
 * @throws OptionError OPTION_OUT_OF_RANGE for a promise, which a descent without pause cannot wait for.
 */
export function saysStop(answer: unknown): boolean {
  if (typeof (answer as PromiseLike<unknown> | undefined)?.then !== "function") return answer === "stop";
  const [option, expected, got] = ["onStep", "an answer at once", "a promise"];
  throw new OptionError(
    "OPTION_OUT_OF_RANGE",
    `${option}: expected ${expected}, got ${got}. Use minimizeAsync, or await between steps of createDescent.`,
    { option, expected, got },
  );
}
