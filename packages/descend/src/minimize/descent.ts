/**
 * A descent one can walk: step, look, edit, save, go on.
 *
 * Owns what surrounds the steps: reading and checking the objective, budgets, history, callbacks, the verdict.
 */

import { invariant, OptionError } from "../errors.js";
import type { readFunction } from "../graph/function-source.js";
import type { DType, Executable, RunResult } from "../graph/program.js";
import { maxNorm, twoNorm } from "../numeric/blas1.js";
import { adam } from "../optim/methods/adam.js";
import type { resolveMethod } from "../optim/methods/catalogue.js";
import { type LbfgsMethod, lbfgs } from "../optim/quasi-newton/lbfgs.js";
import type { Transformation } from "../optim/transformation.js";
import { flatten, flattenLike, type Layout, type Params, unflatten } from "../tree/tree.js";
import { type CompileOptions, compile } from "../wasm/compile.js";
import { agreesWithOriginal } from "./agreement.js";
import * as cells from "./cells.js";
import { type Certificate, certify, EXACT_CURVATURE_ERROR } from "./certificate.js";
import { type Checkpoint, decodeCheckpoint, encodeCells } from "./checkpoint.js";
import { defaultClock } from "./clock.js";
import { CompiledStepper, type HostEvaluation, HostStepper } from "./compiled-stepper.js";
import { CurvatureProbe } from "./curvature-probe.js";
import { DIFFERENCED_CURVATURE_ERROR, differencedHessianVector } from "./differenced-curvature.js";
import { chooseGradient, type GradientChoice } from "./gradient-choice.js";
import { type History, HistoryRecorder } from "./history.js";
import { LineSearchStepper } from "./line-search-stepper.js";
import { type ObjectiveFunction, type ObjectiveGraph, type ReadObjective, readObjective } from "./objective.js";
import { checkOptions, type DescentOptions, type StepInfo } from "./options.js";
import { residualOf } from "./residual.js";
import { readTable, shuffledOrder, storeTable, type Table } from "./rows.js";
import type { Criterion, Solution } from "./solution.js";
import { buildEvaluateProgram, buildStepProgram, EVALUATE, type StepProgram } from "./step-program.js";
import type { Stepper } from "./stepper.js";
import { activeCriteria, reasonsOf, type TerminationReason, toleranceValues } from "./stopping.js";
import { decideVerdict } from "./verdict.js";

/** Milliseconds of compiled steps between two looks at clock and signal. */
const CHUNK_MILLISECONDS = 4;
/** Steps of the first chunk; short, so that the engine can replace its first, slow code between chunks. */
const FIRST_CHUNK = 16;
/** How often a point that fails the certificate is pursued with a hundred times smaller tolerance. */
const MAX_PURSUITS = 4;
/** Parameters up to which a step leaves out norms that nobody asked for. */
const FEW = 16;
/** Parameters up to which curvature is probed by differences of differenced gradients. */
const MAX_DIFFERENCED_SIZE = 40;

/** Large parts that a descent on a formula with a given rule does without. */
export interface Tools {
  /** Reads functions from their source. */
  readonly readFunction: typeof readFunction | undefined;
  /** Finds methods by name. */
  readonly resolveMethod: typeof resolveMethod | undefined;
}

export class Descent<P> {
  /** Where the gradients come from, and why, if not compiled. */
  readonly gradientSource: GradientChoice["source"];
  readonly gradientReason: string | undefined;
  /** Name of the method in use. */
  readonly method: string;

  private readonly rule: Transformation | undefined;
  private readonly layout: Layout;
  private readonly options: DescentOptions;
  private readonly sign: 1 | -1;
  private readonly table: Table | undefined;
  private readonly dtype: DType;
  private readonly stepper: Stepper;
  private readonly startParams: Float64Array;
  private readonly startValue: number;
  private readonly hostEvaluation: ((params: Float64Array) => ArrayLike<number>) | undefined;
  private readonly recorder: HistoryRecorder | undefined;
  private readonly clock: () => number;
  private readonly startTime: number;
  private readonly curvature: CurvatureProbe | undefined;
  private readonly hostEvaluate: ((params: Float64Array) => number) | undefined;
  private chunk: number = FIRST_CHUNK;
  private epoch = 0;
  private lastReasons: TerminationReason[] = [];
  private certificate: Certificate | undefined;

