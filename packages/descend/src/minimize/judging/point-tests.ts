/** The certificate of a descent's current point, with whatever derivatives the descent has. */

import { maxNorm } from "../../numeric/blas1.js";
import type { CurvatureProbe } from "../objective/curvature-probe.js";
import { DIFFERENCED_CURVATURE_ERROR } from "../objective/differenced-curvature.js";
import type { SetUp } from "../set-up.js";
import type { HostEvaluation } from "../steppers/compiled-stepper.js";
import { type Certificate, certify } from "./certificate/certify.js";
import { EXACT_CURVATURE_ERROR, type PointEvidence } from "./certificate/point-evidence.js";
import { distanceLeft } from "./certificate/remaining.js";
import { JudgingMeter, PRODUCT_IN_GRADIENTS } from "./judging-meter.js";

/** All values that the tests of a minimizer ask for, in gradients. */
const VALUES_IN_GRADIENTS = 14;
/** Changes of the value that are rounding, in units of roundoff. */
const WAY_ROUNDING = 64;
/** Products with the Hessian by which a place is looked at that was not before. */
const FIRST_LOOK = 4;

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
  /** Runs what tests come to with {@link evaluate}, or what has its values evaluated together. */
  settled: <T>(work: () => T) => T = (work) => work();

  constructor(setUp: SetUp, startValue: number, seed: number) {
    this.startValue = startValue;
    this.setUp = setUp;
    this.curvature = setUp.curvature;
    this.seed = seed;
    this.meter = new JudgingMeter(setUp.stepper.evaluations, setUp.general?.priceOf(setUp));
  }

  certify(): Certificate {
    return this.meter.during(() => {
      const evidence = this.evidence();
      return this.settled(() => certify(evidence));
    });
  }

  /**
   * As {@link certify}, for a descent that would go on: without a certificate where a few products with the Hessian show that there is a
   * way to go, or where the way down from the last point that was tested leads down from here as well.
   *
   * @param again - whether the way here was looked at before: it is then not asked anew what else the place may be.
   */
  certifyOrGoOn(again: boolean): { readonly certificate?: Certificate; readonly excess: number } {
    return this.meter.during(() => {
      const evidence = this.evidence();
      const { hessianVector, gradient, params, value, evaluate, roundoff } = evidence;
      const { wayDown, settled } = this;
      const below = value - WAY_ROUNDING * roundoff * Math.abs(value);
      if (wayDown !== undefined && settled(() => evaluate(params.map((x, i) => x + wayDown[i]!))) < below) return { excess: 1 };
      const slopes = hessianVector !== undefined && maxNorm(gradient) > 0;
      const distance = slopes ? distanceLeft(evidence, hessianVector, again ? 1 : FIRST_LOOK) : undefined;
      const excess = distance?.excess ?? 1;
      if (excess > 1) return { excess };
      const certificate = settled(() => certify(evidence, distance?.probe));
      this.wayDown = certificate.wayDown;
      return { certificate, excess };
    });
  }

  /**
   * What the tests may look at.
   *
   * @param whole - value and gradient over all rows, where those of the stepper are of a batch.
   */
  evidence(whole?: { readonly value: number; readonly gradient: Float64Array }): PointEvidence {
    const { stepper, startParams, box, nearest, dtype, general } = this.setUp;
    const own = whole?.gradient ?? Float64Array.from(stepper.gradient);
    const { gradient, smooth, movable } = general?.stationarity(this.setUp, own) ?? { gradient: own, smooth: undefined, movable: true };
    const multiply = smooth?.includes(1) === false ? undefined : this.hessianVector();
    const along = multiply && smooth ? general!.along(smooth, multiply) : multiply;
    return {
      params: Float64Array.from(stepper.params),
      startParams,
      value: whole?.value ?? stepper.value,
      startValue: this.startValue,
      gradient,
      gradientScale: stepper.measures.gradientScale,
      hessianVector:
        along &&
        ((direction) => {
          stepper.evaluations.hessianVector++;
          return along(direction);
        }),
      curvatureError: this.curvature === undefined ? DIFFERENCED_CURVATURE_ERROR : EXACT_CURVATURE_ERROR,
      maxProducts: Math.max(0, Math.floor((this.meter.left - VALUES_IN_GRADIENTS) / PRODUCT_IN_GRADIENTS)),
      box,
      held: smooth !== undefined,
      movable,
      evaluate: (params) => this.evaluate(nearest(params)),
      roundoff: dtype === "float64" ? 2 ** -53 : 2 ** -24,
      seed: this.seed,
    };
  }

  /** Products at the point, which are not counted; undefined where they would cost too much. */
  hessianVector(): ((direction: Float64Array) => Float64Array) | undefined {
    const { choice, stepper } = this.setUp;
    if (choice.kind === "exact") return this.curvature!.hessianVector(stepper.params);
    return this.setUp.general!.differencedProducts(this.setUp, (evaluation) => this.counted(evaluation));
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
