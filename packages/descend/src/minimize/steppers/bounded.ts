/** Methods within bounds. */

import { OptionError } from "../../errors.js";
import type { Box } from "../../numeric/box.js";
import { projectedNewton } from "../../optim/constrained/projected-newton.js";
import { lbfgsb } from "../../optim/quasi-newton/lbfgsb.js";
import { searchMethodCatalogue } from "../../optim/search-catalogue.js";
import type { SearchMethod } from "../../optim/search-method.js";
import type { Transformation } from "../../optim/transformation.js";
import { withinBox } from "../../optim/within-box.js";
import type { DescentOptions } from "../options.js";
import { usualMethod } from "../usual-method.js";

/** Parameters up to which the method for bounds needs no choice: its steps take n products with the Hessian and n³/3 flops. */
const FEW = 200;

/**
 * The method as it keeps to a box; one that can, where none was asked for and nothing else decides.
 *
 * @throws OptionError OPTIONS_CONFLICT if it cannot.
 */
export function bounded(method: Transformation | SearchMethod, box: Box, options: DescentOptions): Transformation | SearchMethod {
  if (options.method === undefined && usualMethod(options) === undefined) return box.lower.length <= FEW ? projectedNewton() : lbfgsb();
  if (!("kind" in method)) return withinBox(method, box);
  if (method.handles.box) return method;
  const able = searchMethodCatalogue.filter(({ handles }) => handles.box).map(({ name }) => name);
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `bounds: ${method.name} cannot keep to them. Name as the method a rule, such as "adam", or a search that can: ${able.join(", ")}.`,
    {
      options: ["bounds", "method"],
    },
  );
}
