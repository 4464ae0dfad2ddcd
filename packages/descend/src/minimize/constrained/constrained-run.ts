/** A descent under constraints: the loop around the augmented Lagrangian, its budgets, and the tests of where it ends. */

import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox, projectedGradient } from "../../numeric/box.js";
import type { AugmentedLagrangian, LagrangianEnd, LagrangianPoint } from "../../optim/constrained/augmented-lagrangian.js";
import { type Layout, unflatten } from "../../tree/tree.js";
import { HistoryRecorder } from "../history.js";
import { type Certificate, certify } from "../judging/certificate/certify.js";
import { EXACT_CURVATURE_ERROR } from "../judging/certificate/point-evidence.js";
import { short, type Test } from "../judging/certificate/test.js";
import { DIFFERENCED_CURVATURE_ERROR } from "../objective/differenced-curvature.js";
import type { DescentOptions } from "../options.js";
import type { Criterion } from "../solution.js";
import { saysStop } from "../step-info.js";
import type { Evaluations } from "../steppers/stepper.js";
import type { TerminationReason } from "../stopping.js";
import type { Verdict } from "../verdict.js";

const MAX_STEPS = 10_000;
const MAX_PURSUITS = 3;
const PURSUIT_FACTOR = 0.01;
/** Products with the Hessian that the tests may use. */
const MAX_PRODUCTS = 60;

/** The problem, its budgets and what was spent. */
export interface RunContext {
  readonly layout: Layout;
  readonly options: DescentOptions;
  readonly sign: 1 | -1;
  readonly box: Box | undefined;
  readonly startParams: Float64Array;
  readonly evaluations: Evaluations;
  readonly clock: () => number;
  readonly startTime: number;
  readonly differenced: boolean;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly reasons: readonly TerminationReason[];
  readonly tests: readonly Test[];
  readonly warning: string | undefined;
}

/** The loop around the augmented Lagrangian. */
export class ConstrainedRun {
  steps = 0;
  readonly recorder: HistoryRecorder | undefined;
  private readonly method: AugmentedLagrangian;
  private readonly context: RunContext;
  /** As it was asked for, before any pursuit. */
  private readonly gradientTolerance: number;

  constructor(method: AugmentedLagrangian, context: RunContext) {
    this.method = method;
    this.context = context;
    this.gradientTolerance = method.tolerances.gradient;
    const { history } = context.options;
    this.recorder = history ? new HistoryRecorder(context.layout.size, history, context.sign) : undefined;
    this.record(method.point, 0);
  }

  run(): Outcome {
    const { method } = this;
    const { options } = this.context;
    for (let pursuit = 0; ; pursuit++) {
      const ended = this.descend();
      if (typeof ended !== "string")
        return { verdict: ended[0] === "stopped-by-caller" ? "stopped" : "budget", reasons: ended, tests: [], warning: undefined };
      if (ended !== "solved") return this.unsolved(ended);
      const reasons: TerminationReason[] = ["gradient-tolerance"];
      if (options.certify === false) return { verdict: "converged", reasons, tests: this.conditions(), warning: undefined };
      const { tests, finding } = this.certify();
      const all = [...this.conditions(), ...tests];
      if (finding === "minimizer") return { verdict: "converged", reasons, tests: all, warning: undefined };
      if (finding === "minimizer-to-rounding") return { verdict: "precision-floor", reasons, tests: all, warning: undefined };
      const pursue = finding === "not-stationary" && options.pursue !== false && pursuit < MAX_PURSUITS;
      if (!pursue) return { verdict: finding === "not-stationary" ? "stalled" : finding, reasons, tests: all, warning: undefined };
      method.tighten(PURSUIT_FACTOR);
    }
  }

  private unsolved(end: Exclude<LagrangianEnd, "solved">): Outcome {
    const tests = this.conditions();
    const { violation } = this.method.point;
    switch (end) {
      case "infeasible":
        return {
          verdict: "infeasible",
          reasons: ["infeasible"],
          tests,
          warning: `No point close by satisfies the constraints better: the violation cannot fall below ${short(violation)} from here.`,
        };
      case "unbounded":
        return { verdict: "unbounded", reasons: ["diverged"], tests, warning: undefined };
      case "not-finite": {
        const begun = this.steps > 0;
        const finite = Number.isFinite(this.method.point.objective);
        return {
          verdict: begun ? "stalled" : "broken-input",
          reasons: [finite ? "non-finite-gradient" : "non-finite-value"],
          tests,
          warning: undefined,
        };
      }
      case "no-progress":
        return {
          verdict: "stalled",
          reasons: ["line-search-failed"],
          tests,
          warning:
            "The conditions of a constrained minimizer are not met and no step helps: at the point the constraints may not be independent.",
        };
    }
  }

