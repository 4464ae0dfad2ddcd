import type { Transformation } from "./transformation.js";

/**
 * The denominators of a rule that divides by a memory of squares, from its state: √v̂ + ε, [n].
 *
 * With P their diagonal matrix a step is −α·P⁻¹·(mean of gradients), so P⁻¹·H takes the place of the Hessian.
 *
 * @param state - by name, as the descent gives it.
 * @returns undefined where the state holds no memory that is known, or nothing yet.
 */
export function denominatorsOf(
  { name, settings = {} }: Pick<Transformation, "name" | "settings">,
  state: Readonly<Record<string, Float64Array>>,
): Float64Array | undefined {
  const part = (suffix: RegExp): Float64Array | undefined => Object.entries(state).find(([key]) => suffix.test(key))?.[1];
  const v = part(/(^|\.)v$/) ?? part(/(^|\.)(sum|squares|nu)$/);
  if (v === undefined) return undefined;
  const weight = part(/(^|\.)weight2$/)?.[0] ?? 1;
  const epsilon = typeof settings.epsilon === "number" ? settings.epsilon : name === "adagrad" ? 1e-10 : 1e-8;
  return v.map((value) => Math.sqrt(value / (weight || 1)) + epsilon);
}
