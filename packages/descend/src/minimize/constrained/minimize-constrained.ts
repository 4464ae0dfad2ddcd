/** Minimizing under constraints: what is read and refused, and the outcome. */

import { OptionError } from "../../errors.js";
import { maxNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox } from "../../numeric/box.js";
import { AugmentedLagrangian, type LagrangianPoint } from "../../optim/constrained/augmented-lagrangian.js";
import { projectedNewton } from "../../optim/constrained/projected-newton.js";
import { flatten, type Layout, type Params, unflatten } from "../../tree/tree.js";
import { compile } from "../../wasm/compile.js";
import { describeProjection, readBox } from "../bounds.js";
import { defaultClock } from "../clock.js";
import { agreesWithOriginal } from "../objective/agreement.js";
import { compileValue, type Target } from "../objective/evaluation.js";
import { type ObjectiveFunction, readObjective } from "../objective/objective.js";
import type { ReadObjective, ReadOptions } from "../objective/objective-graph.js";
import { readTable } from "../objective/rows.js";
import { checkKinds } from "../option-kinds.js";
import { checkOptions, type DescentOptions } from "../options.js";
import type { Solution } from "../solution.js";
import { checkBatch } from "../steppers/batch-order.js";
import type { Evaluations } from "../steppers/stepper.js";
import { ConstrainedRun } from "./constrained-run.js";
import type { Multipliers } from "./constraint-options.js";
import { type ReadConstraints, readConstraints } from "./constraints.js";
import { calledConstrainedModel, compiledConstrainedModel } from "./model.js";

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
  const readValue = read(objective, { table, start: startParams, constants, sign });
  const constraints = readConstraints(options.constraints!, layout, (source) =>
    read(source, { table: undefined, start: startParams, constants, sign: 1 }),
  );
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
    criteria: run.criteria(milliseconds),
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

function multipliersOf({ multipliers }: LagrangianPoint, equalities: number): Multipliers {
  return { equal: Array.from(multipliers.slice(0, equalities)), atMost: Array.from(multipliers.slice(equalities)) };
}
