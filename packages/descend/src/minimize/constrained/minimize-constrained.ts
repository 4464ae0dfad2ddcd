/** Minimizing under constraints: the loop around the augmented Lagrangian, its budgets, the tests of the point, the outcome. */

import { OptionError } from "../../errors.js";
import { maxNorm, twoNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox, projectedGradient } from "../../numeric/box.js";
import { AugmentedLagrangian, type LagrangianEnd, type LagrangianPoint } from "../../optim/constrained/augmented-lagrangian.js";
import { projectedNewton } from "../../optim/constrained/projected-newton.js";
import { flatten, type Layout, type Params, unflatten } from "../../tree/tree.js";
import { compile } from "../../wasm/compile.js";
import { describeProjection, readBox } from "../bounds.js";
import { defaultClock } from "../clock.js";
import { HistoryRecorder } from "../history.js";
import { type Certificate, certify } from "../judging/certificate/certify.js";
import { EXACT_CURVATURE_ERROR } from "../judging/certificate/point-evidence.js";
import { short, type Test } from "../judging/certificate/test.js";
import { agreesWithOriginal } from "../objective/agreement.js";
import { DIFFERENCED_CURVATURE_ERROR } from "../objective/differenced-curvature.js";
import { compileValue, type Target } from "../objective/evaluation.js";
import { type ObjectiveFunction, readObjective } from "../objective/objective.js";
import type { ReadObjective, ReadOptions } from "../objective/objective-graph.js";
import { readTable } from "../objective/rows.js";
import { checkKinds, checkOptions, type DescentOptions } from "../options.js";
import type { Criterion, Solution } from "../solution.js";
import { checkBatch } from "../steppers/batch-order.js";
import type { Evaluations } from "../steppers/stepper.js";
import type { TerminationReason } from "../stopping.js";
import type { Verdict } from "../verdict.js";
import type { Multipliers } from "./constraint-options.js";
import { type ReadConstraints, readConstraints } from "./constraints.js";
import { calledConstrainedModel, compiledConstrainedModel } from "./model.js";

const MAX_STEPS = 10_000;
const MAX_PURSUITS = 3;
const PURSUIT_FACTOR = 0.01;
/** Products with the Hessian that the tests may use. */
const MAX_PRODUCTS = 60;
/** Parameters up to which the method is made for: its steps take n products and n³/3 flops. */
const MOST = 1000;

/** Options that have no meaning for a method that takes the Hessian of all of the objective. */
const ELSEWHERE = ["method", "learningRate", "batch", "checkpoint"] as const;

/** `minimize` where `options.constraints` are given. */
export function minimizeConstrained<P>(
  objective: string | ObjectiveFunction,
  start: P,
  options: DescentOptions,
  sign: 1 | -1,
): Solution<P> {
  checkKinds(options);
  const clock = options.clock ?? defaultClock;
  const startTime = clock();
  const { layout, values } = flatten(start as Params);
  refuse(options, layout.size);
  const table = options.data === undefined ? undefined : readTable(options.data);
  checkOptions(options);
  checkBatch(options.batch, table?.rows);
  const target: Target = { layout, table, dtype: "float64", compile, compileOptions: { precision: "reproducible" } };
  const box = options.bounds ? readBox(options.bounds, layout, "float64") : undefined;
  const startParams = box === undefined ? values : nearestInBox(box, values);
  const moved = describeProjection(values, startParams, layout);

  const read = (source: unknown, readOptions: ReadOptions): ReadObjective =>
    comparedWithOriginal(readObjective(source as string | ObjectiveFunction, layout, readOptions), readOptions, {
      start: startParams,
      box,
      layout,
      seed: options.seed ?? 0,
    });
  const constants = options.constants ?? {};
  const readValue = read(objective, { table, constants, sign });
  const constraints = readConstraints(options.constraints!, layout, (source) => read(source, { table: undefined, constants, sign: 1 }));
  const evaluations: Evaluations = { value: 0, gradient: 0, hessianVector: 0 };
  const { model, reason } = modelOf(readValue, constraints, options, { target, box, evaluations });
  const relative = options.stopping?.relativeGradientTolerance ?? (reason === undefined ? 1e-8 : 1e-6);
  const tolerances = { gradient: relative, constraint: constraints.tolerance ?? (reason === undefined ? 1e-10 : 1e-7) };
  const problem = { size: layout.size, start: startParams, box, integers: undefined, seed: options.seed ?? 0 };
  const method = new AugmentedLagrangian(model, projectedNewton(), problem, tolerances);

  const run = new ConstrainedRun(method, {
    layout,
    options,
    sign,
    box,
    startParams,
    evaluations,
    clock,
    startTime,
    differenced: reason !== undefined,
  });
  const outcome = run.run();
  const { point } = method;
  const params = unflatten(layout, point.params) as P;
  const milliseconds = clock() - startTime;
  return {
    params,
    x: params,
    value: sign * point.objective,
    verdict: outcome.verdict,
    converged: outcome.verdict === "converged",
    terminationReason: outcome.reasons[0]!,
    reasons: outcome.reasons,
    criteria: criteria(method, tolerances, options, run.steps, evaluations, milliseconds),
    tests: outcome.tests,
    gradientSource: reason === undefined ? "compiled" : "finite-difference",
    gradientReason: reason,
    gradientNorm: maxNorm(point.residual),
    method: "augmentedLagrangian",
    steps: run.steps,
    evaluations,
    milliseconds,
    history: run.recorder?.get(),
    warnings: [
      ...(moved === undefined ? [] : [moved]),
      ...(reason === undefined ? [] : [`The derivatives come from finite differences: ${reason}`]),
      ...(outcome.warning === undefined ? [] : [outcome.warning]),
    ],
    multipliers: multipliersOf(point, constraints.equalities),
    kktResidual: Math.max(maxNorm(point.residual), point.complementarity),
    constraintViolation: point.violation,
  };
}

