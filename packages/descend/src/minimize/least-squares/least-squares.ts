/** Least squares: parameters for which a sum of squared residuals is smallest, and how well they are known. */

import type { Tensor } from "../../graph/tensor.js";
import { maxNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { flatten, type Params, unflatten } from "../../tree/tree.js";
import { describeProjection, readBox } from "../bounds.js";
import { defaultClock } from "../clock.js";
import type { RowOf, Widen } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import { readTable, type TableData } from "../objective/rows.js";
import type { Solution } from "../solution.js";
import type { TerminationReason } from "../stopping.js";
import type { Verdict } from "../verdict.js";
import { robustModel } from "./adapted-models.js";
import { fitWithinBounds } from "./fit-within-bounds.js";
import { fitWithoutBounds } from "./fit-without-bounds.js";
import { type FitCertificate, productOf } from "./least-squares-certificate.js";
import { checkLeastSquaresOptions, type LeastSquaresOptions } from "./least-squares-options.js";
import { LeastSquaresRuns } from "./least-squares-runs.js";
import { prepareResidual, releaseProgram } from "./residual-cache.js";
import { type CountedModel, calledModel, chooseSolver, compiledModel } from "./residual-models.js";
import { type ResidualStatistics, residualStatistics } from "./residual-statistics.js";

/** A residual, or an array of them: of a row with `data`, of everything without; a function of tensors; or a formula. */
export type Residual<P, D extends TableData = TableData> =
  | string
  | ((params: Widen<P>, row: RowOf<D>) => number | readonly number[])
  | ((params: never, rows: never) => Tensor | readonly Tensor[])
  | ObjectiveFunction;

/** `value` is Σ rᵢ², without a factor ½, and `gradientNorm` belongs to it. */
export interface LeastSquaresResult<P> extends Solution<P> {
  readonly residuals: ResidualStatistics<P>;
}

/**
 * Minimizes the sum of squared residuals Σ rᵢ².
 *
 * The residual may be a plain function with ordinary operators (read from its source, differentiated and compiled), a formula as text, or
 * a function of tensors. With `data` it is the residual (or the array of residuals) of one row; without, it is the array of all.
 *
 * @param start - where to begin: a number, an array, a typed array, or records and lists of these. Finite.
 * @returns the solution, whose `value` is Σ rᵢ², with `residuals`: standard deviations and covariance of the parameters. The verdict is
 * "converged" only if the tests of the Jacobian passed; "plateau" where the residuals do not determine the parameters.
 * @throws OptionError for unknown options or values out of range; DataError for a start or table that is empty or not finite;
 * TraceError for a formula that cannot be parsed, or a result that is no residual.
 *
 * Accuracy: on the NIST nonlinear problems see least-squares.test.ts. Cost of a step: one evaluation of the Jacobian and 2·m·n² flops.
 *
 * @example
 * leastSquares((p, row) => p.b1 * (1 - Math.exp(-p.b2 * row.x)) - row.y, { b1: 500, b2: 1e-4 }, { data: { x, y } });
 * @example
 * leastSquares(([x, y]: number[]) => [10 * (y - x * x), 1 - x], [-1.2, 1]).x; // [1, 1]
 * @example
 * leastSquares("y - a exp(-k x)", { a: 1, k: 1 }, { data: { x, y } });
 */
export function leastSquares<P, D extends TableData>(
  residual: (params: Widen<P>, row: RowOf<D>) => number | readonly number[],
  start: P,
  options?: LeastSquaresOptions & { readonly data?: D },
): LeastSquaresResult<Widen<P>>;
/** The same for formulas, functions of tensors, and any other function. */
export function leastSquares<P, D extends TableData>(
  residual: Residual<P, D>,
  start: P,
  options?: LeastSquaresOptions & { readonly data?: D },
): LeastSquaresResult<Widen<P>>;
export function leastSquares<P, D extends TableData>(
  residual: Residual<P, D>,
  start: P,
  options: LeastSquaresOptions & { readonly data?: D } = {},
): LeastSquaresResult<Widen<P>> {
  const clock = options.clock ?? defaultClock;
  const startTime = clock();
  checkLeastSquaresOptions(options);
  const { layout, values: given } = flatten(start as Params);
  const box = options.bounds ? readBox(options.bounds, layout, "float64") : undefined;
  const values = box === undefined ? given : nearestInBox(box, given);
  const warning = box && describeProjection(given, values, layout);
  const table = options.data === undefined ? undefined : readTable(options.data);
  const source = residual as string | ObjectiveFunction;
  const prepared = prepareResidual(source, layout, {
    table,
    constants: options.constants ?? {},
    start: values,
    box,
    seed: options.seed ?? 0,
  });
  const differenced = prepared.kind === "host" || options.gradient === "central-difference";
  const { loss = "linear", lossScale = 1 } = options;
  const context = { differenced, clock, startTime };
  const outcome = (plain: CountedModel): LeastSquaresResult<Widen<P>> => {
    const model = loss === "linear" ? plain : robustModel(plain, loss, lossScale);
    const runs = new LeastSquaresRuns(model, values, layout, options, context);
    const reason = prepared.kind === "host" ? prepared.reason : differenced ? 'asked for by gradient: "central-difference".' : undefined;
    return solutionOf(runs, box, reason, warning) as LeastSquaresResult<Widen<P>>;
  };
  if (prepared.kind === "host") return outcome(calledModel(prepared.call, values, box));
  const { program } = prepared;
  try {
    const rows = table?.rows ?? 1;
    const usual = loss === "linear" ? chooseSolver(rows * program.perRow, layout.size) : "qr";
    const model = compiledModel(program, rows, options.linearSolver ?? usual);
    return outcome(differenced ? calledModel(model.residuals, values, box) : model);
  } finally {
    releaseProgram(source, program);
  }
}

/** Fits, and says what came of it. */
function solutionOf(
  runs: LeastSquaresRuns,
  box: Box | undefined,
  reason: string | undefined,
  warning: string | undefined,
): LeastSquaresResult<unknown> {
  const { model, layout, options, context } = runs;
  const { run, pass, free, retreat } = box === undefined ? fitWithoutBounds(runs) : { ...fitWithinBounds(runs, box), retreat: undefined };
  const { state, reasons, certificate } = run;
  const broken = reasons[0] === "non-finite-value" || reasons[0] === "non-finite-gradient";
  const verdict = verdictOf(reasons, certificate, broken && state.steps === 0);
  const params = unflatten(layout, pass.params(state.params));
  const residuals = residualStatistics(state.factor, model.size, layout, free);
  return {
    params,
    x: params,
    value: state.factor.residualNorm ** 2,
    verdict,
    converged: verdict === "converged",
    terminationReason: reasons[0]!,
    reasons,
    criteria: runs.criteria(state),
    tests: certificate?.tests ?? [],
    gradientSource: context.differenced ? "finite-difference" : "compiled",
    gradientReason: reason,
    gradientNorm: 2 * maxNorm(productOf(state.factor)),
    method: options.method ?? (box === undefined ? "levenberg-marquardt" : "trust-region-reflective"),
    steps: runs.steps,
    evaluations: { ...model.evaluations, hessianVector: 0 },
    milliseconds: context.clock() - context.startTime,
    history: runs.recorder?.get(),
    warnings: [
      ...(warning === undefined ? [] : [warning]),
      ...(reason === undefined ? [] : [`The Jacobian comes from finite differences: ${reason}`]),
      ...(retreat === undefined
        ? []
        : [`A first run escaped to where the residuals no longer change; this one began anew with a first trust region of ${retreat}.`]),
      ...(broken ? [] : undetermined(residuals, layout.size)),
    ],
    residuals,
  };
}

/** What the residuals leave open. */
function undetermined({ conditionNumber, degreesOfFreedom, count }: ResidualStatistics<unknown>, size: number): readonly string[] {
  if (conditionNumber > 1e13) {
    return [
      "The Jacobian has no full rank: the residuals do not determine all parameters. Fix or remove some, or look for ones that act alike.",
    ];
  }
  if (degreesOfFreedom > 0) return [];
  return [`There are ${count} residuals for ${size} parameters: nothing is left to estimate standard deviations from.`];
}

function verdictOf(reasons: readonly TerminationReason[], certificate: FitCertificate | undefined, broken: boolean): Verdict {
  const [reason] = reasons;
  if (broken) return "broken-input";
  if (reason === "stopped-by-caller") return "stopped";
  if (reason === "max-steps" || reason === "max-evaluations" || reason === "time-limit") return "budget";
  if (certificate === undefined) return reason === "gradient-tolerance" ? "converged" : "stalled";
  if (certificate.finding === "not-stationary") return "stalled";
  return certificate.finding === "minimizer" ? "converged" : certificate.finding;
}