  /** Steps until the method ends or a budget is used up. */
  private descend(): LagrangianEnd | TerminationReason[] {
    const { method, context } = this;
    const { options } = context;
    for (;;) {
      const spent = this.spent();
      if (spent.length > 0) return spent;
      const before = method.point;
      const { moved, end } = method.advance();
      if (moved) {
        this.steps++;
        this.record(method.point, twoNorm(method.point.params.map((x, i) => x - before.params[i]!)));
        if (saysStop(options.onStep?.(this.info(before)))) return ["stopped-by-caller"];
      }
      if (end !== undefined) return end;
    }
  }

  private spent(): TerminationReason[] {
    const { options, evaluations, clock, startTime } = this.context;
    const reasons: TerminationReason[] = [];
    if (options.signal?.aborted) reasons.push("stopped-by-caller");
    if (this.steps >= (options.maxSteps ?? MAX_STEPS)) reasons.push("max-steps");
    if (Math.max(evaluations.value, evaluations.gradient) >= (options.maxEvaluations ?? Number.POSITIVE_INFINITY))
      reasons.push("max-evaluations");
    if (options.timeLimit !== undefined && clock() - startTime >= 1000 * options.timeLimit) reasons.push("time-limit");
    return reasons;
  }

  private info(before: LagrangianPoint) {
    const { point } = this.method;
    const { layout, sign } = this.context;
    return {
      step: this.steps,
      value: sign * point.objective,
      gradientNorm: maxNorm(point.residual),
      stepNorm: maxNorm(point.params.map((x, i) => x - before.params[i]!)),
      params: unflatten(layout, point.params),
      gradient: unflatten(
        layout,
        point.residual.map((g) => sign * g),
      ),
    };
  }

  private record({ objective, residual, params }: LagrangianPoint, length: number): void {
    const { history } = this.context.options;
    const withParams = typeof history !== "object" || history.params !== false;
    this.recorder?.append([objective, twoNorm(residual), length, ...(withParams ? params : [])], 1, this.steps);
  }

  /** First-order conditions beside that of the gradient. */
  private conditions(): Test[] {
    const { point, tolerances } = this.method;
    const { violation, complementarity, multipliers } = point;
    const slack = tolerances.constraint * Math.max(1, maxNorm(multipliers));
    return [
      {
        name: "feasibility",
        passed: violation <= tolerances.constraint,
        value: violation,
        threshold: tolerances.constraint,
        evidence: `the constraints are violated by ${short(violation)} at most`,
      },
      {
        name: "complementarity",
        passed: complementarity <= slack,
        value: complementarity,
        threshold: slack,
        evidence: `of each inequality the slack or the multiplier is below ${short(complementarity)}`,
      },
    ];
  }

  /**
   * With the final multipliers a minimizer under constraints is a minimizer of the augmented Lagrangian within the bounds: tested as such.
   */
  private certify(): Certificate {
    const { method } = this;
    const { box, startParams, differenced, options } = this.context;
    const { params } = method.point;
    const { value, gradient, hessianVector } = method.lagrangian();
    const full = gradient(params);
    const residual = box === undefined ? full : projectedGradient(box, params, full);
    const free = (i: number): boolean =>
      box === undefined || residual[i] !== 0 || (params[i]! > box.lower[i]! && params[i]! < box.upper[i]!);
    const masked = (v: Float64Array): Float64Array => v.map((entry, i) => (free(i) ? entry : 0));
    const here = value(params);
    const atStart = value(startParams);
    return certify({
      params,
      startParams,
      value: here,
      startValue: Number.isFinite(atStart) ? atStart : here,
      gradient: residual,
      gradientScale: method.gradientScale,
      hessianVector: params.some((_, i) => free(i)) ? (direction) => masked(hessianVector(params, masked(direction))) : undefined,
      curvatureError: differenced ? DIFFERENCED_CURVATURE_ERROR : EXACT_CURVATURE_ERROR,
      maxProducts: MAX_PRODUCTS,
      box,
      held: box !== undefined,
      movable: box === undefined || box.lower.some((bound, i) => bound < box.upper[i]!),
      evaluate: (point) => value(box === undefined ? point : nearestInBox(box, point)),
      roundoff: 2 ** -53,
      seed: options.seed ?? 0,
    });
  }

  /** Every criterion, with what was reached. */
  criteria(milliseconds: number): Criterion[] {
    const { point, gradientScale } = this.method;
    const { options, evaluations } = this.context;
    const { maxSteps = MAX_STEPS, maxEvaluations = Number.POSITIVE_INFINITY, timeLimit = Number.POSITIVE_INFINITY } = options;
    return [
      { name: "gradient-tolerance", tolerance: this.gradientTolerance * gradientScale, reached: maxNorm(point.residual) },
      { name: "max-steps", tolerance: maxSteps, reached: this.steps },
      { name: "max-evaluations", tolerance: maxEvaluations, reached: evaluations.value },
      { name: "time-limit", tolerance: timeLimit, reached: milliseconds / 1000 },
    ];
  }
}
