/** The loop around the methods of least squares: their steps, budgets, the tests of where they end, and Newton's steps from there. */

import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import type { GaussNewtonState } from "../../optim/least-squares/gauss-newton.js";
import {
  isFiniteFactor,
  type LeastSquaresEnd,
  type LeastSquaresTolerances,
  type LevenbergMarquardtState,
  reducibleNorm,
} from "../../optim/least-squares/levenberg-marquardt.js";
import { type Layout, unflatten } from "../../tree/tree.js";
import { HistoryRecorder } from "../history.js";
import type { Criterion } from "../solution.js";
import { saysStop } from "../step-info.js";
import type { TerminationReason } from "../stopping.js";
import {
  certifyFit,
  type FitCertificate,
  type FitEvidence,
  productOf,
  recertifyFit,
  residualRounding,
} from "./least-squares-certificate.js";
import type { LeastSquaresOptions } from "./least-squares-options.js";
import type { CountedModel } from "./residual-models.js";

/** Newton's steps after the method has ended. */
const MAX_POLISH = 3;

/** Where the method stands. */
export type State = LevenbergMarquardtState | GaussNewtonState;

/** One way down and what its end was found to be. */
export interface Run {
  readonly state: State;
  readonly reasons: readonly TerminationReason[];
  readonly certificate: FitCertificate | undefined;
}

/** What all runs of a call share. */
export interface RunContext {
  /** Whether derivatives are differences. */
  readonly differenced: boolean;
  readonly clock: () => number;
  readonly startTime: number;
}

/** One way through the parameters: all of them, or those that bounds do not hold. */
export interface Pass {
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
export interface Ended {
  readonly run: Run;
  readonly pass: Pass;
  readonly free?: readonly number[];
}

/** The runs of one call, which share its budgets and its history. */
export class LeastSquaresRuns {
  readonly model: CountedModel;
  readonly start: Float64Array;
  readonly layout: Layout;
  readonly options: LeastSquaresOptions;
  readonly context: RunContext;
  readonly tolerances: LeastSquaresTolerances;
  readonly recorder: HistoryRecorder | undefined;
  steps = 0;

  constructor(model: CountedModel, start: Float64Array, layout: Layout, options: LeastSquaresOptions, context: RunContext) {
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

  /** Steps until a criterion or a budget, then the tests, then Newton's steps while they help. */
  run(begin: LevenbergMarquardtState, pass: Pass): Run {
    const { state, reasons, begun } = this.loop(begin, pass);
    const within = reasons.some((reason) => reason.endsWith("tolerance"));
    if (this.options.certify === false || !begun) return { state, reasons, certificate: undefined };
    const certificate = certifyFit(this.evidence(state, pass));
    if (!within || certificate.newton === undefined) return { state, reasons, certificate };
    return this.polish(state, reasons, certificate, pass);
  }

  /** Steps until a criterion or a budget. */
  loop(
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
      if (moved && this.moved(state, pass)) reasons.push("stopped-by-caller");
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

  /** Counts and tells of a step; whether the caller ends there. */
  private moved(state: State, pass: Pass): boolean {
    this.steps++;
    const { factor, params, step } = state;
    factor.columnNorms.forEach((norm, j) => {
      if (norm > pass.scale[j]!) pass.scale[j] = norm;
    });
    this.record(state, pass);
    if (this.options.onStep === undefined) return false;
    const gradient = productOf(factor).map((g) => 2 * g);
    const answer = this.options.onStep({
      step: this.steps,
      value: factor.residualNorm ** 2,
      gradientNorm: maxNorm(gradient),
      stepNorm: maxNorm(step),
      params: unflatten(this.layout, pass.params(params)),
      gradient: unflatten(this.layout, pass.spread(gradient)),
    });
    return saysStop(answer);
  }

  private record({ factor, params, step }: State, pass: Pass): void {
    if (this.recorder === undefined) return;
    const gradient = productOf(factor);
    this.recorder.append([factor.residualNorm ** 2, 2 * twoNorm(gradient), twoNorm(step), ...pass.params(params)], 1, this.steps);
  }

  /** Budgets that are used up. */
  spent(): TerminationReason[] {
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

  /** Every criterion, with what was reached at a state. */
  criteria({ factor, params, step }: State): Criterion[] {
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
}