  constructor(objective: string | ObjectiveFunction, start: P, options: DescentOptions, sign: 1 | -1, tools: Tools) {
    this.clock = options.clock ?? defaultClock;
    this.startTime = this.clock();
    this.options = options;
    this.sign = sign;
    const { layout, values } = flatten(start as Params);
    this.layout = layout;
    this.startParams = values;
    this.table = options.data === undefined ? undefined : readTable(options.data);
    checkOptions(options, this.table?.rows);
    this.dtype = options.precision === undefined || options.precision === "float64" ? "float64" : "float32";

    const method = chooseMethod(options, tools);
    this.method = method.name;
    this.rule = "kind" in method ? undefined : method;
    const batch = options.batch === undefined || options.batch === "full" ? undefined : options.batch;
    const record = options.history ? { params: options.history === true || options.history.params !== false } : undefined;
    this.recorder = record === undefined ? undefined : new HistoryRecorder(layout.size, record.params);

    const read = this.read(objective, tools);
    const choice = chooseGradient(read, {
      layout,
      sign,
      gradient: options.gradient,
      start: values,
      seed: options.seed ?? 0,
      evaluator: (graph) => valueOnly(this.compileEvaluator(graph, "value")),
    });
    this.gradientSource = choice.source;
    this.gradientReason = choice.reason;
    this.curvature = choice.kind === "exact" ? new CurvatureProbe(choice.graph, layout, this.dtype, this.table) : undefined;
    this.hostEvaluate = choice.kind === "host" ? choice.value : undefined;
    // A differenced gradient costs 2n values, so beyond a few dozen parameters its own differences would cost more than the descent.
    const affordable = choice.source === "provided" || layout.size <= MAX_DIFFERENCED_SIZE;
    this.hostEvaluation = choice.kind === "host" && affordable ? (params) => this.counted(choice.evaluate(params)).gradient : undefined;

    const tolerances = (value: number): number[] =>
      toleranceValues(options.stopping ?? {}, value, {
        stochastic: batch !== undefined,
        dtype: this.dtype,
        exactGradient: choice.kind === "exact",
        sign,
      });
    if ("kind" in method) {
      let evaluate: (params: Float64Array) => HostEvaluation;
      if (choice.kind === "exact") evaluate = compiledEvaluation(this.compileEvaluator(choice.graph, "value and gradient"));
      else evaluate = choice.evaluate;
      this.stepper = new LineSearchStepper(method, values, evaluate, tolerances, record?.params ?? false);
    } else {
      const stepProgram: StepProgram = buildStepProgram({
        layout,
        dtype: this.dtype,
        method,
        start: values,
        table: this.table,
        batch,
        record,
        graph: choice.kind === "exact" ? choice.graph : undefined,
        keepBest: batch === undefined,
        criteria: activeCriteria(options.stopping ?? {}, batch !== undefined, {
          // A loop over many parameters measures norms in passing; a few scalars would wait for them.
          gradient: layout.size > FEW || method.residual !== undefined,
          step: layout.size > FEW || options.onStep !== undefined,
        }),
      });
      const executable = compile(stepProgram.program, this.compileOptions());
      const stepper =
        choice.kind === "exact"
          ? new CompiledStepper(stepProgram, executable, this.table)
          : new HostStepper(stepProgram, executable, choice.evaluate);
      this.stepper = stepper;
      if (batch !== undefined) this.arrangeRows();
      stepper.begin(tolerances);
    }
    if (options.checkpoint !== undefined) this.restore(options.checkpoint);
    this.startValue = this.stepper.value;
    if (!Number.isFinite(this.stepper.value)) this.lastReasons = ["non-finite-value"];
    else if (!Number.isFinite(maxNorm(this.stepper.gradient))) this.lastReasons = ["non-finite-gradient"];
    this.recorder?.append(this.recordHere(record?.params ?? false), 1, this.stepper.steps);
  }

