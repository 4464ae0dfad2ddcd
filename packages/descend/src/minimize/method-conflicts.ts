/** Options that a method cannot do with; where formulas alone are minimized they are refused before. */

import { OptionError } from "../errors.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";

/** Makes the errors, all with the code OPTIONS_CONFLICT. */
export interface MethodConflicts {
  /** Batches of an objective that is called. */
  calledByBatches(reason: string | undefined): OptionError;
  /** Batches with a method that searches. */
  searchedByBatches(method: SearchMethod): OptionError;
  /** An option that belongs to a method by its name, where there is none or the method itself was given. */
  ownsOption(option: "methodOptions" | "learningRate", method: Transformation | SearchMethod | undefined): OptionError;
}

const conflict = (message: string, options: readonly string[]): OptionError => new OptionError("OPTIONS_CONFLICT", message, { options });

export const methodConflicts: MethodConflicts = {
  calledByBatches: (reason = "it was given by the option gradient.") =>
    conflict(`batch: needs an objective that can be compiled. Its gradient is not: ${reason}`, ["batch", "gradient"]),

  searchedByBatches: ({ name }) =>
    conflict(
      `batch: ${name} compares values of different points, which needs all rows. Leave it away, or name another method, such as "adam".`,
      ["batch", "method"],
    ),

  ownsOption(option, method) {
    const reason = method === undefined ? "belong to a method, which must be named" : `${method.name} has its own already`;
    return conflict(`${option}: ${reason}. Give it where the method is made, or give the method by its name.`, [option, "method"]);
  },
};
