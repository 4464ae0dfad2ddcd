/** The gradient of a formula, as formulas. */

import { input } from "../graph/build.js";
import { formatExpression } from "../graph/format-expression.js";
import { parseFormula } from "../graph/formula.js";
import { simplify } from "../graph/simplify.js";
import { gradient } from "./vjp.js";

/**
 * ∂f/∂v as text for each variable v.
 *
 * @param formula - as for `minimize`, such as "x^2 + 2y^2 + 2x y".
 * @param variables - names to differentiate by.
 * @param constants - values of other names in the formula.
 * @returns one expression per variable, in their order.
 * @throws TraceError FORMULA_SYNTAX, NAME_UNKNOWN, ARGUMENT_COUNT
 *
 * @example
 * differentiateFormula("x^2 + 2y^2 + 2x y", ["x", "y"]); // { x: "2·x + 2·y", y: "2·x + 4·y" }
 */
export function differentiateFormula(
  formula: string,
  variables: readonly string[],
  constants: Readonly<Record<string, number>> = {},
): Record<string, string> {
  const inputs = variables.map((name) => input(name, []));
  const value = parseFormula(formula, { params: variables, constants }).build(new Map(variables.map((name, i) => [name, inputs[i]!])));
  const partials = simplify(gradient(value, inputs));
  return Object.fromEntries(variables.map((name, i) => [name, formatExpression(partials[i]!)]));
}
