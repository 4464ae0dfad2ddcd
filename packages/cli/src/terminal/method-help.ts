/** The methods a user may name, from the library's own catalogues. */

import { methodCatalogue, searchMethodCatalogue } from "descend";
import { formatTable } from "./format.js";
import { helpText, methodSummary } from "./words/help-words.js";

/** Lines for the end of a command's help: each method with what it is. */
export function methodHelp(): string {
  const section = (title: string, methods: readonly { readonly name: string; readonly summary: string }[]): string => {
    const rows = methods.map((method) => [`  ${typed(method.name)}`, methodSummary(method)]);
    return `\n${helpText(title)}\n${formatTable(rows, ["left", "left"]).join("\n")}`;
  };
  return [section("Methods that search:", searchMethodCatalogue), section("Update rules:", methodCatalogue)].join("\n");
}

/** A name as one types it: "gradient-descent". */
function typed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
