/** From what the user wrote to a stepper that is ready at the start: the objective read, the method found, the program compiled. */

import { type Box, nearestInBox, projectedGradient } from "../numeric/box.js";
import type { PairSpace } from "../numeric/curvature-pairs.js";
import { limitedMemorySearch } from "../optim/quasi-newton/limited-memory-search.js";
import type { resolveMethod } from "../optim/resolve-method.js";
import type { SearchMethod } from "../optim/search-method.js";
import { LOOSE, wolfeSearch } from "../optim/searches/wolfe-search.js";
import type { Transformation } from "../optim/transformation.js";
import { flatten, type Params } from "../tree/tree.js";
import type { Compile } from "../wasm/compile.js";
import type { describeProjection, readBox } from "./bounds.js";
import type { Checkpoints } from "./descent-checkpoint.js";
import type { GeneralEvidence } from "./judging/general-evidence.js";
import type { MethodConflicts } from "./method-conflicts.js";
import type { agreesWithOriginal } from "./objective/agreement.js";
import { CurvatureProbe } from "./objective/curvature-probe.js";
import type { differencedHessianVector } from "./objective/differenced-curvature.js";
import { compileValue, type Target } from "./objective/evaluation.js";
import type { chooseGradient, GradientChoice } from "./objective/gradient-choice.js";
import type { hessianMatrix } from "./objective/hessian-matrix.js";
import type { ObjectiveFunction, readObjective } from "./objective/objective.js";
import type { ReadObjective } from "./objective/objective-graph.js";
import type { RowAccess } from "./objective/row-access.js";
import type { readTableOrStore } from "./objective/streamable.js";
import type { StreamedProbe } from "./objective/streamed-probe.js";
import type { readVariables } from "./objective/variables.js";
import type { WholeNumbers } from "./objective/whole-numbers.js";
import { checkOptions, type DescentOptions } from "./options.js";
import type { Remarks } from "./remarks.js";
import { answersOf } from "./steppers/answers.js";
import type { BatchOrder, checkBatch } from "./steppers/batch-order.js";
import type { bounded } from "./steppers/bounded.js";
import type { ruleStepper } from "./steppers/rule-stepper.js";
import type { RuleValues, ruleValues, withPenalty } from "./steppers/rule-values.js";
import type { SearchCells } from "./steppers/search-state.js";
import { searchStepper } from "./steppers/search-stepper.js";
import type { Stepper } from "./steppers/stepper.js";
import { toleranceValues } from "./stopping.js";
import type { usualMethod } from "./usual-method.js";

/** Options of the method for full batches unless another is named. */
const LBFGS = { memory: undefined, search: wolfeSearch(LOOSE) };

/** Steps in a row without a move that end a rule that keeps to a set. */
const PATIENCE_AT_BOUNDS = 200;

/** What a descent is made with: large parts come as arguments, so that a program that does without them need not hold them. */
export interface Tools {
  readonly readObjective: (...args: Parameters<typeof readObjective>) => ReadObjective;
  readonly compile: Compile;
  /** Absent where a formula of its variables alone is minimized by a search; its options are refused before. */
  readonly general: GeneralTools | undefined;
}

/** What tables, functions, gradients from elsewhere and update rules need. */
export interface GeneralTools {
  readonly readTable: typeof readTableOrStore;
  readonly agreesWithOriginal: typeof agreesWithOriginal;
  readonly chooseGradient: typeof chooseGradient;
  /** Finds methods by name. */
  readonly resolveMethod: typeof resolveMethod;
  readonly usualMethod: typeof usualMethod;
  readonly ruleStepper: typeof ruleStepper;
  readonly readBox: typeof readBox;
  readonly describeProjection: typeof describeProjection;
  /** The method as it keeps to a box. */
  readonly bounded: typeof bounded;
  readonly ruleValues: typeof ruleValues;
  readonly withPenalty: typeof withPenalty;
  readonly searchCells: SearchCells;
  readonly checkpoints: Checkpoints;
  /** Products with the Hessian of an objective that is called. */
  readonly differencedHessianVector: typeof differencedHessianVector;
  readonly hessianMatrix: typeof hessianMatrix;
  /** What parameters take, where an option says so, once the method is known to move them. */
  readonly readVariables: typeof readVariables;
  readonly testedView: (setUp: SetUp) => SetUp;
  readonly evidence: GeneralEvidence;
  readonly remarks: Remarks;
  readonly conflicts: MethodConflicts;
  /** Where a search keeps its curvature pairs, if not in plain arrays. */
  readonly pairSpace: (size: number) => PairSpace | undefined;
  readonly checkBatch: typeof checkBatch;
  readonly StreamedProbe: typeof StreamedProbe;
  readonly newBatchOrder: (...args: ConstructorParameters<typeof BatchOrder>) => BatchOrder;
}

