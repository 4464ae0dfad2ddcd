/**
 * Looks into what the derivatives at the end of a descent do not explain, and takes the descent on where that helps: beyond the noise of
 * an objective that is called from outside, and down to the bottom of a kink.
 */

import type { Certificate } from "./certificate/certify.js";
import { examine } from "./certificate/examine.js";
import { measureNoise } from "./certificate/noise.js";
import type { HostEvaluation } from "./compiled-stepper.js";
import { compileValueAndGradient } from "./evaluation.js";
import { kinkNearby } from "./kink-nearby.js";
import type { PointTests } from "./point-tests.js";
import type { SetUp } from "./set-up.js";
import type { TerminationReason } from "./stopping.js";

/** Reasons after which no further evaluations are welcome. */
const NO_MORE: readonly TerminationReason[] = ["max-evaluations", "time-limit", "stopped-by-caller", "target-value"];
/** Reasons after which steps may lead nowhere because of a kink. */
const AT_A_KINK: readonly TerminationReason[] = ["gradient-tolerance", "line-search-failed", "step-tolerance", "max-steps"];

/** Steps in which a descent along a kink crosses it. */
const WALK = 12;

export class Examiner {
  private readonly setUp: SetUp;
  private readonly tests: PointTests;
  private evaluateAt: ((params: Float64Array) => HostEvaluation) | undefined;
  /** Jitter of the values; 0 if none was seen. */
  private noise = 0;

  constructor(setUp: SetUp, tests: PointTests) {
    this.setUp = setUp;
    this.tests = tests;
  }

  /** The certificate with what it leaves open looked into. */
  examine(certificate: Certificate, reasons: readonly TerminationReason[]): Certificate {
    if (NO_MORE.includes(reasons[0]!)) return certificate;
    return examine({
      point: this.tests.evidence(),
      certificate,
      reasons,
      host: this.setUp.choice.kind === "host",
      gradientAt: (params) => this.gradientAt(params),
      best: this.setUp.stepper.best.value,
      walk: this.setUp.search !== undefined ? undefined : (steps, visit) => this.walk(steps, visit),
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
    if (choice.kind !== "host" || choice.adaptToNoise === undefined || this.noise > 0) return false;
    const params = Float64Array.from(stepper.params);
    const { value, startValue } = this.tests.evidence();
    const scale = Math.max(Math.abs(value), Math.abs(startValue));
    this.noise = measureNoise((at) => this.tests.valueAt(at), params, value, scale, 2 ** -53, thorough);
    if (this.noise === 0) return false;
    choice.adaptToNoise(this.noise);
    stepper.moveTo(params);
    return true;
  }

  /**
   * Moves to the bottom of a kink if there is one where the steps no longer help.
   *
   * @param left - evaluations that are left.
   * @returns whether it moved.
   */
  recoverAtKink(certificate: Certificate, [reason]: readonly TerminationReason[], left: number): boolean {
    if (this.noise > 0 || !AT_A_KINK.includes(reason!) || certificate.finding !== "not-stationary") return false;
    const { stepper, nearest, search } = this.setUp;
    const way: Float64Array[] = [];
    if (search === undefined) this.walk(WALK, (params) => way.push(Float64Array.from(params)));
    const reached = kinkNearby(this.tests.evidence(), (params) => this.gradientAt(params), way, left);
    if (reached !== undefined) stepper.moveTo(nearest(reached.params));
    return reached !== undefined;
  }

  /** Value and gradient at another point; copies. */
  private gradientAt(params: Float64Array): { value: number; gradient: Float64Array } {
    const { choice, nearest } = this.setUp;
    const at = nearest(params);
    if (choice.kind === "exact") this.evaluateAt ??= compileValueAndGradient(choice.graph, this.setUp);
    const { value, gradient } = this.tests.counted((choice.kind === "exact" ? this.evaluateAt! : choice.evaluate)(at));
    return { value, gradient: Float64Array.from(gradient) };
  }

  /** Steps on from here and back again. */
  private walk(steps: number, visit: (params: ArrayLike<number>, value: number) => void): void {
    const { stepper } = this.setUp;
    const saved = stepper.save();
    for (let k = 0; k < steps; k++) {
      const { passes, code } = stepper.advance(1);
      if (passes === 0 || code !== 0) break;
      visit(stepper.params, stepper.value);
    }
    stepper.load(saved);
  }
}
