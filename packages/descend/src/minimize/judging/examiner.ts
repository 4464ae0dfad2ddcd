/**
 * Looks into what the derivatives at the end of a descent do not explain, and takes the descent on where that helps: beyond the noise of
 * an objective that is called from outside, and down to the bottom of a kink.
 */

import { twoNorm } from "../../numeric/blas1.js";
import { threefryUniform } from "../../numeric/random.js";
import { compileOverRows, compileValueAndGradient } from "../objective/evaluation.js";
import { StreamedProbe } from "../objective/streamed-probe.js";
import type { SetUp } from "../set-up.js";
import type { HostEvaluation } from "../steppers/compiled-stepper.js";
import { type TerminationReason, toleranceNames } from "../stopping.js";
import { examineBatches } from "./certificate/batches.js";
import { type Certificate, certify } from "./certificate/certify.js";
import { atKink, examine } from "./certificate/examine.js";
import { gradientTest } from "./certificate/gradient.js";
import type { GradientAt } from "./certificate/kink.js";
import { measureNoise } from "./certificate/noise.js";
import { REMAINING_STEP } from "./certificate/remaining.js";
import type { RunEvidence } from "./certificate/run-evidence.js";
import { kinkIsNear, kinkNearby, type WayPoint } from "./kink-nearby.js";
import type { PointTests } from "./point-tests.js";
import { type Pursuit, PursuitPace } from "./pursuit-pace.js";
import { Rehearsal } from "./rehearsal.js";
import { remembering } from "./remembering.js";
import { Snapshots } from "./snapshots.js";
import { measureStepSize, type StepSizeCertificate } from "./step-size.js";

/** Reasons after which no further evaluations are welcome. */
const NO_MORE: readonly TerminationReason[] = ["max-evaluations", "time-limit", "stopped-by-caller", "target-value"];
/** The same for a descent by batches, which often has no end but the caller's. */
const NO_MORE_ROWS: readonly TerminationReason[] = ["max-evaluations", "time-limit", "non-finite-value", "non-finite-gradient", "diverged"];
/** Steps whose length is measured. */
const RATE_STEPS = 8;
/** Batches whose gradients are compared. */
const BATCHES = 24;
/** Reasons after which steps may lead nowhere because of a kink. */
const AT_A_KINK: readonly TerminationReason[] = ["gradient-tolerance", "line-search-failed", "step-tolerance", "max-steps"];

/** Gradients that are kept for what comes after looking for a kink nearby. */
const EXAMINING = 20;
/** Steps in which a descent along a kink crosses it. */
const WALK = 12;

/** A step that was made and taken back. */
interface Walked {
  readonly params: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Certificate and value over all rows. */
interface WholeExamination {
  readonly certificate: Certificate;
  readonly value: number;
}

export class Examiner {
  private readonly setUp: SetUp;
  private readonly tests: PointTests;
  private evaluateAt: ((params: Float64Array) => HostEvaluation) | undefined;
  /** Of a descent by batches. */
  private readonly snapshots: Snapshots | undefined;
  /** What the certificate became when it was looked into. */
  private examination: Certificate | undefined;
  /** Of a descent by batches. */
  private wholeExamination: WholeExamination | undefined;
  /** What the last point that was looked at is, if it is at a kink. */
  private kink: { readonly at: Float64Array; readonly certificate: Certificate | undefined } | undefined;
  /** Steps made on from a point and taken back, with what the descent needs to make more of them. */
  private walked:
    | { readonly from: Float64Array; readonly way: Walked[]; saved: Record<string, ArrayLike<number>>; ended: boolean }
    | undefined;
  private pace: PursuitPace | undefined;
  /** Of a table that is streamed. */
  private rehearsal: Rehearsal | undefined;
  private readonly gradientNear: GradientAt = remembering((params) => this.gradientAt(params));
  /** Jitter of the values; 0 if none was seen. */
  private noise = 0;

  constructor(setUp: SetUp, tests: PointTests) {
    this.setUp = setUp;
    this.tests = tests;
    // What is called from outside may jitter: it is asked again each time.
    if (setUp.choice.kind === "exact") tests.evaluate = remembering(tests.evaluate);
    if (setUp.curvature instanceof StreamedProbe) this.rehearse(setUp.curvature);
    const { batch, table, layout } = setUp;
    if (batch !== undefined) this.snapshots = new Snapshots(layout.size, Math.ceil(table!.rows / batch));
  }

