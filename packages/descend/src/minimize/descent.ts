/**
 * A descent one can walk: step, look, edit, save, go on.
 *
 * Owns what surrounds the steps: budgets, callbacks, history, the pursuit of a point that fails its tests, the outcome.
 */

import { invariant } from "../errors.js";
import type { RunResult } from "../graph/program.js";
import { maxNorm, twoNorm } from "../numeric/blas1.js";
import { flattenLike, type Params, unflatten } from "../tree/tree.js";
import { brokenPlace } from "./broken-place.js";
import type { Checkpoint } from "./checkpoint.js";
import { defaultClock } from "./clock.js";
import { criteriaOf } from "./criteria.js";
import type { Checkpoints } from "./descent-checkpoint.js";
import { type History, HistoryRecorder } from "./history.js";
import type { Certificate } from "./judging/certificate/certify.js";
import type { Examiner } from "./judging/examiner.js";
import { PointTests } from "./judging/point-tests.js";
import { PURSUIT_FACTOR } from "./judging/pursuit-pace.js";
import type { StepSizeCertificate } from "./judging/step-size.js";
import type { ObjectiveFunction } from "./objective/objective.js";
import type { Onlooker, Sight } from "./onlooker.js";
import { check, type DescentOptions } from "./options.js";
import { Pace } from "./pace.js";
import { type SetUp, setUp } from "./set-up.js";
import type { GradientSource, Solution } from "./solution.js";
import { saysStop, stepInfo } from "./step-info.js";
import type { Stepper } from "./steppers/stepper.js";
import { reasonsOf, type TerminationReason } from "./stopping.js";
import { rememberSubject, subjectOf } from "./subject.js";
import type { DescentTools } from "./tools.js";
import { decideVerdict } from "./verdict.js";

/** How often a point that fails the certificate is pursued with a hundred times smaller tolerance. */
const MAX_PURSUITS = 10;
const MAX_PURSUITS_BY_VALUES = 4;
/**
 * Gradients that must be left of what judging may cost for a point that was tested as a whole to be
 * pursued: another one is tested in the end.
 */
const JUDGING_RESERVE = 25;
/** Steps at most, unless told otherwise: rules are cheap by the step and so are searches by values; searches by gradients need few. */
const MAX_STEPS = 100_000;
const MAX_SEARCH_STEPS = 10_000;

export class Descent<P> {
  /** Where the gradients come from, and why, if not compiled. */
  readonly gradientSource: GradientSource;
  readonly gradientReason: string | undefined;
  /** Name of the method in use. */
  readonly method: string;
  /** Who looks at steps in passing. Steps are the same with and without. */
  onlooker: Onlooker | undefined;

  private readonly options: DescentOptions;
  private readonly sign: 1 | -1;
  protected setUp: SetUp;
  protected stepper: Stepper;
  private startValue!: number;
  private tests!: PointTests;
  private recorder: HistoryRecorder | undefined;
  private readonly clock: () => number;
  private startTime: number;
  private readonly pace: Pace = new Pace();
  private lastReasons: TerminationReason[] = [];
  private certificate: Certificate | undefined;
  private pursuits = 0;
  private readonly checkpoints: Checkpoints | undefined;
  private readonly newExaminer: DescentTools["Examiner"];
  private examiner: Examiner | undefined;
  /** Gradients until the last step, those of the tests not counted. */
  private stepGradients = 0;

  /** Use `createDescent`. */
  constructor(objective: string | ObjectiveFunction, start: P, options: DescentOptions, sign: 1 | -1, tools: DescentTools) {
    tools.checkKinds(options);
    this.clock = options.clock ?? defaultClock;
    this.startTime = this.clock();
    this.options = options;
    this.sign = sign;
    rememberSubject(this, { objective, start, options, sense: sign === 1 ? "minimize" : "maximize" });
    this.setUp = setUp(objective, start, options, sign, tools);
    const { choice, method, stepper } = this.setUp;
    this.gradientSource = choice.source;
    this.gradientReason = choice.reason;
    this.method = method;
    this.stepper = stepper;
    this.newExaminer = tools.Examiner;
    this.checkpoints = tools.general?.checkpoints;
    this.begin(options.checkpoint);
  }

