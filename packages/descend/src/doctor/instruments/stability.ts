import { type Stability, stabilityOf } from "../../optim/linear-recurrence.js";
import type { CaseMethod } from "../method.js";

/** What theory says of a method, at a rate that need not be its own; undefined for kinds that there is no theory of. */
export function stabilityOfMethod({ name, options }: CaseMethod, learningRate: number): Stability | undefined {
  return stabilityOf({ name, settings: { ...options, learningRate } });
}
