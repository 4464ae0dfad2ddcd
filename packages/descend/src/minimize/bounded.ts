/** Methods within bounds. */

import { OptionError } from "../errors.js";
import type { Box } from "../numeric/box.js";
import type { LbfgsMethod } from "../optim/quasi-newton/lbfgs.js";
import type { Transformation } from "../optim/transformation.js";
import { withinBox } from "../optim/within-box.js";

/**
 * The method as it keeps to a box.
 *
 * @throws OptionError OPTIONS_CONFLICT if it cannot.
 */
export function bounded(method: Transformation | LbfgsMethod, box: Box): Transformation {
  if (!("kind" in method)) return withinBox(method, box);
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `bounds: ${method.name} cannot keep to them. Name a rule as the method, such as "gradientDescent" or "adam".`,
    { options: ["bounds", "method"] },
  );
}
