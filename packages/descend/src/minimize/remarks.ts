/** What the user should know of how an objective is descended, beside the verdict. */

import { OptionError } from "../errors.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import type { GradientChoice } from "./objective/gradient-choice.js";
import type { Table } from "./objective/rows.js";
import type { DescentOptions } from "./options.js";

export interface Remarks {
  beforehand(choice: GradientChoice, method: Transformation | SearchMethod, options: DescentOptions): readonly string[];
  /** Where an objective over rows has no value. */
  ofColumns(table: Table | undefined): string;
  /** Where rows are to be read anew that are no rows of a rule. */
  noRowsToRead(): OptionError;
}

export const remarks: Remarks = {
  beforehand: ({ source, reason }, method, { learningRate }) => [
    ...(source === "finite-difference" && reason !== undefined ? [`The gradient comes from finite differences: ${reason}`] : []),
    ...(learningRate !== undefined && "kind" in method
      ? [`learningRate is not used: ${method.name} finds the length of its steps itself.`]
      : []),
  ],

  noRowsToRead: () => new OptionError("OPTIONS_CONFLICT", "rereadRows: expected a rule over a table.", { options: ["data"] }),

  ofColumns: (table) => (table === undefined ? "" : ` It was given the columns ${table.columns.map(({ name }) => name).join(", ")}.`),
};
