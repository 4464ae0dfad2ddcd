/** Minimizing formulas alone: without tables, functions, update rules and loops over arrays, at a third of the size in a bundle. */

import { OptionError } from "../errors.js";
import { compileScalars } from "../wasm/compile-scalars.js";
import { Descent } from "./descent.js";
import { readFormula } from "./objective/formula-objective.js";
import { checkFormulaKinds } from "./option-kinds.js";
import type { DescentOptions } from "./options.js";
import type { Solution } from "./solution.js";
import type { DescentTools } from "./tools.js";

const tools: DescentTools = {
  checkKinds: checkFormulaKinds,
  readObjective: readFormula,
  compile: compileScalars,
  general: undefined,
  Examiner: undefined,
};

/** What has no meaning for one formula that is searched along its exact gradient, or belongs to parts that are not there. */
const ELSEWHERE = [
  "data",
  "batch",
  "shuffle",
  "gradient",
  "methodOptions",
  "learningRate",
  "bounds",
  "variables",
  "constraints",
  "checkpoint",
] as const;

/** Those of `minimize` but for tables, gradients from elsewhere, bounds, and update rules. */
export interface FormulaOptions extends Omit<DescentOptions, (typeof ELSEWHERE)[number] | "method"> {
  /** Default "lbfgs". */
  readonly method?: "lbfgs" | Extract<DescentOptions["method"], { readonly kind: string }> | undefined;
}

/**
 * As `minimize`, for an objective given as text and a method with a search, L-BFGS by default. For a table, an update rule (`adam()`), or a
 * method by another name use `minimize`, which takes formulas as well: what they need is several times the size of all else. The verdict
 * rests on gradient, curvature, remaining step and neighborhood; `minimize` also examines kinks, rays and orbits.
 *
 * @param start - every variable by name.
 * @throws TraceError FORMULA_SYNTAX, NAME_UNKNOWN, ARGUMENT_COUNT; OptionError OPTION_UNKNOWN for what only `minimize` can, and as
 * `minimize`; DataError as `minimize`
 *
 * @example
 * minimizeFormula("(1 - x)^2 + 100 (y - x^2)^2", { x: -1.2, y: 1 }).x; // { x: 1, y: 1 }
 */
export function minimizeFormula<P extends Readonly<Record<string, number>>>(
  formula: string,
  start: P,
  options: FormulaOptions = {},
): Solution<Record<keyof P, number>> {
  refuseElsewhere(options);
  return new Descent<Record<keyof P, number>>(formula, start, options, 1, tools).run().solution();
}

function refuseElsewhere(options: DescentOptions): void {
  for (const option of ELSEWHERE) if (options?.[option] !== undefined) throw onlyInMinimize(option);
  const method = options?.method;
  const searches = method === undefined || method === "lbfgs" || (typeof method === "object" && method !== null && "kind" in method);
  if (!searches) throw onlyInMinimize("method");
}

function onlyInMinimize(option: string): OptionError {
  return new OptionError(
    "OPTION_UNKNOWN",
    `minimizeFormula: ${option === "method" ? "this method is" : `"${option}" is`} of minimize alone, which takes formulas as well.`,
    {
      option,
      known: ["lbfgs"],
    },
  );
}
