/** Methods for the rooms that choose one: models know curvatures and kinks, not update rules. */

import { methodCatalogue } from "../optim/methods/catalogue.js";

export { proximalGradient } from "../optim/methods/proximal-gradient.js";
export { lbfgs } from "../optim/quasi-newton/lbfgs.js";

/** The name in code of a first-order method as a user types it ("SGD", "heavy-ball"), or undefined. */
export function methodNamed(typed: string): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, "");
  return methodCatalogue.find(({ name, aliases }) => [name, ...aliases].some((known) => plain(known) === plain(typed)))?.name;
}
