/** Least squares: parameters for which a sum of squared residuals is smallest, and how well they are known. */

import { OptionError } from "../../errors.js";
import type { Tensor } from "../../graph/tensor.js";
import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { rankOf } from "../../numeric/triangular-factor.js";
import { type GaussNewtonState, gaussNewtonStep } from "../../optim/least-squares/gauss-newton.js";
import {
  isFiniteFactor,
  type LeastSquaresEnd,
  type LeastSquaresTolerances,
  type LevenbergMarquardtState,
  levenbergMarquardtStep,
  reducibleNorm,
  startLevenbergMarquardt,
} from "../../optim/least-squares/levenberg-marquardt.js";
import { slopeOf, startWithinBounds, trustRegionReflectiveStep } from "../../optim/least-squares/trust-region-reflective.js";
import { flatten, type Layout, type Params, unflatten } from "../../tree/tree.js";
import { describeProjection, readBox } from "../bounds.js";
import { defaultClock } from "../clock.js";
import { HistoryRecorder } from "../history.js";
import { short, type Test } from "../judging/certificate/test.js";
import type { RowOf, Widen } from "../minimize.js";
import type { ObjectiveFunction } from "../objective/objective.js";
import { readTable, type TableData } from "../objective/rows.js";
import type { Criterion, Solution } from "../solution.js";
import type { TerminationReason } from "../stopping.js";
import type { Verdict } from "../verdict.js";
import { restrictedModel, robustModel } from "./adapted-models.js";
import {
  certifyFit,
  type FitCertificate,
  type FitEvidence,
  productOf,
  recertifyFit,
  residualRounding,
} from "./least-squares-certificate.js";
import { checkLeastSquaresOptions, type LeastSquaresOptions } from "./least-squares-options.js";
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
  const outcome = (plain: CountedModel): LeastSquaresResult<Widen<P>> =>
    new Fit(loss === "linear" ? plain : robustModel(plain, loss, lossScale), values, layout, options, {
      differenced,
      clock,
      startTime,
      box,
      warning,
    }).result({
      gradientSource: differenced ? "finite-difference" : "compiled",
      gradientReason: prepared.kind === "host" ? prepared.reason : differenced ? 'asked for by gradient: "central-difference".' : undefined,
    }) as LeastSquaresResult<Widen<P>>;
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
  readonly box: Box | undefined;
  /** Of a start that was not allowed. */
  readonly warning: string | undefined;
}

/** One way through the parameters: all of them, or those that bounds do not hold. */
interface Pass {
  readonly model: CountedModel;
  readonly start: Float64Array;
  /** Largest column norms of J on the way. */
  readonly scale: Float64Array;
  /** All parameters, from those of the pass; and a gradient, 0 in those that are held. */
  readonly params: (params: Float64Array) => Float64Array;
  readonly spread: (gradient: Float64Array) => Float64Array;
  readonly advance: (state: State) => { readonly state: State; readonly end: LeastSquaresEnd | undefined };
}

/** A run, and the pass that its state belongs to; `free` are the places of its parameters where bounds hold others. */
interface Ended {
  readonly run: Run;
  readonly pass: Pass;
  readonly free?: readonly number[];
}

/** How often the set of parameters held at bounds is changed. */
const MAX_ROUNDS = 8;