/** A descent before its first step. */
export interface SetUp extends Target {
  /** Where the descent begins: inside the bounds. */
  readonly startParams: Float64Array;
  readonly box: Box | undefined;
  /** Parameters that take whole numbers only, if there are any. */
  readonly whole: WholeNumbers | undefined;
  /** The allowed point nearest to one: within the bounds, or in the set of the rule. */
  readonly nearest: (params: Float64Array) => Float64Array;
  /** What the user should know of what was made of the start that was given. */
  readonly warnings: readonly string[];
  readonly warningsAt: (given: Float64Array, start: Float64Array) => readonly string[];
  /** Rows per step of a mini-batch descent. */
  readonly batch: number | undefined;
  /** Gradients are estimates, by batches or from values at random points: one of them proves nothing. */
  readonly stochastic: boolean;
  /** How the tests at the end see this, where that differs. */
  readonly testedView: ((setUp: SetUp) => SetUp) | undefined;
  /** What the tests must know beyond a formula. */
  readonly general: GeneralEvidence | undefined;
  readonly remarks: Remarks | undefined;
  /** Of shuffled mini-batches, and what puts the rows in their order. */
  readonly batchOrder: BatchOrder | undefined;
  readonly arrangeRows: () => void;
  /** Of rules over a table. */
  readonly rowAccess: RowAccess | undefined;
  /** Name of the method; the method itself if it is a search. */
  readonly method: string;
  readonly search: SearchMethod | undefined;
  /** The method itself if it is an update rule. */
  readonly updateRule: Transformation | undefined;
  /** What a rule says of single points, or the bounds that a search keeps to. */
  readonly rule: RuleValues | undefined;
  readonly choice: GradientChoice;
  /** Hessian products of a compiled objective. */
  readonly curvature: CurvatureProbe | undefined;
  readonly stepper: Stepper;
  /** The stepper as it would be had the descent been set up at another start. The one before is done with. */
  readonly stepperAt: (start: Float64Array) => Stepper;
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
  const { general } = tools;
  const table = options.data === undefined ? undefined : general!.readTable(options.data, options);
  checkOptions(options);
  general?.checkBatch(options.batch, table?.rows);
  const target: Target = {
    layout,
    table,
    dtype: options.precision === undefined || options.precision === "float64" ? "float64" : "float32",
    compile: tools.compile,
    compileOptions: { precision: options.precision === "fast" ? "fast" : "reproducible" },
  };
  const box = options.bounds ? general!.readBox(options.bounds, layout, target.dtype) : undefined;
  const seed = options.seed ?? 0;
  // A batch of all rows is the full batch: its order does not matter, and its gradient is the objective's.
  const batch = options.batch === "full" || options.batch === table?.rows ? undefined : options.batch;
  const record = options.history ? { params: options.history === true || options.history.params !== false } : undefined;
  const chosen = chooseMethod(options, tools);
  const whole = general?.readVariables(options, { layout, start: values, box, method: chosen });
  const method = box === undefined ? chosen : general!.bounded(chosen, box, options);
  const rule = "kind" in method ? box && withinBounds(box) : general!.ruleValues(method, layout.size);
  const project = box === undefined ? rule?.project : (params: Float64Array) => nearestInBox(box, params);
  const nearest = (params: Float64Array): Float64Array => project?.(params) ?? params;
  const startParams = nearest(values);
  const warningsAt = (given: Float64Array, start: Float64Array): readonly string[] => {
    const moved = project && general!.describeProjection(given, start, layout);
    return [...(moved === undefined ? [] : [moved]), ...(general?.remarks.beforehand(choice, method, options, objective) ?? [])];
  };

  // Where only whole numbers are taken, the objective is not asked for others.
  const asked = whole?.held(startParams) ?? box;
  const read = readAndCompare(objective, target, { start: startParams, box: asked }, options, sign, tools);
  const evaluator = (graph: Parameters<typeof compileValue>[0]): ((params: Float64Array) => number) => compileValue(graph, target);
  const { gradient, checkGradient: check = true } = options;
  const plain =
    exactChoice(read, options) ??
    general!.chooseGradient(read, { layout, sign, seed, gradient, check, start: startParams, box, whole, method, evaluator });
  const choice = "kind" in method ? plain : general!.withPenalty(plain, method, layout.size);

  if (batch !== undefined && choice.kind === "host") {
    throw general!.conflicts.calledByBatches(choice.reason);
  }

