/** Methods for the rooms that choose one: models know curvatures and kinks, not update rules. */

import { findMethod } from "../optim/resolve-method.js";

export { proximalGradient } from "../optim/methods/proximal-gradient.js";
export { lbfgs } from "../optim/quasi-newton/lbfgs.js";
export { parseSchedule } from "../optim/schedules/catalogue.js";

/** The name in code of a method as a user types it ("SGD", "heavy-ball"), or undefined. */
export function methodNamed(typed: string): string | undefined {
  return findMethod(typed)?.name;
}
