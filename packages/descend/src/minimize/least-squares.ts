/** Least squares: parameters for which a sum of squared residuals is smallest, and how well they are known. */

import type { Tensor } from "../graph/tensor.js";
import { maxNorm, twoNorm } from "../numeric/blas1.js";
import { rankOf } from "../numeric/triangular-factor.js";
import { type GaussNewtonState, gaussNewtonStep } from "../optim/least-squares/gauss-newton.js";
import {
  isFiniteFactor,
  type LeastSquaresEnd,
  type LeastSquaresTolerances,
  type LevenbergMarquardtState,
  levenbergMarquardtStep,
  reducibleNorm,
  startLevenbergMarquardt,
} from "../optim/least-squares/levenberg-marquardt.js";
import { flatten, type Layout, type Params, unflatten } from "../tree/tree.js";
import { defaultClock } from "./clock.js";
import { HistoryRecorder } from "./history.js";
import {
  certifyFit,
  type FitCertificate,
  type FitEvidence,
  productOf,
  recertifyFit,
  residualRounding,
} from "./least-squares-certificate.js";
import { checkLeastSquaresOptions, type LeastSquaresOptions } from "./least-squares-options.js";
import type { RowOf, Widen } from "./minimize.js";
import type { ObjectiveFunction } from "./objective.js";
import { prepareResidual, releaseProgram } from "./residual-cache.js";
import { type CountedModel, calledModel, chooseSolver, compiledModel } from "./residual-models.js";
import { type ResidualStatistics, residualStatistics } from "./residual-statistics.js";
import { readTable, type TableData } from "./rows.js";
import type { Criterion, Solution } from "./solution.js";
import type { TerminationReason } from "./stopping.js";
import type { Verdict } from "./verdict.js";

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

/** How often a run that escaped to where the residuals no longer change is begun anew with a smaller first trust region. */
const MAX_RETREATS = 2;
const RETREAT = 0.01;
/** Newton's steps after the method has ended. */
const MAX_POLISH = 3;

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
  const { layout, values } = flatten(start as Params);
  const table = options.data === undefined ? undefined : readTable(options.data);
  const source = residual as string | ObjectiveFunction;
  const prepared = prepareResidual(source, layout, { table, constants: options.constants ?? {}, start: values, seed: options.seed ?? 0 });
  const differenced = prepared.kind === "host" || options.gradient === "central-difference";
  const outcome = (model: CountedModel): LeastSquaresResult<Widen<P>> =>
    new Fit(model, values, layout, options, { differenced, clock, startTime }).result({
      gradientSource: differenced ? "finite-difference" : "compiled",
      gradientReason: prepared.kind === "host" ? prepared.reason : differenced ? 'asked for by gradient: "central-difference".' : undefined,
    }) as LeastSquaresResult<Widen<P>>;
  if (prepared.kind === "host") return outcome(calledModel(prepared.call, values));
  const { program } = prepared;
  try {
    const rows = table?.rows ?? 1;
    const model = compiledModel(program, rows, options.linearSolver ?? chooseSolver(rows * program.perRow, layout.size));
    return outcome(differenced ? calledModel(model.residuals, values) : model);
  } finally {
    releaseProgram(source, program);
  }
}

type State = LevenbergMarquardtState | GaussNewtonState;

interface Run {
  readonly state: State;
  readonly reasons: readonly TerminationReason[];
  readonly certificate: FitCertificate | undefined;
}

interface Context {
  readonly differenced: boolean;
  readonly clock: () => number;
  readonly startTime: number;
}

/** One call of {@link leastSquares}: the loop around the method, its budgets, the tests, the outcome. */
class Fit {
  private readonly model: CountedModel;
  private readonly start: Float64Array;
  private readonly layout: Layout;
  private readonly options: LeastSquaresOptions;
  private readonly context: Context;
  private readonly tolerances: LeastSquaresTolerances;
  private readonly recorder: HistoryRecorder | undefined;
  private readonly scale: Float64Array;
  private steps = 0;
  /** First trust region of the run that is reported, if it is not the first run. */
  private retreat: number | undefined;