/** One call of {@link leastSquares}: the loop around the method, its budgets, the tests, the outcome. */
class Fit {
  private readonly model: CountedModel;
  private readonly start: Float64Array;
  private readonly layout: Layout;
  private readonly options: LeastSquaresOptions;
  private readonly context: Context;
  private readonly tolerances: LeastSquaresTolerances;
  private readonly recorder: HistoryRecorder | undefined;
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
  }

  result(source: Pick<Solution<unknown>, "gradientSource" | "gradientReason">): LeastSquaresResult<unknown> {
    const { model, layout, options, context } = this;
    const { run, pass, free } = context.box === undefined ? this.unbounded() : this.withinBounds(context.box);
    const { state, reasons, certificate } = run;
    const broken = reasons[0] === "non-finite-value" || reasons[0] === "non-finite-gradient";
    const verdict = verdictOf(reasons, certificate, broken && state.steps === 0);
    const params = unflatten(layout, pass.params(state.params));
    const residuals = residualStatistics(state.factor, model.size, layout, free);
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
      method: options.method ?? (context.box === undefined ? "levenberg-marquardt" : "trust-region-reflective"),
      steps: this.steps,
      evaluations: { ...model.evaluations, hessianVector: 0 },
      milliseconds: context.clock() - context.startTime,
      history: this.recorder?.get(),
      warnings: this.warnings(source.gradientReason, residuals, broken),
      residuals,
    };
  }

  private unbounded(): Ended {
    const { model, layout, options } = this;
    const method = options.method ?? "levenberg-marquardt";
    const same = (x: Float64Array): Float64Array => x;
    const pass: Pass = {
      model,
      start: this.start,
      scale: new Float64Array(layout.size),
      params: same,
      spread: same,
      advance: (state) =>
        method === "gauss-newton"
          ? gaussNewtonStep(state, model, this.tolerances)
          : levenbergMarquardtStep(state as LevenbergMarquardtState, model, this.tolerances),
    };
    let radius = options.initialRadius ?? 1;
    const factor = model.linearize(this.start);
    let run = this.run(startLevenbergMarquardt(this.start, factor, radius), pass);
    // Too long a first step can carry the parameters to where the residuals no longer depend on them
    const determined = rankOf(factor) === layout.size;
    for (
      let retreat = 0;
      retreat < MAX_RETREATS && determined && method === "levenberg-marquardt" && run.certificate?.finding === "plateau";
      retreat++
    ) {
      radius *= RETREAT;
      const again = this.run(startLevenbergMarquardt(this.start, factor, radius), pass);
      if (!(again.state.factor.residualNorm < run.state.factor.residualNorm)) continue;
      run = again;
      this.retreat = radius;
    }
    return { run, pass };
  }

  /**
   * Steps inside the bounds until it is clear which of them hold; these parameters are then put there exactly, and the others fitted without
   * bounds. Where one of them runs into a bound, or one that is held should not be, it begins anew from there.
   */
  private withinBounds(box: Box): Ended {
    const { options } = this;
    const movable = Array.from(this.start.keys()).filter((j) => box.lower[j]! < box.upper[j]!);
    if (movable.length === 0) {
      throw new OptionError("OPTIONS_CONFLICT", "bounds: hold every parameter fixed, so that there is nothing to fit.", {
        options: ["bounds", "start"],
      });
    }
    const inner = { lower: Float64Array.from(movable, (j) => box.lower[j]!), upper: Float64Array.from(movable, (j) => box.upper[j]!) };
    let params = this.start;
    let ended: Ended | undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const moving = this.passOf(movable, params, box, (state, model) =>
        trustRegionReflectiveStep(state as LevenbergMarquardtState, model, this.tolerances, inner),
      );
      const begin = startWithinBounds(inner, moving.start);
      const first = startLevenbergMarquardt(begin, moving.model.linearize(begin), options.initialRadius ?? 1);
      const { state, reasons } = this.loop(first, moving);
      ended = { run: { state, reasons, certificate: undefined }, pass: moving, free: movable };
      if (!reasons.some((reason) => reason.endsWith("tolerance"))) return ended;

      // Held is what is nearer to a bound than its slope against the bound is to 0, both without unit
      const slope = slopeOf(state.factor);
      const { columnNorms, residualNorm } = state.factor;
      const length = twoNorm(state.params.map((x, k) => x * columnNorms[k]!)) || residualNorm;
      const held = new Map<number, number>();
      movable.forEach((j, k) => {
        const bound = slope[k]! > 0 ? inner.lower[k]! : inner.upper[k]!;
        const share = (Math.abs(state.params[k]! - bound) * columnNorms[k]!) / length;
        if (share <= Math.abs(slope[k]!) / columnNorms[k]! / residualNorm) held.set(j, bound);
      });
      params = moving.params(state.params).map((x, j) => held.get(j) ?? x);
      const free = movable.filter((j) => !held.has(j));
      const fixed = this.passOf(free, params, box, (before, model) =>
        levenbergMarquardtStep(before as LevenbergMarquardtState, model, this.tolerances),
      );
      const z = fixed.start;
      const begun = { ...startLevenbergMarquardt(z, fixed.model.linearize(z)), steps: 1 };
      const run = free.length > 0 ? this.run(begun, fixed) : corner(begun);
      params = fixed.params(run.state.params);
      const inwards = this.inwardSlope(held, params);
      const test = slopeTest(inwards, this.tolerances.gradient);
      const certificate =
        run.certificate && held.size > 0 ? { ...run.certificate, tests: [...run.certificate.tests, test] } : run.certificate;
      ended = { run: { ...run, certificate }, pass: fixed, free };
      if ((test.passed && certificate?.finding !== "not-stationary") || this.spent().length > 0) return ended;
    }
    const { run, pass, free } = ended!;
    return {
      run: { ...run, certificate: run.certificate && { ...run.certificate, finding: "not-stationary" } },
      pass,
      ...(free && { free }),
    };
  }

  /** How steeply the sum of squares falls from bounds inwards, at most, in units of residuals and columns of J; 0 where it rises from each. */
  private inwardSlope(held: ReadonlyMap<number, number>, params: Float64Array): number {
    if (held.size === 0) return 0;
    const factor = this.model.linearize(params);
    const slope = slopeOf(factor);
    return [...held].reduce((most, [j, bound]) => {
      const inwards = bound === this.context.box!.lower[j] ? -slope[j]! : slope[j]!;
      return Math.max(most, inwards / (factor.residualNorm * factor.columnNorms[j]! || 1));
    }, 0);
  }

  private passOf(
    free: readonly number[],
    at: Float64Array,
    box: Box,
    advance: (state: State, model: CountedModel) => ReturnType<Pass["advance"]>,
  ): Pass {
    const model = restrictedModel(this.model, free, at, box);
    const filled = (base: Float64Array, values: Float64Array): Float64Array => {
      const all = base.slice();
      free.forEach((j, k) => {
        all[j] = values[k]!;
      });
      return all;
    };
    return {
      model,
      start: Float64Array.from(free, (j) => at[j]!),
      scale: new Float64Array(free.length),
      params: (z) => filled(at, z),
      spread: (g) => filled(new Float64Array(at.length), g),
      advance: (state) => advance(state, model),
    };
  }

  /** Steps until a criterion or a budget, then the tests, then Newton's steps while they help. */
  private run(begin: LevenbergMarquardtState, pass: Pass): Run {
    const { state, reasons, begun } = this.loop(begin, pass);
    const within = reasons.some((reason) => reason.endsWith("tolerance"));
    if (this.options.certify === false || !begun) return { state, reasons, certificate: undefined };
    const certificate = certifyFit(this.evidence(state, pass));
    if (!within || certificate.newton === undefined) return { state, reasons, certificate };
    return this.polish(state, reasons, certificate, pass);
  }

  private loop(
    begin: LevenbergMarquardtState,
    pass: Pass,
  ): { readonly state: State; readonly reasons: readonly TerminationReason[]; readonly begun: boolean } {
    let state: State = begin;
    this.record(state, pass);
    if (!Number.isFinite(state.factor.residualNorm)) return { state, reasons: ["non-finite-value"], begun: false };
    if (!isFiniteFactor(state.factor)) return { state, reasons: ["non-finite-gradient"], begun: false };
    let reasons: TerminationReason[] = [];
    while (reasons.length === 0) {
      reasons = this.spent();
      if (reasons.length > 0) break;
      const advance = pass.advance(state);
      const moved = advance.state.steps > state.steps;
      state = advance.state;
      if (moved && this.moved(state, pass) === "stop") reasons.push("stopped-by-caller");
      if (advance.end !== undefined) reasons.unshift(advance.end);
    }
    return { state, reasons, begun: true };
  }

  /** Newton's steps with the curvature of the certificate, for as long as they help. */
  private polish(begin: State, reasons: readonly TerminationReason[], first: FitCertificate, pass: Pass): Run {
    const { model } = pass;
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
      this.moved(state, pass);
      certificate = recertifyFit(certificate, this.evidence(state, pass));
    }
    return { state, reasons, certificate };
  }

  /** Counts and tells of a step. */
  private moved(state: State, pass: Pass): unknown {
    this.steps++;
    const { factor, params, step } = state;
    factor.columnNorms.forEach((norm, j) => {
      if (norm > pass.scale[j]!) pass.scale[j] = norm;
    });
    this.record(state, pass);
    if (this.options.onStep === undefined) return undefined;
    const gradient = productOf(factor).map((g) => 2 * g);
    return this.options.onStep({
      step: this.steps,
      value: factor.residualNorm ** 2,
      gradientNorm: maxNorm(gradient),
      stepNorm: maxNorm(step),
      params: unflatten(this.layout, pass.params(params)),
      gradient: unflatten(this.layout, pass.spread(gradient)),
    });
  }

  private record({ factor, params, step }: State, pass: Pass): void {
    if (this.recorder === undefined) return;
    const gradient = productOf(factor);
    this.recorder.append([factor.residualNorm ** 2, 2 * twoNorm(gradient), twoNorm(step), ...pass.params(params)], 1, this.steps);
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

  private evidence(state: State, { model, start, scale }: Pass): FitEvidence {
    const { factor } = state;
    return {
      params: state.params,
      start,
      step: state.step,
      factor,
      scale: Float64Array.from(scale, (s, j) => Math.max(s, factor.columnNorms[j]!) || 1),
      product: (params) => model.product(params),
      norm: (params) => model.norm(params),
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
    const warnings: string[] = this.context.warning === undefined ? [] : [this.context.warning];
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

/** Every parameter held at a bound: nothing is left to fit. */
function corner(state: LevenbergMarquardtState): Run {
  return { state, reasons: ["gradient-tolerance"], certificate: { tests: [], finding: "minimizer", newton: undefined } };
}

function slopeTest(inwards: number, threshold: number): Test {
  return {
    name: "complementarity",
    passed: inwards <= threshold,
    value: inwards,
    threshold,
    evidence: `from no bound that holds a parameter the sum of squares falls by more than ${short(inwards)} of the residuals by column of J`,
  };
}