  /** What surrounds the steps, where the stepper stands at its start or is brought to a checkpoint. */
  private begin(checkpoint?: Checkpoint): void {
    const { stepper, setUp, options, newExaminer } = this;
    this.recorder = options.history ? new HistoryRecorder(setUp.layout.size, options.history, this.sign) : undefined;
    let resumed = false;
    if (checkpoint !== undefined) {
      resumed = this.checkpoints!.read(checkpoint, setUp, stepper, subjectOf(this)!, this.recorder);
      this.stepGradients = stepper.evaluations.gradient;
      setUp.arrangeRows();
    }
    this.startValue = stepper.value;
    this.tests = new PointTests(setUp.testedView?.(setUp) ?? setUp, this.startValue, options.seed ?? 0);
    this.examiner = newExaminer && new newExaminer(setUp, this.tests);
    this.lastReasons = [];
    if (!Number.isFinite(stepper.value)) this.lastReasons = ["non-finite-value"];
    else if (this.broken()) this.lastReasons = ["non-finite-gradient"];
    if (!resumed) this.recordHere();
  }

  /**
   * Begins anew at another start, or at the nearest point that is allowed, as a descent made there: nothing is remembered or counted, and
   * nothing is read, differentiated or compiled again. Differences that were made wider for values that jitter stay so.
   */
  restart(start: P): this {
    const { layout, nearest, stepperAt, warningsAt } = this.setUp;
    const given = flattenLike(layout, start as Params, "start");
    const startParams = nearest(given);
    this.startTime = this.clock();
    rememberSubject(this, { ...subjectOf(this)!, start });
    this.stepper = stepperAt(startParams);
    this.setUp = { ...this.setUp, startParams, stepper: this.stepper, warnings: warningsAt(given, startParams) };
    this.stepGradients = 0;
    this.pursuits = 0;
    this.forget();
    this.begin();
    return this;
  }

  private recordHere(): void {
    const { stepper, setUp } = this;
    this.recorder?.append(
      [
        stepper.value,
        stepper.followsGradient ? twoNorm(stepper.gradient) : Number.NaN,
        0,
        ...(setUp.recordsParams ? Array.from(stepper.params) : []),
      ],
      1,
      stepper.steps,
    );
  }

  /**
   * The current point, shaped like the start: a copy. Assigning moves there (or to the nearest point that is allowed) and evaluates; the
   * state of the method is kept, the best point seen is not.
   */
  get params(): P {
    return unflatten(this.setUp.layout, this.stepper.params) as P;
  }
  set params(value: P) {
    const { layout, nearest } = this.setUp;
    this.stepper.moveTo(nearest(flattenLike(layout, value as Params)));
    this.stepper.forgetBest();
    this.forget();
  }

  /**
   * Reads the rows of the table anew from the arrays it was given, which must be typed ones, and evaluates at the current point; the state
   * of the method is kept. So a descent goes on over rows that come one after the other.
   *
   * @throws OptionError OPTIONS_CONFLICT without a table, with batches, and for methods that search
   */
  rereadRows(): void {
    const { rowAccess } = this.setUp;
    if (rowAccess === undefined) throw this.setUp.remarks!.noRowsToRead();
    rowAccess.reread();
    this.forget();
  }

  /** The objective at the current point. */
  get value(): number {
    return this.sign * this.stepper.value;
  }

  /** The gradient at the current point, shaped like the start: a copy. */
  get gradient(): P {
    const { gradient } = this.stepper;
    return unflatten(this.setUp.layout, this.sign === 1 ? gradient : Array.from(gradient, (g) => -g)) as P;
  }