  constructor(model: CountedModel, start: Float64Array, layout: Layout, options: LeastSquaresOptions, context: Context) {
    this.model = model;
    this.start = start;
    this.layout = layout;
    this.options = options;
    this.context = context;
    const { gradientTolerance, stepTolerance, valueTolerance } = options.stopping ?? {};
    this.tolerances = {
      gradient: gradientTolerance ?? (context.differenced ? 1e-7 : 1e-9),
      step: stepTolerance ?? 1e-12,
      value: valueTolerance ?? 2 ** -52,
    };
    this.recorder = options.history ? new HistoryRecorder(layout.size, options.history) : undefined;
    this.scale = new Float64Array(layout.size);
  }

  result(source: Pick<Solution<unknown>, "gradientSource" | "gradientReason">): LeastSquaresResult<unknown> {
    const { model, layout, options } = this;
    const method = options.method ?? "levenberg-marquardt";
    let radius = options.initialRadius ?? 1;
    const factor = model.linearize(this.start);
    let run = this.run(startLevenbergMarquardt(this.start, factor, radius));
    // Too long a first step can carry the parameters to where the residuals no longer depend on them
    const determined = rankOf(factor) === layout.size;
    for (
      let retreat = 0;
      retreat < MAX_RETREATS && determined && method === "levenberg-marquardt" && run.certificate?.finding === "plateau";
      retreat++
    ) {
      radius *= RETREAT;
      const again = this.run(startLevenbergMarquardt(this.start, factor, radius));
      if (!(again.state.factor.residualNorm < run.state.factor.residualNorm)) continue;
      run = again;
      this.retreat = radius;
    }
    const { state, reasons, certificate } = run;
    const broken = reasons[0] === "non-finite-value" || reasons[0] === "non-finite-gradient";
    const verdict = verdictOf(reasons, certificate, broken && state.steps === 0);
    const params = unflatten(layout, state.params);
    const residuals = residualStatistics(state.factor, model.size, layout);
    const gradientNorm = 2 * maxNorm(productOf(state.factor));
    return {
      params,
      x: params,
      value: state.factor.residualNorm ** 2,
      verdict,
      converged: verdict === "converged",
      terminationReason: reasons[0]!,
      reasons,
      criteria: this.criteria(state),
      tests: certificate?.tests ?? [],
      ...source,
      gradientNorm,
      method,
      steps: this.steps,
      evaluations: { ...model.evaluations, hessianVector: 0 },
      milliseconds: this.context.clock() - this.context.startTime,
      history: this.recorder?.get(),
      warnings: this.warnings(source.gradientReason, residuals, broken),
      residuals,
    };
  }

  /** Steps until a criterion or a budget, then the tests, then Newton's steps while they help. */
  private run(begin: LevenbergMarquardtState): Run {
    const { model, options } = this;
    let state: State = begin;
    this.record(state);
    if (!Number.isFinite(state.factor.residualNorm)) return { state, reasons: ["non-finite-value"], certificate: undefined };
    if (!isFiniteFactor(state.factor)) return { state, reasons: ["non-finite-gradient"], certificate: undefined };
    let reasons: TerminationReason[] = [];
    while (reasons.length === 0) {
      reasons = this.spent();
      if (reasons.length > 0) break;
      const advance: { state: State; end: LeastSquaresEnd | undefined } =
        options.method === "gauss-newton"
          ? gaussNewtonStep(state, model, this.tolerances)
          : levenbergMarquardtStep(state as LevenbergMarquardtState, model, this.tolerances);
      const moved = advance.state.steps > state.steps;
      state = advance.state;
      if (moved && this.moved(state) === "stop") reasons.push("stopped-by-caller");
      if (advance.end !== undefined) reasons.unshift(advance.end);
    }
    const within = reasons.some((reason) => reason.endsWith("tolerance"));
    if (options.certify === false) return { state, reasons, certificate: undefined };
    const certificate = this.certify(state);
    if (!within || certificate.newton === undefined) return { state, reasons, certificate };
    return this.polish(state, reasons, certificate);
  }

  /** Newton's steps with the curvature of the certificate, for as long as they help. */
  private polish(begin: State, reasons: readonly TerminationReason[], first: FitCertificate): Run {
    const { model } = this;
    let state = begin;
    let certificate = first;
    for (let polish = 0; polish < MAX_POLISH && certificate.newton !== undefined; polish++) {
      const { step } = certificate.newton;
      const before = state.factor;
      const params = state.params.map((x, j) => x + step[j]!);
      const factor = model.linearize(params);
      const closer = reducibleNorm(factor) < 0.5 * reducibleNorm(before);
      if (!closer || !(factor.residualNorm <= before.residualNorm + residualRounding(before, state.params))) break;
      state = { ...state, params, factor, steps: state.steps + 1, step };
      this.moved(state);
      certificate = recertifyFit(certificate, this.evidence(state));
    }
    return { state, reasons, certificate };
  }

