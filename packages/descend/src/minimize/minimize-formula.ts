/** Minimizing formulas alone: without the reader of functions and the catalogue of methods, at half the size in a bundle. */

import { Descent } from "./descent.js";
import type { DescentOptions } from "./options.js";
import type { Tools } from "./set-up.js";
import type { Solution } from "./solution.js";

const tools: Tools = { readFunction: undefined, resolveMethod: undefined, chooseGradient: undefined };

/**
 * As `minimize`, for an objective given as text. Methods are given as rules (`adam()`), not by name; the default is L-BFGS.
 * The gradient is derived from the formula, never given or estimated.
 *
 * @param start - every variable by name.
 * @throws TraceError FORMULA_SYNTAX, NAME_UNKNOWN, ARGUMENT_COUNT; OptionError; DataError as `minimize`
 *
 * @example
 * minimizeFormula("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 }).x; // { x: 1, y: 1 }
 */
export function minimizeFormula<P extends Readonly<Record<string, number>>>(
  formula: string,
  start: P,
  options: Omit<DescentOptions, "gradient"> = {},
): Solution<Record<keyof P, number>> {
  return new Descent<Record<keyof P, number>>(formula, start, options, 1, tools).run().solution();
}