  /** The current point, shaped like the start: a copy. Assigning moves there and evaluates; the state of the method is kept. */
  get params(): P {
    return unflatten(this.layout, this.stepper.params) as P;
  }
  set params(value: P) {
    this.stepper.moveTo(flattenLike(this.layout, value as Params));
    this.certificate = undefined;
  }

  /** The objective at the current point. */
  get value(): number {
    return this.sign * this.stepper.value;
  }

  /** The gradient at the current point, shaped like the start: a copy. */
  get gradient(): P {
    const gradient = this.stepper.gradient;
    return unflatten(this.layout, this.sign === 1 ? gradient : Array.from(gradient, (g) => -g)) as P;
  }

  /** Steps made. */
  get steps(): number {
    return this.stepper.steps;
  }

  /** Evaluations of the objective so far; a gradient by finite differences counts the values it takes. */
  get evaluations(): { readonly value: number; readonly gradient: number; readonly hessianVector: number } {
    return { ...this.stepper.evaluations };
  }

  /** State of the method by name: copies. */
  get state(): Record<string, Float64Array> {
    return this.stepper.state();
  }

  /** Reasons that ended the last {@link step} or {@link run}; empty if it can go on. */
  get reasons(): readonly TerminationReason[] {
    return this.lastReasons;
  }

  /** Recorded steps so far. */
  get history(): History | undefined {
    return this.recorder?.get();
  }

  /**
   * Makes up to `count` steps.
   *
   * @param count - whole, ≥ 0. Default 1.
   * @returns steps made: fewer than `count` if a stopping test held, a budget was used up, or the caller stopped it.
   */
  step(count = 1): number {
    const before = this.steps;
    if (!this.broken()) this.lastReasons = this.advance(count);
    return this.steps - before;
  }

  /** Descends until a criterion ends it; the point is then tested, and pursued further if it is no minimizer yet. */
  run(): this {
    if (this.broken()) return this;
    const first = this.stepper.measures;
    if (first.gradientNorm === 0 && this.batch === undefined) this.lastReasons = ["gradient-tolerance"];
    else this.lastReasons = this.advance(Number.POSITIVE_INFINITY);
    if (this.options.certify === false || this.batch !== undefined) return this;
    for (let pursuit = 0; pursuit < MAX_PURSUITS && this.lastReasons.includes("gradient-tolerance"); pursuit++) {
      this.certificate = this.test();
      if (this.certificate.finding !== "not-stationary" || this.stepper.measures.gradientNorm === 0) break;
      this.stepper.tighten(0.01);
      this.lastReasons = this.advance(Number.POSITIVE_INFINITY);
      this.certificate = undefined;
    }
    return this;
  }

  /** Everything needed to go on, bit for bit, as data that survives JSON. */
  checkpoint(): Checkpoint {
    return {
      format: "descend-checkpoint",
      version: 1,
      method: this.method,
      size: this.layout.size,
      seed: this.options.seed ?? 0,
      evaluations: this.evaluations,
      cells: encodeCells(this.stepper.save()),
    };
  }

  /** The outcome so far. */
  solution(): Solution<P> {
    const reasons = this.lastReasons.length > 0 ? this.lastReasons : (["stopped-by-caller"] as const);
    const certificate = this.certificate ?? (this.options.certify === false || this.broken() ? undefined : this.test());
    const verdict = decideVerdict({
      reasons,
      certificate,
      broken: this.broken(),
      stochastic: this.batch !== undefined,
      startValue: this.startValue,
      value: this.stepper.value,
    });
    // The point that passed the tests; values that differ by rounding do not make another one better. Otherwise the best one seen.
    const tested = verdict === "converged" || verdict === "precision-floor";
    const best = tested ? this.stepper : this.stepper.best;
    const params = unflatten(this.layout, best.params) as P;
    return {
      params,
      x: params,
      value: this.sign * best.value,
      verdict,
      converged: verdict === "converged",
      terminationReason: reasons[0]!,
      reasons,
      criteria: this.criteria(),
      tests: certificate?.tests ?? [],
      gradientSource: this.gradientSource,
      gradientReason: this.gradientReason,
      gradientNorm: this.stepper.measures.gradientNorm,
      method: this.method,
      steps: this.steps,
      evaluations: this.evaluations,
      milliseconds: this.clock() - this.startTime,
      history: this.history,
      warnings: this.warnings(),
    };
  }

