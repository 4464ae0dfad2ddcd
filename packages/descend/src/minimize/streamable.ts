/** What a descent over a table that is streamed cannot do. */

import { OptionError } from "../errors.js";
import type { ReadObjective } from "./objective-graph.js";
import type { DescentOptions } from "./options.js";

/** @throws OptionError OPTIONS_CONFLICT for what needs rows in memory, or in another order */
export function requireStreamable(read: ReadObjective, { batch, precision, gradient }: DescentOptions): void {
  const refuse = (option: string, expected: string): never => {
    throw new OptionError("OPTIONS_CONFLICT", `${option}: expected ${expected} for a table that is streamed.`, {
      options: [option, "data"],
    });
  };
  if (read.kind === "host" || read.original !== undefined) refuse("objective", "a function of tensors or a formula");
  if (batch !== undefined && batch !== "full") refuse("batch", '"full"');
  if (precision === "float32") refuse("precision", '"float64"');
  if (gradient !== undefined && gradient !== "exact") refuse("gradient", '"exact"');
}
