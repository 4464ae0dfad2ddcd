/** How far a learning rate is from the limit of stability on a quadratic. */

import type { CaseMethod } from "../method.js";

/**
 * The largest stable learning rate × curvature.
 *
 * Gradient descent 2; heavy ball 2(1+β); Nesterov 2(1+β)/(1+2β); Adam's kind (2+2β₁)/(1−β₁), of the curvature divided by its denominators.
 * Sources: Cohen et al. 2021, 2022.
 */
export function stabilityLimit({ family, momentum, options }: CaseMethod): number | undefined {
  if (family === "gradient") return 2;
  if (family === "heavy-ball") return options.form === "ema" ? (2 * (1 + momentum)) / (1 - momentum) : 2 * (1 + momentum);
  if (family === "nesterov") return (2 * (1 + momentum)) / (1 + 2 * momentum);
  if (family === "adaptive") return (2 + 2 * momentum) / (1 - momentum);
  return undefined;
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
