/** What is to be known of the columns that a model was fitted to. */

import { designMatrix, factorDesign } from "./closed-form.js";
import type { FitProblem } from "./fit-problem.js";
import type { Separation } from "./separation.js";

/** Something a reader of the result should know. */
export interface Finding {
  readonly code: string;
  readonly severity: "info" | "warning";
  readonly message: string;
  readonly columns?: readonly string[];
}

/** Columns that cannot tell rows apart. */
export function constantColumns({ z, features }: FitProblem): Finding[] {
  if (z.constant.length === 0) return [];
  const columns = z.constant.map((k) => features.names[k]!);
  return [
    {
      code: "CONSTANT_COLUMNS",
      severity: "warning",
      message: `${columns.join(", ")}: the same in every row, so the coefficient is 0.`,
      columns,
    },
  ];
}

/** Why coefficients are not determined: fewer rows than coefficients, or columns that depend on each other. */
export function dependence(problem: FitProblem): Finding {
  const design = designMatrix(problem, () => 1, 0);
  const factored = factorDesign(design);
  const dependent = "dependent" in factored ? factored.dependent : undefined;
  if (design.rows < design.cols) {
    return {
      code: "UNDERDETERMINED",
      severity: "warning",
      message: `${design.cols} coefficients from ${problem.z.rows} rows: many models fit these rows equally well; this one has the smallest standardized weights.`,
    };
  }
  const name = dependent === undefined ? "the intercept" : problem.features.names[dependent]!;
  return {
    code: "DEPENDENT_COLUMNS",
    severity: "warning",
    message: `${name} is, to rounding, a combination of the other columns: predictions are determined, single coefficients are not.`,
    columns: dependent === undefined ? [] : [name],
  };
}

/** Classes that features tell apart: the loss has no minimum. */
export function separationFound(separation: Separation, problem: FitProblem): Finding {
  return {
    code: "SEPARATION",
    severity: "warning",
    message:
      separation.kind === "complete"
        ? "The features separate the classes completely: without a penalty the loss falls for ever as the weights grow, and no best weights exist. Add a penalty (lambda > 0)."
        : `The features separate ${separation.rows} of ${problem.z.rows} rows from the other classes: without a penalty some weights grow for ever, and no best weights exist. Add a penalty (lambda > 0).`,
  };
}
