/** From what the user wrote to a stepper that is ready at the start: the objective read, the method found, the program compiled. */

import { OptionError } from "../errors.js";
import type { readFunction } from "../graph/function-source.js";
import { type Box, nearestInBox } from "../numeric/box.js";
import { adam } from "../optim/methods/adam.js";
import type { resolveMethod } from "../optim/methods/catalogue.js";
import { type LbfgsMethod, lbfgs } from "../optim/quasi-newton/lbfgs.js";
import type { Transformation } from "../optim/transformation.js";
import { withinBox } from "../optim/within-box.js";
import { flatten, type Params } from "../tree/tree.js";
import { compile } from "../wasm/compile.js";
import { agreesWithOriginal } from "./agreement.js";
import { BatchOrder } from "./batch-order.js";
import { describeProjection, readBounds, roundInwards } from "./bounds.js";
import { CompiledStepper, HostStepper } from "./compiled-stepper.js";
import { compileValue, compileValueAndGradient, type Target } from "./evaluation.js";
import type { chooseGradient, GradientChoice } from "./gradient-choice.js";
import { LineSearchStepper } from "./line-search-stepper.js";
import { type ObjectiveFunction, type ReadObjective, readObjective } from "./objective.js";
import { checkOptions, type DescentOptions, type GradientOption } from "./options.js";
import { readTable } from "./rows.js";
import { buildStepProgram } from "./step-program.js";
import type { Stepper } from "./stepper.js";
import { activeCriteria, toleranceValues } from "./stopping.js";

/** Parameters up to which a step leaves out norms that nobody asked for. */
const FEW = 16;

/** Large parts that a descent on a formula with a given rule does without. */
export interface Tools {
  /** Reads functions from their source. */
  readonly readFunction: typeof readFunction | undefined;
  /** Finds methods by name. */
  readonly resolveMethod: typeof resolveMethod | undefined;
  /** Finds gradients where they are not compiled. */
  readonly chooseGradient: typeof chooseGradient | undefined;
}

/** A descent before its first step. */
export interface SetUp extends Target {
  /** Where the descent begins: inside the bounds. */
  readonly startParams: Float64Array;
  readonly box: Box | undefined;
  /** What the user should know of what was made of the options. */
  readonly warnings: readonly string[];
  /** Rows per step of a mini-batch descent. */
  readonly batch: number | undefined;
  /** Of shuffled mini-batches. */
  readonly batchOrder: BatchOrder | undefined;
  /** Name of the method, and the rule if it is one. */
  readonly method: string;
  readonly rule: Transformation | undefined;
  readonly choice: GradientChoice;
  readonly stepper: Stepper;
  /** Tolerances in force, given f at the start, in the order of `toleranceNames`. */
  readonly tolerances: (startValue: number) => number[];
  readonly recordsParams: boolean;
}

/**
 * @param sign - −1 to maximize.
 * @throws OptionError, DataError, TraceError, NumericalError as `minimize` says.
 */
export function setUp(objective: string | ObjectiveFunction, start: unknown, options: DescentOptions, sign: 1 | -1, tools: Tools): SetUp {
  const { layout, values } = flatten(start as Params);
  const table = options.data === undefined ? undefined : readTable(options.data);
  checkOptions(options, table?.rows);
  const target: Target = {
    layout,
    table,
    dtype: options.precision === undefined || options.precision === "float64" ? "float64" : "float32",
    compileOptions: { precision: options.precision === "fast" ? "fast" : "reproducible" },
  };
  const box = readBox(options, target);
  const moved = box && describeProjection(box, values, layout);
  const startParams = moved === undefined ? values : nearestInBox(box!, values);
  const seed = options.seed ?? 0;
  // A batch of all rows is the full batch: its order does not matter, and its gradient is the objective's.
  const batch = options.batch === "full" || options.batch === table?.rows ? undefined : options.batch;
  const record = options.history ? { params: options.history === true || options.history.params !== false } : undefined;
  const chosen = chooseMethod(options, tools);
  const method = box === undefined ? chosen : bounded(chosen, box);
  const rule = "kind" in method ? undefined : method;

  const read = readAndCompare(objective, target, { start: startParams, box }, options, sign, tools);
  const evaluator = (graph: Parameters<typeof compileValue>[0]): ((params: Float64Array) => number) => compileValue(graph, target);
  const { gradient } = options;
  const choice =
    tools.chooseGradient?.(read, { layout, sign, seed, gradient, start: startParams, box, evaluator }) ?? compiledGradient(read, gradient);

  if (batch !== undefined && choice.kind === "host") {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `batch: needs an objective that can be compiled. Its gradient is not: ${choice.reason ?? "it was given by the option gradient."}`,
      {
        options: ["batch", "gradient"],
      },
    );
  }

  const stopping = options.stopping ?? {};
  const context = { stochastic: batch !== undefined, dtype: target.dtype, exactGradient: choice.kind === "exact", sign };
  const tolerances = (value: number): number[] => toleranceValues(stopping, value, context);
  const batchOrder = batch === undefined || options.shuffle === false ? undefined : new BatchOrder(table!, batch, seed);
  const ready = (stepper: Stepper): SetUp => ({
    ...target,
    startParams,
    box,
    warnings: moved === undefined ? [] : [moved],
    batch,
    batchOrder,
    method: method.name,
    rule,
    choice,
    stepper,
    tolerances,
    recordsParams: record?.params ?? false,
  });

  if ("kind" in method) {
    const evaluate = choice.kind === "exact" ? compileValueAndGradient(choice.graph, target) : choice.evaluate;
    return ready(new LineSearchStepper(method, startParams, evaluate, tolerances, record?.params ?? false));
  }
  const stepProgram = buildStepProgram({
    layout,
    dtype: target.dtype,
    method,
    start: startParams,
    table,
    batch,
    record,
    graph: choice.kind === "exact" ? choice.graph : undefined,
    keepBest: batch === undefined,
    criteria: activeCriteria(stopping, batch !== undefined, {
      // A loop over many parameters measures norms in passing; a few scalars would wait for them.
      gradient: layout.size > FEW || method.residual !== undefined,
      step: layout.size > FEW || options.onStep !== undefined,
    }),
  });
  const executable = compile(stepProgram.program, target.compileOptions);
  if (choice.kind === "host") {
    const stepper = new HostStepper(stepProgram, executable, choice.evaluate);
    stepper.begin(tolerances);
    return ready(stepper);
  }
  const stepper = new CompiledStepper(stepProgram, executable, table);
  batchOrder?.arrange(stepper, 0);
  stepper.begin(tolerances);
  return ready(stepper);
}