  private get batch(): number | undefined {
    const { batch } = this.options;
    return batch === "full" ? undefined : batch;
  }

  private get maxSteps(): number {
    return this.options.maxSteps ?? (this.stepper instanceof LineSearchStepper ? 10_000 : 100_000);
  }

  private broken(): boolean {
    return !Number.isFinite(this.stepper.value) || !Number.isFinite(maxNorm(this.stepper.gradient));
  }

  /** The objective as a graph if it can be read and agrees with the original where both are asked. */
  private read(objective: string | ObjectiveFunction, tools: Tools): ReadObjective {
    const { constants = {}, seed = 0 } = this.options;
    const read = readObjective(objective, this.layout, { table: this.table, constants, sign: this.sign, readFunction: tools.readFunction });
    if (read.kind === "host" || read.original === undefined) return read;
    const disagreement = agreesWithOriginal(read.graph, read.original, this.startParams, this.table, seed);
    if (disagreement === undefined) return read;
    const { original } = read;
    return { kind: "host", evaluate: (params) => original(params, this.table?.rows ?? 0), reason: disagreement };
  }

  /** Steps until `count`, a criterion, or a budget. */
  private advance(count: number): TerminationReason[] {
    const { signal, onStep, timeLimit, maxEvaluations = Number.POSITIVE_INFINITY } = this.options;
    const last = Math.min(this.steps + count, Math.max(this.maxSteps, this.steps));
    const deadline = timeLimit === undefined ? Number.POSITIVE_INFINITY : this.startTime + 1000 * timeLimit;
    const evaluations = this.stepper.evaluations;
    for (;;) {
      if (signal?.aborted) return ["stopped-by-caller"];
      const time = this.clock();
      const evaluated = Math.max(evaluations.value, evaluations.gradient);
      if (this.steps >= last || evaluated >= maxEvaluations || time >= deadline) {
        const spent: TerminationReason[] = [];
        if (this.steps >= this.maxSteps) spent.push("max-steps");
        if (evaluated >= maxEvaluations) spent.push("max-evaluations");
        if (time >= deadline) spent.push("time-limit");
        return spent;
      }
      const { passes, code } = this.advanceChunk(Math.min(last - this.steps, maxEvaluations - evaluations.value));
      const stopped = onStep !== undefined && passes > 0 && onStep(this.stepInfo()) === "stop";
      if (code !== 0 || stopped) return [...reasonsOf(code), ...(stopped ? (["stopped-by-caller"] as const) : [])];
      invariant(passes > 0, "a descent makes steps or says why not");
      this.adaptChunk(passes, this.clock() - time);
    }
  }

  /** One call into compiled code: as many steps as chunk, record and epoch allow. */
  private advanceChunk(most: number): RunResult {
    let times = Math.max(1, Math.min(most, this.chunk));
    if (this.options.onStep !== undefined) times = 1;
    if (this.recorder !== undefined) times = Math.min(times, this.stepper.recordCapacity);
    if (this.batch !== undefined && this.shuffles) times = Math.min(times, this.stepsLeftInEpoch());
    const firstStep = this.steps + 1;
    const result = this.stepper.advance(times);
    if (result.passes > 0) this.recorder?.append(this.stepper.records(), result.passes, firstStep);
    if (this.batch !== undefined && this.shuffles) this.arrangeRows();
    return result;
  }

  private adaptChunk(passes: number, milliseconds: number): void {
    if (passes < this.chunk) return;
    if (milliseconds < CHUNK_MILLISECONDS / 2) this.chunk = Math.min(2 * this.chunk, 1e7);
    else if (milliseconds > 2 * CHUNK_MILLISECONDS) this.chunk = Math.max(1, Math.floor(this.chunk / 2));
  }