function refuse(options: DescentOptions, size: number): void {
  const meaningless = ELSEWHERE.find((name) => options[name] !== undefined && options[name] !== "full");
  if (meaningless !== undefined) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `${meaningless}: has no meaning with constraints, which have a method of their own. Leave it away.`,
      {
        options: [meaningless, "constraints"],
      },
    );
  }
  if (typeof options.gradient === "function") {
    throw new OptionError("OPTIONS_CONFLICT", "gradient: with constraints derivatives are made, never given. Leave it away.", {
      options: ["gradient", "constraints"],
    });
  }
  if (options.precision !== undefined && options.precision !== "float64") {
    throw new OptionError("OPTIONS_CONFLICT", `precision: with constraints it is "float64", got ${JSON.stringify(options.precision)}.`, {
      options: ["precision", "constraints"],
    });
  }
  if (size > MOST) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `constraints: are for up to ${MOST} parameters, got ${size}. Projections have no such limit.`,
      {
        options: ["constraints", "start"],
      },
    );
  }
}

function comparedWithOriginal(
  read: ReadObjective,
  { table }: ReadOptions,
  where: { readonly start: Float64Array; readonly box: Box | undefined; readonly layout: Layout; readonly seed: number },
): ReadObjective {
  if (read.kind === "host" || read.original === undefined) return read;
  const reason = agreesWithOriginal(read.graph, read.original, { ...where, table });
  const { original } = read;
  return reason === undefined ? read : { kind: "host", evaluate: (params) => original(params, table?.rows ?? 0), reason };
}

interface ModelContext {
  readonly target: Target;
  readonly box: Box | undefined;
  readonly evaluations: Evaluations;
}

/** Compiled if all of it can be read; called with differences otherwise, and then the reason. */
function modelOf(objective: ReadObjective, { all, equalities }: ReadConstraints, { gradient }: DescentOptions, context: ModelContext) {
  const { target, box, evaluations } = context;
  const graphs = all.flatMap((part) => (part.kind === "graph" ? [part.graph] : []));
  const asked = gradient !== undefined && gradient !== "exact";
  if (objective.kind === "graph" && graphs.length === all.length && !asked) {
    return { model: compiledConstrainedModel(objective.graph, graphs, equalities, target, evaluations), reason: undefined };
  }
  const called = [objective, ...all].find((part) => part.kind === "host");
  const reason = called?.kind === "host" ? called.reason : `asked for by gradient: "${gradient}".`;
  const functionOf = (part: ReadObjective, table: Target["table"]): ((params: Float64Array) => number) =>
    part.kind === "host" ? part.evaluate : compileValue(part.graph, { ...target, table });
  const model = calledConstrainedModel(
    functionOf(objective, target.table),
    all.map((part) => functionOf(part, undefined)),
    equalities,
    { size: target.layout.size, box, evaluations },
  );
  return { model, reason };
}

interface RunContext {
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

interface Outcome {
  readonly verdict: Verdict;
  readonly reasons: readonly TerminationReason[];
  readonly tests: readonly Test[];
  readonly warning: string | undefined;
}

class ConstrainedRun {
  steps = 0;
  readonly recorder: HistoryRecorder | undefined;
  private readonly method: AugmentedLagrangian;
  private readonly context: RunContext;

  constructor(method: AugmentedLagrangian, context: RunContext) {
    this.method = method;
    this.context = context;
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
        if (options.onStep?.(this.info(before)) === "stop") return ["stopped-by-caller"];
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

  /** With the final multipliers a minimizer under constraints is a minimizer of the augmented Lagrangian within the bounds: tested as such. */
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
}

function multipliersOf({ multipliers }: LagrangianPoint, equalities: number): Multipliers {
  return { equal: Array.from(multipliers.slice(0, equalities)), atMost: Array.from(multipliers.slice(equalities)) };
}

function criteria(
  { point, gradientScale }: AugmentedLagrangian,
  tolerances: { readonly gradient: number },
  { maxSteps = MAX_STEPS, maxEvaluations, timeLimit }: DescentOptions,
  steps: number,
  evaluations: Evaluations,
  milliseconds: number,
): Criterion[] {
  const unlimited = Number.POSITIVE_INFINITY;
  return [
    { name: "gradient-tolerance", tolerance: tolerances.gradient * gradientScale, reached: maxNorm(point.residual) },
    { name: "max-steps", tolerance: maxSteps, reached: steps },
    { name: "max-evaluations", tolerance: maxEvaluations ?? unlimited, reached: evaluations.value },
    { name: "time-limit", tolerance: timeLimit ?? unlimited, reached: milliseconds / 1000 },
  ];
}
