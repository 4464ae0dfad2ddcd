/** The certificate of a descent's current point, with whatever derivatives the descent has. */

import { maxNorm } from "../numeric/blas1.js";
import { type Certificate, certify } from "./certificate/certify.js";
import { gradientTest } from "./certificate/gradient.js";
import { EXACT_CURVATURE_ERROR, type PointEvidence } from "./certificate/point-evidence.js";
import { distanceLeft } from "./certificate/remaining.js";
import type { HostEvaluation } from "./compiled-stepper.js";
import type { CurvatureProbe } from "./curvature-probe.js";
import { DIFFERENCED_CURVATURE_ERROR } from "./differenced-curvature.js";
import { JudgingMeter, PRODUCT_IN_GRADIENTS, type Pricing } from "./judging-meter.js";
import type { SetUp } from "./set-up.js";

/** All values that the tests of a minimizer ask for, in gradients. */
const VALUES_IN_GRADIENTS = 14;
/** Changes of the value that are rounding, in units of roundoff. */
const WAY_ROUNDING = 64;
/** Products with the Hessian by which a place is looked at that was not before. */
const FIRST_LOOK = 4;
/** Parameters up to which curvature is probed by differences of differenced gradients: a product then costs 4n values. */
const MAX_DIFFERENCED_SIZE = 40;

export class PointTests {
  private readonly setUp: SetUp;
  private readonly curvature: CurvatureProbe | undefined;
  readonly seed: number;
  /** Of all that judging costs. */
  readonly meter: JudgingMeter;
  private readonly startValue: number;
  /** From the last point that was tested as a whole, if its values showed one. */
  private wayDown: Float64Array | undefined;
  /** {@link valueAt}, or what remembers it. */
  evaluate: (params: Float64Array) => number = (params) => this.valueAt(params);

  constructor(setUp: SetUp, startValue: number, seed: number) {
    this.startValue = startValue;
    this.setUp = setUp;
    this.curvature = setUp.curvature;
    this.seed = seed;
    this.meter = new JudgingMeter(setUp.stepper.evaluations, pricingOf(setUp));
  }

  certify(): Certificate {
    return this.meter.during(() => certify(this.evidence()));
  }

  /**
   * As {@link certify}, for a descent that would go on: without a certificate where a few products with the Hessian show that there is a way to go, or where the way
   * down from the last point that was tested leads down from here as well.
   *
   * @param again - whether the way here was looked at before: it is then not asked anew what else the place may be.
   */
  certifyOrGoOn(again: boolean): { readonly certificate?: Certificate; readonly excess: number } {
    const tested = this.testOrGoOn(again);
    if (tested.certificate !== undefined) this.wayDown = tested.certificate.wayDown;
    return tested;
  }

  private testOrGoOn(again: boolean): { readonly certificate?: Certificate; readonly excess: number } {
    return this.meter.during(() => {
      const evidence = this.evidence();
      const { hessianVector, gradient, params, value, evaluate, roundoff } = evidence;
      const { wayDown } = this;
      const falls =
        wayDown !== undefined && evaluate(params.map((x, i) => x + wayDown[i]!)) < value - WAY_ROUNDING * roundoff * Math.abs(value);
      if (falls) return { excess: 1 };
      if (hessianVector === undefined || !(maxNorm(gradient) > 0) || !gradientTest(evidence).passed) {
        return { certificate: certify(evidence), excess: 1 };
      }
      const { excess, visible, probe } = distanceLeft(evidence, hessianVector, again ? 1 : FIRST_LOOK);
      return excess > 1 && (visible || again) ? { excess } : { certificate: certify(evidence, probe), excess };
    });
  }