  /**
   * How many factors smaller the gradient must get before it is worth looking again.
   *
   * @param excess - distance to a minimizer, in units of what it may be.
   * @param again - whether this is not the first time since the descent began.
   */
  pursuit(excess: number, again: boolean, left: number): Pursuit {
    const unit = REMAINING_STEP[this.setUp.dtype === "float32" ? "single" : "double"];
    if (!again || this.pace === undefined) this.pace = new PursuitPace(unit);
    return this.pace.next(excess, left);
  }

  /** Another point: nothing is known of it. */
  forget(): void {
    this.examination = undefined;
    this.wholeExamination = undefined;
  }

  /** The certificate with what it leaves open looked into. Looked at once. */
  examined(certificate: Certificate, reasons: readonly TerminationReason[]): Certificate {
    this.examination ??= this.tests.meter.during(() => this.asFarAsSeen(this.examine(this.asFarAsSeen(certificate), reasons)));
    return this.examination;
  }

  /** The certificate of a descent by batches: over all rows. Undefined where evaluations are no longer welcome. Looked at once. */
  examinedBatches(reasons: readonly TerminationReason[]): WholeExamination | undefined {
    this.wholeExamination ??= this.tests.meter.during(() => this.examineBatches(reasons));
    return this.wholeExamination;
  }

  /** Where rounding of the values makes slopes that the test of the gradient would not allow, differences prove a minimizer to rounding only, and no saddle. */
  private asFarAsSeen(certificate: Certificate): Certificate {
    const rounding = this.slopeRounding();
    if (rounding === 0 || rounding <= gradientTest(this.tests.evidence()).threshold) return certificate;
    const { finding } = certificate;
    // Beside a slope that is not seen every direction down looks like one of a saddle.
    if (finding === "saddle" || finding === "maximum") return { ...certificate, finding: "not-stationary" };
    return finding === "minimizer" ? { ...certificate, finding: "minimizer-to-rounding" } : certificate;
  }

  /** What slopes may be wrong by where they are differences of values, by the rounding of these. */
  private slopeRounding(): number {
    const { choice, stepper } = this.setUp;
    return (choice.kind === "host" ? choice.rounding?.(stepper.params, stepper.value) : undefined) ?? 0;
  }

  private examine(certificate: Certificate, reasons: readonly TerminationReason[]): Certificate {
    const { whole, stepper } = this.setUp;
    if (whole !== undefined) return whole.certify(certificate, stepper, (params) => this.tests.valueAt(params));
    if (NO_MORE.includes(reasons[0]!)) return certificate;
    const run: RunEvidence = {
      point: this.tests.evidence(),
      certificate,
      reasons,
      host: this.setUp.choice.kind === "host",
      best: this.setUp.stepper.best.value,
      walk: this.setUp.search !== undefined ? undefined : (steps, visit) => this.walk(steps, visit),
      loose: () => this.setUp.general?.loose(this.setUp, () => this.tests.hessianVector()),
      kink: (tested) => this.atKink(tested),
      gradientAt: this.gradientNear,
      slopeRounding: this.slopeRounding(),
      left: () => this.tests.meter.left,
    };
    return this.tests.settled(() => examine(run));
  }

  /** Values that are known together are evaluated together. */
  private rehearse(probe: StreamedProbe): void {
    const { tests } = this;
    const { stepper } = this.setUp;
    const valuesAt = (points: readonly Float64Array[]): number[] => {
      stepper.evaluations.value += points.length;
      return probe.values(points);
    };
    const rehearsal = new Rehearsal(valuesAt, () => stepper.value + Math.abs(stepper.value) + 1);
    this.rehearsal = rehearsal;
    tests.evaluate = (params) => rehearsal.value(params);
    tests.settled = (work) => rehearsal.settled(work);
  }

  /** What the point is if it is at a kink. Looked at once. */
  private atKink(certificate: Certificate): Certificate | undefined {
    if (!this.isHere(this.kink?.at)) {
      const point = this.tests.evidence();
      const { left } = this.tests.meter;
      this.kink = { at: point.params, certificate: this.tests.settled(() => atKink(point, certificate, this.gradientNear, left)) };
    }
    return this.kink!.certificate;
  }

