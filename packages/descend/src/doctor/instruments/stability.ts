/** What of the stability of a method can be seen in a case: its recurrence and its limit, and the denominators of an adaptive one. */

import { type Stability, stabilityOf } from "../../optim/linear-recurrence.js";
import type { CaseMethod } from "../method.js";

/** What theory says of a method, at a rate that need not be its own; undefined for kinds that there is no theory of. */
export function stabilityOfMethod({ name, options }: CaseMethod, learningRate: number): Stability | undefined {
  return stabilityOf({ name, settings: { ...options, learningRate } });
}

/**
 * The denominators of an adaptive method, from its state: √v̂ + ε.
 *
 * @returns undefined where the state holds none that is known.
 */
export function preconditionerOf({ options, name }: CaseMethod, state: Readonly<Record<string, Float64Array>>): Float64Array | undefined {
  const part = (suffix: RegExp): Float64Array | undefined => Object.entries(state).find(([key]) => suffix.test(key))?.[1];
  const v = part(/(^|\.)v$/) ?? part(/(^|\.)(sum|squares|nu)$/);
  if (v === undefined) return undefined;
  const weight = part(/(^|\.)weight2$/)?.[0] ?? 1;
  const epsilon = typeof options.epsilon === "number" ? options.epsilon : name === "adagrad" ? 1e-10 : 1e-8;
  return v.map((value) => Math.sqrt(value / (weight || 1)) + epsilon);
}
