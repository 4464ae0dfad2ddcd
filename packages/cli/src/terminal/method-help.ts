/** The methods a user may name, from the library's own catalogue. */

import { methodCatalogue } from "descend";
import { formatTable } from "./format.js";

/** Lines for the end of a command's help: each method with what it is. */
export function methodHelp(): string {
  const rows = methodCatalogue.map(({ name, summary }) => [`  ${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, summary]);
  return `\nMethods:\n${formatTable([["  lbfgs", "Quasi-Newton with a line search: the default."], ...rows], ["left", "left"]).join("\n")}`;
}