  /** Steps that may be made at once, so that points of a descent by batches can be kept. */
  stepsLeft(steps: number): number {
    return this.snapshots?.stepsLeft(steps) ?? Number.POSITIVE_INFINITY;
  }

  /** To be called between steps. */
  afterSteps(steps: number): void {
    this.snapshots?.take(steps, this.setUp.stepper.params);
  }

  private examineBatches(reasons: readonly TerminationReason[]): WholeExamination | undefined {
    const { choice, stepper, table, batch, dtype } = this.setUp;
    if (reasons.some((reason) => NO_MORE_ROWS.includes(reason)) || choice.kind !== "exact" || table === undefined || batch === undefined) {
      return undefined;
    }
    const params = Float64Array.from(stepper.params);
    const whole = this.gradientAt(params);
    if (!Number.isFinite(whole.value)) return undefined;
    const evidence = this.tests.evidence(whole);
    const certificate = certify(evidence);
    const overRows = compileOverRows(choice.graph, { ...this.setUp, table }, batch);
    const batchGradients = Array.from({ length: BATCHES }, (_, k) => {
      const rows = Array.from({ length: batch }, (_, i) => Math.floor(threefryUniform(this.tests.seed, 0xba7c + k, i) * table.rows));
      return Float64Array.from(this.tests.counted(overRows(params, rows)).gradient);
    });
    const points = this.snapshots?.between(stepper.steps / 2, stepper.steps) ?? [];
    const values = [...points.map((at) => this.tests.valueAt(at)), whole.value];
    const roundoff = dtype === "float64" ? 2 ** -53 : 2 ** -24;
    const rate = this.effectiveRate(params, Math.sqrt(batchGradients.reduce((sum, g) => sum + twoNorm(g) ** 2, 0) / BATCHES));
    const { hessianVector } = evidence;
    const examined = examineBatches(certificate, {
      ...whole,
      batchGradients,
      unevenness: unevenness(table.rows, batch),
      hessianVector,
      rate,
      values,
      roundoff,
    });
    return { certificate: examined, value: whole.value };
  }

  /** What the curvature here says about the length of steps; undefined without second derivatives. */
  stepSize(): StepSizeCertificate | undefined {
    const { batch, method, updateRule, stepper, tolerances } = this.setUp;
    const params = Float64Array.from(stepper.params);
    const { value, gradient, hessianVector } = this.tests.evidence(batch === undefined ? undefined : this.gradientAt(params));
    if (hessianVector === undefined || !Number.isFinite(value)) return undefined;
    const [absolute, relative] = ["gradient", "relativeGradient"].map(
      (name) => tolerances(value)[toleranceNames.indexOf(name as "gradient")]!,
    );
    const tolerance = { absolute: Math.max(absolute!, Number.MIN_VALUE), relative: Math.max(0, relative!) };
    return measureStepSize({
      gradient,
      hessianVector,
      method,
      rule: updateRule,
      state: updateRule === undefined ? {} : stepper.state(),
      tolerance,
      seed: this.tests.seed,
    });
  }

  /**
   * Measures how much values jitter that come from outside, and makes differences wide enough for it.
   *
   * @param thorough - also look for jitter that is the same at each call.
   * @returns whether there was something new to adapt to; the gradient is then another one.
   */
  adaptToNoise(thorough: boolean): boolean {
    const { choice, stepper } = this.setUp;
    if (choice.kind !== "host" || choice.adaptToNoise === undefined || this.setUp.whole !== undefined || this.noise > 0) return false;
    const params = Float64Array.from(stepper.params);
    const { value, startValue } = this.tests.evidence();
    const scale = Math.max(Math.abs(value), Math.abs(startValue));
    this.noise = this.tests.meter.during(() => measureNoise((at) => this.tests.valueAt(at), params, value, scale, 2 ** -53, thorough));
    if (this.noise === 0) return false;
    choice.adaptToNoise(this.noise);
    stepper.moveTo(params);
    return true;
  }

