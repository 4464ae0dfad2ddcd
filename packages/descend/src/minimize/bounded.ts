/** Methods within bounds. */

import { OptionError } from "../errors.js";
import type { Box } from "../numeric/box.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import { withinBox } from "../optim/within-box.js";

/**
 * The method as it keeps to a box.
 *
 * @throws OptionError OPTIONS_CONFLICT if it cannot.
 */
export function bounded(method: Transformation | SearchMethod, box: Box): Transformation | SearchMethod {
  if (!("kind" in method)) return withinBox(method, box);
  if (method.handles.box) return method;
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `bounds: ${method.name} cannot keep to them. Name a rule as the method, such as "gradientDescent" or "adam".`,
    { options: ["bounds", "method"] },
  );
}