  private stepInfo(): StepInfo {
    const { measures, steps } = this.stepper;
    const self = this;
    return {
      step: steps,
      value: this.value,
      gradientNorm: measures.gradientNorm,
      stepNorm: measures.stepNorm,
      get params() {
        return self.params;
      },
      get gradient() {
        return self.gradient;
      },
    };
  }

  // Mini-batches. Step k uses batch k mod batchesPerEpoch of epoch ⌊k / batchesPerEpoch⌋ for its gradient, so the gradient that
  // the step after k needs is evaluated on batch k + 1.

  private get shuffles(): boolean {
    return this.options.shuffle !== false;
  }

  private get batchesPerEpoch(): number {
    return Math.ceil(this.table!.rows / this.batch!);
  }

  private stepsLeftInEpoch(): number {
    const done = (this.steps + 1) % this.batchesPerEpoch;
    return this.batchesPerEpoch - done;
  }

  /** Puts the rows in the order of the epoch that the next evaluation belongs to. */
  private arrangeRows(): void {
    if (!this.shuffles || !(this.stepper instanceof CompiledStepper)) return;
    const epoch = 1 + Math.floor((this.steps + 1) / this.batchesPerEpoch);
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.stepper.reorderRows(this.table!, shuffledOrder(this.table!.rows, this.options.seed ?? 0, epoch));
  }

  private restore(checkpoint: Checkpoint): void {
    this.stepper.load(decodeCheckpoint(checkpoint, this.method, this.layout.size));
    Object.assign(this.stepper.evaluations, checkpoint.evaluations);
    if (this.batch !== undefined) this.arrangeRows();
  }

  private recordHere(withParams: boolean): number[] {
    const { value, gradient, params } = this.stepper;
    return [value, twoNorm(gradient), 0, ...(withParams ? Array.from(params) : [])];
  }

  private compileOptions(): CompileOptions {
    return { precision: this.options.precision === "fast" ? "fast" : "reproducible" };
  }

  private compileEvaluator(graph: ObjectiveGraph, writes: "value" | "value and gradient"): Executable {
    const program = buildEvaluateProgram({ layout: this.layout, dtype: this.dtype, table: this.table, graph, writes });
    const executable = compile(program, this.compileOptions());
    storeTable(executable, this.table);
    return executable;
  }

  /** The tests at the current point. */
  private test(): Certificate {
    const { stepper } = this;
    const exact = this.curvature?.hessianVector(stepper.params);
    const hessianVector =
      exact ?? (this.hostEvaluation && differencedHessianVector(this.hostEvaluation, Float64Array.from(stepper.params)));
    const { gradient, smooth } = this.stationarity();
    return certify({
      params: Float64Array.from(stepper.params),
      startParams: this.startParams,
      value: stepper.value,
      gradient,
      gradientScale: stepper.measures.gradientScale,
      hessianVector:
        hessianVector &&
        ((direction) => {
          stepper.evaluations.hessianVector++;
          return smooth === undefined ? hessianVector(direction) : masked(hessianVector(masked(direction, smooth)), smooth);
        }),
      curvatureError: exact === undefined ? DIFFERENCED_CURVATURE_ERROR : EXACT_CURVATURE_ERROR,
      // Judging may cost about what descending did.
      maxProducts: stepper.evaluations.gradient,
      evaluate: (params) => this.valueAt(params),
      roundoff: this.dtype === "float64" ? 2 ** -53 : 2 ** -24,
      seed: this.options.seed ?? 0,
    });
  }

  /**
   * What must vanish here, and, where the objective may have kinks, in which coordinates it has none: curvature is looked at along these
   * only, since a kink holds its coordinate whatever the curvature.
   */
  private stationarity(): { gradient: Float64Array; smooth: Uint8Array | undefined } {
    const gradient = Float64Array.from(this.stepper.gradient);
    const residual = this.rule && residualOf(this.rule, this.layout.size)?.(this.stepper.params, gradient);
    if (residual === undefined) return { gradient, smooth: undefined };
    return { gradient: residual, smooth: Uint8Array.from(residual, (value, i) => (value === gradient[i] ? 1 : 0)) };
  }