function compiledGradient(read: ReadObjective, gradient: GradientOption | undefined): GradientChoice {
  if (read.kind === "graph" && (gradient === undefined || gradient === "exact")) {
    return { kind: "exact", source: "compiled", reason: undefined, graph: read.graph };
  }
  throw new OptionError("OPTION_UNKNOWN", "gradient: here it is derived from the formula; use minimize for one from elsewhere.", {
    option: "gradient",
    known: ["exact"],
  });
}

/** The objective as a graph if it can be read and agrees with the original where both are asked. */
function readAndCompare(
  objective: string | ObjectiveFunction,
  { layout, table }: Target,
  { start, box }: { readonly start: Float64Array; readonly box: Box | undefined },
  { constants = {}, seed = 0 }: DescentOptions,
  sign: 1 | -1,
  tools: Tools,
): ReadObjective {
  const read = readObjective(objective, layout, { table, constants, sign, readFunction: tools.readFunction });
  if (read.kind === "host" || read.original === undefined) return read;
  const disagreement = agreesWithOriginal(read.graph, read.original, { start, box, layout, table, seed });
  if (disagreement === undefined) return read;
  const { original } = read;
  return { kind: "host", evaluate: (params) => original(params, table?.rows ?? 0), reason: disagreement };
}

function readBox({ bounds }: DescentOptions, { layout, dtype }: Target): Box | undefined {
  if (bounds === undefined || bounds === null) return undefined;
  const box = readBounds(bounds, layout);
  return dtype === "float64" ? box : roundInwards(box);
}

/** The method as it keeps to a box. */
function bounded(method: Transformation | LbfgsMethod, box: Box): Transformation {
  if (!("kind" in method)) return withinBox(method, box);
  throw new OptionError(
    "OPTIONS_CONFLICT",
    `bounds: ${method.name} cannot keep to them. Name a rule as the method, such as "gradientDescent" or "adam".`,
    { options: ["bounds", "method"] },
  );
}

function chooseMethod({ method, learningRate, batch }: DescentOptions, { resolveMethod }: Tools): Transformation | LbfgsMethod {
  const rate = learningRate === undefined ? {} : { learningRate };
  const full = batch === undefined || batch === "full";
  const searches = method === undefined ? full : typeof method === "string" ? /^l[-_ ]?bfgs$/i.test(method) : "kind" in method;
  if (searches && !full) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      'batch: lbfgs searches along lines, which needs all rows. Leave it away, or name another method, such as "adam".',
      {
        options: ["batch", "method"],
      },
    );
  }
  if (method === undefined) return full ? lbfgs() : adam(rate);
  if (typeof method !== "string") {
    if (learningRate === undefined || searches) return method;
    throw new OptionError(
      "OPTIONS_CONFLICT",
      `learningRate: the rule ${method.name} has its own already. Give it where the rule is made, or give the method by its name.`,
      {
        options: ["learningRate", "method"],
      },
    );
  }
  if (searches) return lbfgs();
  if (resolveMethod !== undefined) return resolveMethod(method, rate);
  throw new OptionError(
    "OPTION_UNKNOWN",
    `method: here methods have no names; give the rule itself, such as adam(), instead of "${method}".`,
    { option: method, known: ["lbfgs"] },
  );
}
