/** The certificate of a descent's current point, with whatever derivatives the descent has. */

import { type Certificate, certify } from "./certificate/certify.js";
import { EXACT_CURVATURE_ERROR, type PointEvidence } from "./certificate/point-evidence.js";
import type { HostEvaluation } from "./compiled-stepper.js";
import type { CurvatureProbe } from "./curvature-probe.js";
import { DIFFERENCED_CURVATURE_ERROR } from "./differenced-curvature.js";
import type { SetUp } from "./set-up.js";

/** What the tests may cost: gradients, and a share of the gradients of the descent. */
const JUDGING_GRADIENTS = 60;
const JUDGING_SHARE = 0.05;
/** A product with the Hessian in units of a gradient; all values that the tests ask for in the same unit. */
const PRODUCT_IN_GRADIENTS = 2;
const VALUES_IN_GRADIENTS = 12;
/** Parameters up to which curvature is probed by differences of differenced gradients: a product then costs 4n values. */
const MAX_DIFFERENCED_SIZE = 40;

export class PointTests {
  private readonly setUp: SetUp;
  private readonly curvature: CurvatureProbe | undefined;
  readonly seed: number;
  private readonly startValue: number;

  constructor(setUp: SetUp, startValue: number, seed: number) {
    this.startValue = startValue;
    this.setUp = setUp;
    this.curvature = setUp.curvature;
    this.seed = seed;
  }

  certify(): Certificate {
    return certify(this.evidence());
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
      maxProducts: maxProducts(stepper.followsGradient ? stepper.evaluations.gradient : stepper.evaluations.value),
      box,
      held: smooth !== undefined,
      movable: box?.lower.some((bound, i) => bound < box.upper[i]!) ?? true,
      evaluate: (params) => this.valueAt(nearest(params)),
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

/** Judging costs no more than 60 gradients or a twentieth of the descent. */
function maxProducts(gradients: number): number {
  const budget = Math.max(JUDGING_GRADIENTS, JUDGING_SHARE * gradients);
  return Math.floor((budget - VALUES_IN_GRADIENTS) / PRODUCT_IN_GRADIENTS);
}

function masked(vector: Float64Array, keep: Uint8Array): Float64Array {
  return vector.map((value, i) => (keep[i] === 1 ? value : 0));
}