  /** Counts and tells of a step. */
  private moved(state: State): unknown {
    this.steps++;
    const { factor, params, step } = state;
    factor.columnNorms.forEach((norm, j) => {
      if (norm > this.scale[j]!) this.scale[j] = norm;
    });
    this.record(state);
    if (this.options.onStep === undefined) return undefined;
    const gradient = productOf(factor).map((g) => 2 * g);
    return this.options.onStep({
      step: this.steps,
      value: factor.residualNorm ** 2,
      gradientNorm: maxNorm(gradient),
      stepNorm: maxNorm(step),
      params: unflatten(this.layout, params),
      gradient: unflatten(this.layout, gradient),
    });
  }

  private record({ factor, params, step }: State): void {
    if (this.recorder === undefined) return;
    const gradient = productOf(factor);
    this.recorder.append([factor.residualNorm ** 2, 2 * twoNorm(gradient), twoNorm(step), ...params], 1, this.steps);
  }

  /** Budgets that are used up. */
  private spent(): TerminationReason[] {
    const { maxSteps = 10_000, maxEvaluations = Number.POSITIVE_INFINITY, timeLimit, signal } = this.options;
    const reasons: TerminationReason[] = [];
    if (signal?.aborted) reasons.push("stopped-by-caller");
    if (this.steps >= maxSteps) reasons.push("max-steps");
    if (this.model.evaluations.value >= maxEvaluations) reasons.push("max-evaluations");
    if (timeLimit !== undefined && this.context.clock() - this.context.startTime >= 1000 * timeLimit) reasons.push("time-limit");
    return reasons;
  }

  private certify(state: State): FitCertificate {
    return certifyFit(this.evidence(state));
  }

  private evidence(state: State): FitEvidence {
    const { factor } = state;
    return {
      params: state.params,
      start: this.start,
      step: state.step,
      factor,
      scale: Float64Array.from(this.scale, (s, j) => Math.max(s, factor.columnNorms[j]!) || 1),
      product: (params) => this.model.product(params),
      norm: (params) => this.model.norm(params),
      jacobianError: this.context.differenced ? 1e-8 : 2 ** -52,
    };
  }

  private criteria({ factor, params, step }: State): Criterion[] {
    const { tolerances, options } = this;
    const scaled = (x: Float64Array): number => twoNorm(x.map((value, j) => value * factor.columnNorms[j]!));
    return [
      { name: "gradient-tolerance", tolerance: tolerances.gradient * factor.residualNorm, reached: reducibleNorm(factor) },
      { name: "step-tolerance", tolerance: tolerances.step * scaled(params), reached: scaled(step) },
      { name: "max-steps", tolerance: options.maxSteps ?? 10_000, reached: this.steps },
      { name: "max-evaluations", tolerance: options.maxEvaluations ?? Number.POSITIVE_INFINITY, reached: this.model.evaluations.value },
      {
        name: "time-limit",
        tolerance: options.timeLimit ?? Number.POSITIVE_INFINITY,
        reached: (this.context.clock() - this.context.startTime) / 1000,
      },
    ];
  }

  private warnings(reason: string | undefined, residuals: ResidualStatistics<unknown>, broken: boolean): string[] {
    const warnings: string[] = [];
    if (reason !== undefined) warnings.push(`The Jacobian comes from finite differences: ${reason}`);
    if (this.retreat !== undefined) {
      warnings.push(
        `A first run escaped to where the residuals no longer change; this one began anew with a first trust region of ${this.retreat}.`,
      );
    }
    if (!broken && residuals.conditionNumber > 1e13) {
      warnings.push(
        "The Jacobian has no full rank: the residuals do not determine all parameters. Fix or remove some, or look for ones that act alike.",
      );
    } else if (!broken && residuals.degreesOfFreedom <= 0) {
      warnings.push(
        `There are ${residuals.count} residuals for ${this.layout.size} parameters: nothing is left to estimate standard deviations from.`,
      );
    }
    return warnings;
  }
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