  private counted(evaluation: HostEvaluation): HostEvaluation {
    this.stepper.evaluations.value += evaluation.valueCalls;
    this.stepper.evaluations.gradient += evaluation.gradientCalls;
    return evaluation;
  }

  private valueAt(params: Float64Array): number {
    this.stepper.evaluations.value++;
    return this.hostEvaluate !== undefined ? this.hostEvaluate(params) : this.curvature!.value(params);
  }

  /** Criteria that were active, with what was reached; a step is only measured where somebody asked. */
  private criteria(): Criterion[] {
    const { measures, value } = this.stepper;
    const stopping = this.options.stopping ?? {};
    const asked = (name: TerminationReason): boolean =>
      (name !== "step-tolerance" || stopping.stepTolerance !== undefined) &&
      (name !== "value-tolerance" || stopping.valueTolerance !== undefined) &&
      (name !== "target-value" || stopping.targetValue !== undefined);
    const values = toleranceValues(stopping, this.startValue, {
      stochastic: this.batch !== undefined,
      dtype: this.dtype,
      exactGradient: this.curvature !== undefined,
      sign: this.sign,
    });
    const [gradient, relative, step, valueTolerance, , target, divergence] = values as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const criteria: Criterion[] = [
      { name: "gradient-tolerance", tolerance: Math.max(gradient, relative * measures.gradientScale), reached: measures.gradientNorm },
      { name: "step-tolerance", tolerance: step * maxNorm(this.stepper.params), reached: measures.stepNorm },
      { name: "value-tolerance", tolerance: valueTolerance * Math.abs(value), reached: measures.valueChange },
      { name: "target-value", tolerance: this.sign * target, reached: this.sign * value },
      { name: "diverged", tolerance: divergence, reached: Math.abs(value) },
      { name: "max-steps", tolerance: this.maxSteps, reached: this.steps },
      {
        name: "max-evaluations",
        tolerance: this.options.maxEvaluations ?? Number.POSITIVE_INFINITY,
        reached: this.stepper.evaluations.value,
      },
      {
        name: "time-limit",
        tolerance: this.options.timeLimit ?? Number.POSITIVE_INFINITY,
        reached: (this.clock() - this.startTime) / 1000,
      },
    ];
    return criteria.filter(({ name }) => asked(name));
  }

  private warnings(): string[] {
    return this.gradientSource === "finite-difference" && this.gradientReason !== undefined
      ? [`The gradient comes from finite differences: ${this.gradientReason}`]
      : [];
  }
}

function masked(vector: Float64Array, keep: Uint8Array): Float64Array {
  return vector.map((value, i) => (keep[i] === 1 ? value : 0));
}

function chooseMethod({ method, learningRate, batch }: DescentOptions, { resolveMethod }: Tools): Transformation | LbfgsMethod {
  const rate = learningRate === undefined ? {} : { learningRate };
  if (method === undefined) return batch === undefined || batch === "full" ? lbfgs() : adam(rate);
  if (method === "lbfgs") return lbfgs();
  if (typeof method !== "string") return method;
  if (resolveMethod === undefined) {
    throw new OptionError(
      "OPTION_UNKNOWN",
      `method: here methods have no names; give the rule itself, such as adam(), instead of "${method}".`,
      {
        option: method,
        known: ["lbfgs"],
      },
    );
  }
  return resolveMethod(method, rate);
}

function compiledEvaluation(executable: Executable): (params: Float64Array) => HostEvaluation {
  return (params) => {
    executable.write(cells.PARAMS, params);
    executable.run(EVALUATE);
    return { value: executable.read(cells.VALUE)[0]!, gradient: executable.read(cells.GRADIENT), valueCalls: 1, gradientCalls: 1 };
  };
}

function valueOnly(executable: Executable): (params: Float64Array) => number {
  return (params) => {
    executable.write(cells.PARAMS, params);
    executable.run(EVALUATE);
    return executable.read(cells.VALUE)[0]!;
  };
}
