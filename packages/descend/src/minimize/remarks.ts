/** What the user should know of how an objective is descended, beside the verdict. */

import { OptionError } from "../errors.js";
import type { SearchMethod } from "../optim/search-method.js";
import type { Transformation } from "../optim/transformation.js";
import { type Layout, pathOf } from "../tree/tree.js";
import { short } from "./judging/certificate/test.js";
import type { GradientChoice } from "./objective/gradient-choice.js";
import type { ObjectiveFunction } from "./objective/objective.js";
import type { Table } from "./objective/rows.js";
import type { DescentOptions } from "./options.js";
import type { Stepper } from "./steppers/stepper.js";

export interface Remarks {
  beforehand(
    choice: GradientChoice,
    method: Transformation | SearchMethod,
    options: DescentOptions,
    objective: string | ObjectiveFunction,
  ): readonly string[];
  /** What an objective that has no value was given: its names may be others. */
  ofInputs(layout: Layout, table: Table | undefined): string;
  /** Where the descent ends higher than it has been: at the minimum of another basin. */
  lowerSeen(stepper: Stepper, startValue: number, sign: number): readonly string[];
  /** Where rows are to be read anew that are no rows of a rule. */
  noRowsToRead(): OptionError;
}

/** Of the whole fall, how much lower counts: less is rounding, or the last steps around the minimum. */
const LOWER_SHARE = 1e-6;
/** Most parameters that a remark lists. */
const FEW = 8;

export const remarks: Remarks = {
  beforehand: ({ source, reason }, method, { learningRate, constants = {} }, objective) => [
    ...(source === "finite-difference" && reason !== undefined ? [`The gradient comes from finite differences: ${reason}`] : []),
    ...(learningRate !== undefined && "kind" in method
      ? [`learningRate is not used: ${method.name} finds the length of its steps itself.`]
      : []),
    ...unusedConstants(constants, objective),
  ],

  lowerSeen({ value, best }, startValue, sign) {
    if (!(value - best.value > LOWER_SHARE * Math.abs(startValue - best.value))) return [];
    const [ended, seen] = [value, best.value].map((v) => short(sign * v));
    const place = best.params.length > FEW ? "" : ` at [${Array.from(best.params, short).join(", ")}]`;
    return [
      `The descent has seen ${seen}${place}, better than ${ended} where it ended: it crossed into another basin. Started there, it may find a better end.`,
    ];
  },

  noRowsToRead: () => new OptionError("OPTIONS_CONFLICT", "rereadRows: expected a rule over a table.", { options: ["data"] }),

  ofInputs(layout, table) {
    const params = Array.from({ length: Math.min(layout.size, FEW) }, (_, i) => `params${pathOf(layout, i)}`);
    if (layout.size > FEW) params.push("…");
    const columns = table === undefined ? "" : ` and the columns ${table.columns.map(({ name }) => name).join(", ")}`;
    return ` It was given ${params.join(", ")}${columns}.`;
  },
};

/** Constants that neither the objective nor another constant names. */
function unusedConstants(constants: Readonly<Record<string, unknown>>, objective: string | ObjectiveFunction): string[] {
  const source = [objective, ...Object.values(constants).filter((value) => typeof value === "function")].join("\n");
  return Object.keys(constants)
    .filter((name) => !source.includes(name))
    .map((name) => `constants.${name} is not used: the objective has no such name. Where code is minified, its names are others.`);
}
