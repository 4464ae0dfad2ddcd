/** The catalogue of elementwise derivatives, and how a factor is applied. */

import { binary } from "../../graph/build.js";
import type { ElementwiseOp, Node } from "../../graph/graph.js";
import { arithmeticRules } from "./arithmetic.js";
import { piecewiseRules } from "./piecewise.js";
import type { ElementwiseRule, Factor } from "./rule.js";
import { transcendentalRules } from "./transcendental.js";

/** One rule per elementwise primitive; the type checker refuses a primitive without one. */
export const elementwiseRules: Record<ElementwiseOp, ElementwiseRule> = {
  ...arithmeticRules,
  ...transcendentalRules,
  ...piecewiseRules,
};

/** The derivative applied to a tangent or cotangent. */
export function applyFactor(factor: Exclude<Factor, undefined>, t: Node): Node {
  return typeof factor === "function" ? factor(t) : binary("mul", t, factor);
}