  const stochastic = batch !== undefined || choice.source === "estimated";
  // A rule with memory may push against a bound for a while before it leaves it: not moving proves nothing yet.
  const patience = "kind" in method || method.project === undefined ? {} : { patience: PATIENCE_AT_BOUNDS };
  const stopping = { ...patience, ...options.stopping };
  const context = { stochastic, dtype: target.dtype, exactGradient: choice.kind === "exact", sign };
  const tolerances = (value: number): number[] => toleranceValues(stopping, value, context);
  const batchOrder = batch === undefined || options.shuffle === false ? undefined : general!.newBatchOrder(table!, batch, seed);
  const Probe = table?.streamed ? general!.StreamedProbe : CurvatureProbe;
  const curvature = choice.kind === "exact" ? new Probe(choice.graph, target) : undefined;
  const ready = (
    stepper: Stepper,
    stepperAt: SetUp["stepperAt"],
    arrangeRows: () => void = () => undefined,
    rowAccess?: RowAccess,
  ): SetUp => ({
    ...target,
    startParams,
    box,
    whole,
    nearest,
    warnings: warningsAt(values, startParams),
    warningsAt,
    batch,
    stochastic,
    testedView: general?.testedView,
    general: general?.evidence,
    remarks: general?.remarks,
    batchOrder,
    arrangeRows,
    rowAccess,
    method: method.name,
    search: "kind" in method ? method : undefined,
    updateRule: "kind" in method ? undefined : method,
    rule,
    choice,
    curvature,
    stepper,
    stepperAt,
    tolerances,
    recordsParams: record?.params ?? false,
  });

  if ("kind" in method) {
    const evaluations = { value: 0, gradient: 0, hessianVector: 0 };
    const { differencedHessianVector, hessianMatrix } = general ?? {};
    const answer = answersOf({ choice, target, curvature, differencedHessianVector, hessianMatrix, box }, evaluations);
    const pairs = general?.pairSpace(layout.size);
    const stepperAt = (start: Float64Array): Stepper => {
      Object.assign(evaluations, { value: 0, gradient: 0, hessianVector: 0 });
      return searchStepper({
        method,
        problem: { size: layout.size, start, box, integers: whole?.codes, seed, ...(pairs && { pairs }) },
        answer,
        evaluations,
        tolerances,
        recordsParams: record?.params ?? false,
        cells: general?.searchCells,
      });
    };
    return ready(stepperAt(startParams), stepperAt);
  }
  const { stepper, arrangeRows, rowAccess } = general!.ruleStepper(method, target, {
    start: startParams,
    batch,
    record,
    choice,
    stopping,
    showsSteps: options.onStep !== undefined,
    batchOrder,
    tolerances,
  });
  const stepperAt = (start: Float64Array): Stepper => {
    stepper.restart(start);
    return stepper;
  };
  return ready(stepper, stepperAt, arrangeRows, rowAccess);
}

function withinBounds(box: Box): RuleValues {
  return { residual: (params, gradient) => projectedGradient(box, params, gradient), project: undefined, smooth: undefined };
}

/** The objective as a graph if it can be read and agrees with the original where both are asked. */
export function readAndCompare(
  objective: string | ObjectiveFunction,
  { layout, table }: Target,
  { start, box }: { readonly start: Float64Array; readonly box: Box | undefined },
  { constants = {}, seed = 0 }: DescentOptions,
  sign: 1 | -1,
  tools: Tools,
): ReadObjective {
  const read = tools.readObjective(objective, layout, { table, start, constants, sign });
  if (read.kind === "host" || read.original === undefined) return read;
  const disagreement = tools.general!.agreesWithOriginal(read.graph, read.original, { start, box, layout, table, seed });
  if (disagreement === undefined) return read;
  const { original } = read;
  return { kind: "host", evaluate: (params) => original(params, table?.rows ?? 0), reason: disagreement };
}

/** The usual case: a compiled gradient. */
function exactChoice(read: ReadObjective, { gradient }: DescentOptions): GradientChoice | undefined {
  if (read.kind !== "graph" || (gradient !== undefined && gradient !== "exact")) return undefined;
  return { kind: "exact", source: "compiled", reason: undefined, graph: read.graph };
}

function chooseMethod(options: DescentOptions, { general }: Tools): Transformation | SearchMethod {
  const full = options.batch === undefined || options.batch === "full";
  const method = givenMethod(options, general) ?? general?.usualMethod(options) ?? limitedMemorySearch(LBFGS);
  if ("kind" in method && !full) throw general!.conflicts.searchedByBatches(method);
  return method;
}

/** The method asked for; undefined leaves it to the descent. */
function givenMethod(options: DescentOptions, general: GeneralTools | undefined): Transformation | SearchMethod | undefined {
  const { method, methodOptions, learningRate } = options;
  // Without the catalogue there is one name.
  if (typeof method === "string") return general?.resolveMethod(method, methodOptions, learningRate);
  const ownsRate = learningRate !== undefined && method !== undefined && !("kind" in method);
  const conflict = methodOptions !== undefined ? "methodOptions" : ownsRate ? "learningRate" : undefined;
  if (conflict === undefined) return method;
  throw general!.conflicts.ownsOption(conflict, method);
}
