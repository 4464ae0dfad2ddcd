/** What the tests of a point must know beyond a formula and its gradient: of bounds, of rules with kinks, of objectives that are called. */

import { invariant } from "../../errors.js";
import type { Box } from "../../numeric/box.js";
import type { Layout } from "../../tree/tree.js";
import type { CurvatureProbe } from "../objective/curvature-probe.js";
import { differencedHessianVector } from "../objective/differenced-curvature.js";
import type { GradientChoice } from "../objective/gradient-choice.js";
import { StreamedProbe } from "../objective/streamed-probe.js";
import type { HostEvaluation } from "../steppers/compiled-stepper.js";
import type { RuleValues } from "../steppers/rule-values.js";
import type { Stepper } from "../steppers/stepper.js";
import type { LooseParameters } from "./certificate/point-evidence.js";
import { calledPrice, compiledPrice, type Price, streamedPrice } from "./judging-meter.js";

/** Of a descent that is set up. */
interface Tested {
  readonly choice: GradientChoice;
  readonly layout: Layout;
  readonly stepper: Stepper;
  readonly box: Box | undefined;
  readonly curvature: CurvatureProbe | undefined;
  readonly rule: Pick<RuleValues, "residual" | "smooth"> | undefined;
}

/** What must vanish at a point, and the coordinates along which curvature is looked at, if not all: 1 for each. */
export interface Stationarity {
  readonly gradient: Float64Array;
  readonly smooth: Uint8Array | undefined;
  /** False where bounds hold every parameter. */
  readonly movable: boolean;
}

export interface GeneralEvidence {
  /** Looks along the coordinates that neither a kink nor a bound holds, whatever the curvature. */
  stationarity(tested: Tested, gradient: Float64Array): Stationarity;
  /** The parameters at a bound against which next to nothing presses; undefined if there are none. */
  loose(tested: Tested, products: () => ((direction: Float64Array) => Float64Array) | undefined): LooseParameters | undefined;
  /** A product with the Hessian in which the other coordinates are 0. */
  along(smooth: Uint8Array, multiply: (direction: Float64Array) => Float64Array): (direction: Float64Array) => Float64Array;
  /** Products with the Hessian of an objective that is called; undefined where they would cost too much. */
  differencedProducts(
    tested: Tested,
    counted: (evaluation: HostEvaluation) => HostEvaluation,
  ): ((direction: Float64Array) => Float64Array) | undefined;
  /** What evaluations are worth in gradients; how many values one takes is read off from the first ones where they are differences. */
  priceOf(tested: Tested): Price;
}

/** Of the largest gradient seen, the share that does not press a parameter against its bound. */
const LOOSE = 1e-9;
/** Parameters up to which curvature is probed by differences of differenced gradients: a product then costs 4n values. */
const MAX_DIFFERENCED_SIZE = 40;

export const generalEvidence: GeneralEvidence = {
  stationarity({ stepper, box, rule }, gradient) {
    const { params } = stepper;
    const residual = rule?.residual?.(params, gradient);
    const movable = box?.lower.some((bound, i) => bound < box.upper[i]!) ?? true;
    if (residual === undefined) return { gradient, smooth: undefined, movable };
    const told = rule?.smooth?.(params);
    const free = (i: number): boolean =>
      box === undefined || residual[i] !== 0 || (params[i]! > box.lower[i]! && params[i]! < box.upper[i]!);
    const smooth = (value: number, i: number): boolean => (told === undefined ? value === gradient[i] : told[i] !== 0) && free(i);
    return { gradient: residual, smooth: Uint8Array.from(residual, (value, i) => (smooth(value, i) ? 1 : 0)), movable };
  },

  loose(tested, products) {
    const { box, stepper } = tested;
    const { params, evaluations, measures } = stepper;
    const gradient = Float64Array.from(stepper.gradient);
    const { smooth } = this.stationarity(tested, gradient);
    if (box === undefined || smooth === undefined) return undefined;
    const atBound = (i: number): boolean => params[i] === box.lower[i] || params[i] === box.upper[i];
    const isLoose = (i: number): boolean =>
      atBound(i) && box.lower[i]! < box.upper[i]! && Math.abs(gradient[i]!) <= LOOSE * measures.gradientScale;
    const mask = smooth.map((kept, i) => (kept === 1 || isLoose(i) ? 1 : 0));
    const multiply = mask.some((value, i) => value !== smooth[i]) ? products() : undefined;
    if (multiply === undefined) return undefined;
    const hessianVector = (direction: Float64Array): Float64Array => {
      evaluations.hessianVector++;
      return masked(multiply(masked(direction, mask)), mask);
    };
    return { mask, hessianVector };
  },

  along: (smooth, multiply) => (direction) => masked(multiply(masked(direction, smooth)), smooth),

  differencedProducts({ choice, layout, stepper, box }, counted) {
    invariant(choice.kind === "host", "what is compiled is differentiated");
    if (choice.source !== "provided" && layout.size > MAX_DIFFERENCED_SIZE) return undefined;
    return differencedHessianVector((params) => counted(choice.evaluate(params)).gradient, Float64Array.from(stepper.params), box);
  },

  priceOf({ choice, layout, stepper, curvature }) {
    if (choice.kind === "exact") return curvature instanceof StreamedProbe ? streamedPrice(curvature.passes) : compiledPrice;
    if (choice.source === "provided") return calledPrice;
    const { value, gradient } = stepper.evaluations;
    const values = choice.source === "estimated" || gradient === 0 ? 2 * layout.size + 1 : value / gradient;
    return (evaluations) => evaluations.value / values;
  },
};

function masked(vector: Float64Array, keep: Uint8Array): Float64Array {
  return vector.map((value, i) => (keep[i] === 1 ? value : 0));
}