  /**
   * Moves to the bottom of a kink if there is one where the steps no longer help.
   *
   * @param maxEvaluations - of the descent as a whole.
   * @returns whether it moved. Steps of that kind are the descent's, also where they find nothing
   * lower; to see that they are needed is judging.
   */
  recoverAtKink(
    certificate: Certificate,
    [reason]: readonly TerminationReason[],
    maxEvaluations: number = Number.POSITIVE_INFINITY,
  ): boolean {
    if (this.noise > 0 || this.setUp.whole !== undefined || !AT_A_KINK.includes(reason!) || certificate.finding !== "not-stationary")
      return false;
    const { stepper, nearest } = this.setUp;
    const { meter } = this.tests;
    const point = this.tests.evidence();
    const crossed = meter.during(
      () => this.atKink(certificate)?.finding !== "minimizer" && kinkIsNear(point, this.gradientNear, this.wayOn(), meter.left - EXAMINING),
    );
    const left = maxEvaluations - Math.max(stepper.evaluations.value, stepper.evaluations.gradient);
    const reached = crossed ? kinkNearby(point, (params) => this.gradientAt(params), left) : undefined;
    if (reached !== undefined) stepper.moveTo(nearest(reached.params));
    return reached !== undefined;
  }

  /** The point and where the descent would go next; empty if it searches along lines. */
  private wayOn(): WayPoint[] {
    const { search, choice, stepper } = this.setUp;
    if (search !== undefined) return [];
    const estimated = choice.kind === "host" && choice.reference !== undefined;
    const gradientAt = (at: Float64Array, own: ArrayLike<number>) => (estimated ? this.gradientAt(at).gradient : Float64Array.from(own));
    const here = Float64Array.from(stepper.params);
    const way = [{ params: here, gradient: gradientAt(here, stepper.gradient) }];
    this.walk(WALK, (at, _, own) => {
      const params = Float64Array.from(at);
      way.push({ params, gradient: gradientAt(params, own) });
    });
    return way;
  }

  /** Length of steps from here in units of the gradient of a batch. */
  private effectiveRate(params: Float64Array, gradient: number): number {
    let before = params;
    const lengths: number[] = [];
    this.walk(RATE_STEPS, (at) => {
      const here = Float64Array.from(at);
      lengths.push(twoNorm(here.map((x, i) => x - before[i]!)));
      before = here;
    });
    const length = Math.sqrt(lengths.reduce((sum, value) => sum + value * value, 0) / Math.max(1, lengths.length));
    return gradient > 0 ? length / gradient : 0;
  }

  /** Value and gradient at another point; copies. */
  private gradientAt(params: Float64Array): { value: number; gradient: Float64Array } {
    this.rehearsal?.requireValues();
    const { choice, nearest } = this.setUp;
    const at = nearest(params);
    if (choice.kind === "exact") this.evaluateAt ??= compileValueAndGradient(choice.graph, this.setUp);
    const { value, gradient } = this.tests.counted(
      (choice.kind === "exact" ? this.evaluateAt! : (choice.reference ?? choice.evaluate))(at),
    );
    return { value, gradient: Float64Array.from(gradient) };
  }

  private isHere(params: Float64Array | undefined): boolean {
    const here = this.setUp.stepper.params;
    return params?.every((x, i) => x === here[i]) === true;
  }

  /** Steps on from here and back again; those that were made before are not made again. */
  private walk(steps: number, visit: (params: ArrayLike<number>, value: number, gradient: ArrayLike<number>) => void): void {
    this.rehearsal?.requireValues();
    const { stepper } = this.setUp;
    const saved = stepper.save();
    if (!this.isHere(this.walked?.from)) this.walked = { from: Float64Array.from(stepper.params), way: [], saved, ended: false };
    const walked = this.walked!;
    stepper.load(walked.saved);
    while (walked.way.length < steps && !walked.ended) {
      const { passes, code } = stepper.advance(1);
      if (passes === 0 || code !== 0) walked.ended = true;
      else
        walked.way.push({
          params: Float64Array.from(stepper.params),
          value: stepper.value,
          gradient: Float64Array.from(stepper.gradient),
        });
    }
    walked.saved = stepper.save();
    stepper.load(saved);
    for (const { params, value, gradient } of walked.way.slice(0, steps)) visit(params, value, gradient);
  }
}

/** Mean over the batches of an epoch of full size/size. */
function unevenness(rows: number, batch: number): number {
  const rest = rows % batch;
  return rest === 0 ? 1 : (Math.floor(rows / batch) + batch / rest) / Math.ceil(rows / batch);
}