  /**
   * What the tests may look at.
   *
   * @param whole - value and gradient over all rows, where those of the stepper are of a batch.
   */
  evidence(whole?: { readonly value: number; readonly gradient: Float64Array }): PointEvidence {
    const { stepper, startParams, box, nearest, dtype } = this.setUp;
    const { gradient, smooth } = this.stationarity(whole?.gradient);
    const multiply = smooth?.includes(1) === false ? undefined : this.hessianVector();
    return {
      params: Float64Array.from(stepper.params),
      startParams,
      value: whole?.value ?? stepper.value,
      startValue: this.startValue,
      gradient,
      gradientScale: stepper.measures.gradientScale,
      hessianVector:
        multiply &&
        ((direction) => {
          stepper.evaluations.hessianVector++;
          return smooth === undefined ? multiply(direction) : masked(multiply(masked(direction, smooth)), smooth);
        }),
      curvatureError: this.curvature === undefined ? DIFFERENCED_CURVATURE_ERROR : EXACT_CURVATURE_ERROR,
      maxProducts: Math.max(0, Math.floor((this.meter.left - VALUES_IN_GRADIENTS) / PRODUCT_IN_GRADIENTS)),
      box,
      held: smooth !== undefined,
      movable: box?.lower.some((bound, i) => bound < box.upper[i]!) ?? true,
      evaluate: (params) => this.evaluate(nearest(params)),
      roundoff: dtype === "float64" ? 2 ** -53 : 2 ** -24,
      seed: this.seed,
    };
  }

  private hessianVector(): ((direction: Float64Array) => Float64Array) | undefined {
    const { choice, layout, box, stepper } = this.setUp;
    if (choice.kind === "exact") return this.curvature!.hessianVector(stepper.params);
    if (choice.source !== "provided" && layout.size > MAX_DIFFERENCED_SIZE) return undefined;
    return this.setUp.differencedHessianVector!(
      (params) => this.counted(choice.evaluate(params)).gradient,
      Float64Array.from(stepper.params),
      box,
    );
  }

  /**
   * What must vanish here, and the coordinates along which curvature is looked at, if not all: those that neither a kink nor a bound holds,
   * whatever the curvature.
   */
  private stationarity(whole?: Float64Array): { gradient: Float64Array; smooth: Uint8Array | undefined } {
    const { stepper, box } = this.setUp;
    const { params } = stepper;
    const gradient = whole ?? Float64Array.from(stepper.gradient);
    const residual = this.setUp.rule?.residual?.(params, gradient);
    if (residual === undefined) return { gradient, smooth: undefined };
    const told = this.setUp.rule?.smooth?.(params);
    const free = (i: number): boolean =>
      box === undefined || residual[i] !== 0 || (params[i]! > box.lower[i]! && params[i]! < box.upper[i]!);
    const smooth = (value: number, i: number): boolean => (told === undefined ? value === gradient[i] : told[i] !== 0) && free(i);
    return { gradient: residual, smooth: Uint8Array.from(residual, (value, i) => (smooth(value, i) ? 1 : 0)) };
  }

  counted(evaluation: HostEvaluation): HostEvaluation {
    const { evaluations } = this.setUp.stepper;
    evaluations.value += evaluation.valueCalls;
    evaluations.gradient += evaluation.gradientCalls;
    return evaluation;
  }

  valueAt(params: Float64Array): number {
    const { stepper, choice } = this.setUp;
    stepper.evaluations.value++;
    return choice.kind === "host" ? choice.value(params) : this.curvature!.value(params);
  }
}

/** What counts as a gradient where this is descended; read off from the first ones where they are differences. */
function pricingOf({ choice, layout, stepper }: SetUp): Pricing {
  if (choice.kind === "exact") return { exact: true, valuesAGradient: undefined };
  if (choice.source === "provided") return { exact: false, valuesAGradient: undefined };
  const { value, gradient } = stepper.evaluations;
  return { exact: false, valuesAGradient: choice.source === "estimated" || gradient === 0 ? 2 * layout.size + 1 : value / gradient };
}

function masked(vector: Float64Array, keep: Uint8Array): Float64Array {
  return vector.map((value, i) => (keep[i] === 1 ? value : 0));
}