  /**
   * The current point and its gradient as vectors in the order of the tree, with the value that is minimized: views, valid until the next
   * step. For who looks at steps often: a copy in the shape of the start takes longer than a small step.
   */
  get flat(): Sight {
    return this.stepper;
  }

  /** Steps made. */
  get steps(): number {
    return this.stepper.steps;
  }

  /** Evaluations of the objective so far; a gradient by finite differences counts the values it takes. */
  get evaluations(): { readonly value: number; readonly gradient: number; readonly hessianVector: number } {
    return { ...this.stepper.evaluations };
  }

  /**
   * Gradients of single rows that the steps so far were made of: the same measure for all sizes of batches. 0 without a table. The gradient
   * where it stands, which no step has used yet, is not counted.
   */
  get rowGradients(): number {
    const { table, rowAccess } = this.setUp;
    const used = Math.max(0, this.stepGradients - 1);
    return rowAccess?.inGradients(used) ?? used * (table?.rows ?? 0);
  }

  /** State of the method by name: copies. */
  get state(): Record<string, Float64Array> {
    return this.stepper.state();
  }

  /** Reasons that ended the last {@link step} or {@link run}; empty if it can go on. */
  get reasons(): readonly TerminationReason[] {
    return this.lastReasons;
  }

  /**
   * What the curvature at the current point says about the length of steps: the largest stable learning rate, and how
   * many steps there are to go. Measured when asked for, by at most 120 products with the Hessian; undefined without
   * second derivatives, and for `minimizeFormula`.
   */
  get stepSize(): StepSizeCertificate | undefined {
    return this.examiner?.stepSize();
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
   * @throws OptionError OPTION_OUT_OF_RANGE
   */
  step(count = 1): number {
    check("step", count, (v) => (Number.isInteger(v) && v >= 0) || v === Number.POSITIVE_INFINITY, "a whole number of steps ≥ 0");
    const before = this.steps;
    if (!this.broken()) this.lastReasons = this.advance(count);
    this.forget();
    return this.steps - before;
  }

  /** Descends until a criterion ends it; the point is then tested, and pursued further if it is no minimizer yet. */
  run(): this {
    if (this.broken()) return this;
    const { stochastic } = this.setUp;
    if (this.mayPursue()) this.examiner?.adaptToNoise(false);
    // Curvature shows the way down from a saddle.
    const atRest = this.stepper.measures.gradientNorm === 0 && !stochastic && this.setUp.search?.uses !== "curvature";
    this.lastReasons = atRest ? ["gradient-tolerance"] : this.advance(Number.POSITIVE_INFINITY);
    this.forget();
    this.pursuits = 0;
    while (this.pursue()) this.lastReasons = this.advance(Number.POSITIVE_INFINITY);
    return this;
  }

  /**
   * For who walks by {@link step} what {@link run} does by itself. Tests a point at which the gradient met its tolerance and, if it is no
   * minimizer yet, asks for a hundredth of that tolerance. Makes differences wide enough for values that jitter, if that is what ended the
   * descent, and moves to the bottom of a kink if one stops the steps.
   *
   * @returns whether there are steps to make.
   */
  pursue(): boolean {
    if (!this.mayPursue()) return false;
    const { examiner, lastReasons, stepper } = this;
    if (lastReasons[0] === "line-search-failed" && examiner?.adaptToNoise(true)) {
      this.forget();
      return true;
    }
    const { followsGradient } = stepper;
    const most = followsGradient ? MAX_PURSUITS : MAX_PURSUITS_BY_VALUES;
    const ending = followsGradient ? "gradient-tolerance" : "step-tolerance";
    // Who asked for a value and has it wants no more
    if (this.pursuits < most && lastReasons.includes(ending) && lastReasons[0] !== "target-value") {
      const { certificate, excess } = this.tests.certifyOrGoOn(this.pursuits > 0);
      if (certificate !== undefined) {
        this.certificate = certificate;
        const { finding } = certificate;
        const open = finding === "not-stationary" || finding === "minimizer-to-rounding" || finding === "plateau";
        if (!open || stepper.measures.gradientNorm === 0 || this.tests.meter.left < JUDGING_RESERVE) return false;
      }
      const next = examiner?.pursuit(excess, this.pursuits > 0, most - this.pursuits);
      this.pursuits += next?.counted ?? 1;
      stepper.tighten(PURSUIT_FACTOR ** (next?.factors ?? 1));
      this.forget();
      return true;
    }
    if (examiner === undefined) return false;
    this.certificate ??= this.tests.certify();
    if (examiner.recoverAtKink(this.certificate, lastReasons, this.options.maxEvaluations)) this.forget();
    return false;
  }

  private mayPursue(): boolean {
    return this.options.certify !== false && this.options.pursue !== false && !this.setUp.stochastic;
  }

  /** Everything needed to go on, bit for bit, as data that survives JSON; with the history, if one is recorded. */
  checkpoint(): Checkpoint {
    return this.checkpoints!.write(this.setUp, this.stepper, subjectOf(this)!, this.recorder);
  }

  /** The outcome so far. */
  solution(): Solution<P> {
    const { stepper, sign } = this;
    const broken = this.broken();
    const stochastic = this.setUp.batch !== undefined;
    const reasons = this.lastReasons.length > 0 ? this.lastReasons : (["stopped-by-caller"] as const);
    if (this.options.certify !== false && !broken && !stochastic) this.certificate ??= this.tests.certify();
    const whole =
      stochastic && !broken && this.options.certify !== false && this.options.signal?.aborted !== true
        ? this.examiner?.examinedBatches(reasons)
        : undefined;
    const plain = this.certificate;
    const certificate = whole?.certificate ?? (plain && (this.examiner?.examined(plain, reasons) ?? plain));
    const { startValue } = this;
    const verdict = decideVerdict({
      reasons,
      certificate,
      broken,
      stochastic,
      byValues: !stepper.followsGradient,
      pursued: this.pursuits > 0,
      startValue,
      value: stepper.value,
    });
    // The point that passed the tests; values that differ by rounding do not make another one better. Otherwise the best one seen.
    const tested = verdict === "converged" || verdict === "precision-floor";
    const best = tested ? stepper : this.recommended();
    const params = unflatten(this.setUp.layout, best.params) as P;
    const milliseconds = this.clock() - this.startTime;
    const solution: Solution<P> = {
      params,
      x: params,
      value: sign * (whole !== undefined && best.value === stepper.value ? whole.value : best.value),
      verdict,
      converged: verdict === "converged",
      terminationReason: reasons[0]!,
      reasons,
      criteria: criteriaOf({
        stepper,
        sign,
        options: this.options,
        startParams: this.setUp.startParams,
        tolerances: this.setUp.tolerances(startValue),
        maxSteps: this.maxSteps,
        seconds: milliseconds / 1000,
      }),
      tests: certificate?.tests ?? [],
      gradientSource: this.gradientSource,
      gradientReason: this.gradientReason,
      gradientNorm: stepper.measures.gradientNorm,
      method: this.method,
      steps: this.steps,
      evaluations: this.evaluations,
      judging: this.tests.meter.spent,
      rowGradients: this.rowGradients,
      milliseconds,
      history: this.history,
      warnings: this.warnings(tested),
    };
    // On request only, and not where a solution is printed or written: it takes evaluations.
    Object.defineProperty(solution, "stepSize", { get: () => this.stepSize, enumerable: false });
    rememberSubject(solution, subjectOf(this)!);
    return solution;
  }

  /** Another point: nothing is known of it. */
  private forget(): void {
    this.certificate = undefined;
    this.examiner?.forget();
  }

  private get maxSteps(): number {
    return this.options.maxSteps ?? (this.setUp.search !== undefined && this.stepper.followsGradient ? MAX_SEARCH_STEPS : MAX_STEPS);
  }

  /** What the rule recommends where it does and values cannot tell better; otherwise the best point seen. */
  private recommended(): { readonly params: ArrayLike<number>; readonly value: number } {
    const { best } = this.stepper;
    const answer = this.broken() ? undefined : this.stepper.answer;
    return answer !== undefined && (this.setUp.batch !== undefined || answer.value < best.value) ? answer : best;
  }

  private broken(): boolean {
    const { value, followsGradient } = this.stepper;
    return !Number.isFinite(value) || (followsGradient && !Number.isFinite(maxNorm(this.stepper.gradient)));
  }

  /** Steps until `count`, a criterion, or a budget. */
  private advance(count: number): TerminationReason[] {
    const { signal, onStep, timeLimit, maxEvaluations = Number.POSITIVE_INFINITY } = this.options;
    const last = Math.min(this.steps + count, Math.max(this.maxSteps, this.steps));
    const deadline = timeLimit === undefined ? Number.POSITIVE_INFINITY : this.startTime + 1000 * timeLimit;
    const { evaluations } = this.stepper;
    let time = this.clock();
    /** Since the clock was looked at. */
    let steps = 0;
    for (;;) {
      if (signal?.aborted) return ["stopped-by-caller"];
      const evaluated = Math.max(evaluations.value, evaluations.gradient);
      if (this.steps >= last || evaluated >= maxEvaluations || time >= deadline) {
        const spent: TerminationReason[] = [];
        if (this.steps >= this.maxSteps) spent.push("max-steps");
        if (evaluated >= maxEvaluations) spent.push("max-evaluations");
        if (time >= deadline) spent.push("time-limit");
        return spent;
      }
      const { passes, code } = this.advanceOnce(Math.min(last - this.steps, maxEvaluations - evaluations.value));
      const stopped = passes > 0 && saysStop(onStep?.(stepInfo(this, this.stepper.measures)));
      if (code !== 0 || stopped) return [...reasonsOf(code), ...(stopped ? (["stopped-by-caller"] as const) : [])];
      invariant(passes > 0, "a descent makes steps or says why not");
      steps += passes;
      // Calls that an onlooker cut short are paced together
      if (steps < this.pace.chunk && this.onlooker !== undefined && onStep === undefined) continue;
      const now = this.clock();
      this.pace.adapt(steps, now - time);
      time = now;
      steps = 0;
    }
  }

  /** One call into compiled code: as many steps as pace, record and epoch allow. */
  private advanceOnce(most: number): RunResult {
    const { stepper, recorder } = this;
    const { batchOrder } = this.setUp;
    let times = this.options.onStep === undefined ? Math.max(1, Math.min(most, this.pace.chunk)) : 1;
    if (recorder !== undefined) times = Math.min(times, stepper.recordCapacity);
    if (batchOrder !== undefined) times = Math.min(times, batchOrder.stepsLeft(stepper.steps));
    times = Math.min(times, this.examiner?.stepsLeft(stepper.steps) ?? times, this.onlooker?.stepsUntilLook(stepper.steps) ?? times);
    const firstStep = stepper.steps + 1;
    const result = stepper.advance(times);
    this.stepGradients = stepper.evaluations.gradient;
    if (result.passes > 0) recorder?.append(stepper.records(), result.passes, firstStep);
    this.examiner?.afterSteps(stepper.steps);
    this.onlooker?.afterSteps(stepper);
    this.setUp.arrangeRows();
    return result;
  }

  private warnings(tested: boolean): readonly string[] {
    const { warnings, remarks, stepper } = this.setUp;
    if (this.broken()) return [...warnings, brokenPlace(this.setUp, stepper, this.value)];
    return tested && remarks !== undefined ? [...warnings, ...remarks.lowerSeen(stepper, this.startValue, this.sign)] : warnings;
  }
}
