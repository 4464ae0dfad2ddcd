/**
 * Who looks at a descent while it steps: where to stop is asked before each call of compiled code, so that looking
 * costs no more than the call that ends there.
 */

import type { Stepper } from "./steppers/stepper.js";

/** What is seen of a step: views, valid until the next one. The value is the one that is minimized. */
export type Sight = Pick<Stepper, "steps" | "params" | "value" | "gradient">;

export interface Onlooker {
  /** Steps until the next one that is to be looked at, ≥ 1; infinite if there is none. */
  stepsUntilLook(steps: number): number;
  /** After each call of compiled code. */
  afterSteps(sight: Sight): void;
}
