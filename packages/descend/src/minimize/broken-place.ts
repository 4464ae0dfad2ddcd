/** Where an objective or its gradient is not finite, in words. */

import { pathOf } from "../tree/tree.js";
import type { SetUp } from "./set-up.js";
import type { Stepper } from "./steppers/stepper.js";

/** @param value - as the user sees it. */
export function brokenPlace({ layout, table, remarks }: SetUp, { gradient, value: own }: Stepper, value: number): string {
  const where = " at the start; it must be finite there.";
  if (!Number.isFinite(own)) return `The objective is ${value}${where}${remarks?.ofInputs(layout, table) ?? ""}`;
  const index = Array.from(gradient).findIndex((g) => !Number.isFinite(g));
  return `The gradient is ${gradient[index]} in params${pathOf(layout, index)}${where}`;
}
