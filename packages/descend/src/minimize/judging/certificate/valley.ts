/**
 * Does the floor of a valley lead down? Where a direction has no curvature the way may bend: along every straight line through 0
 * (y − x²)·(y − 3x²) rises, along y = 2x² it falls as −x⁴.
 *
 * The floor is followed from the point: a step t along a direction without curvature, then Newton's step within the directions that have
 * one, with the Hessian of the point. The value there is φ(t), the reduced function of Lyapunov and Schmidt up to higher orders; what
 * kind of point t = 0 is for φ, the point is for f.
 *
 * Source: Golubitsky and Schaeffer 1985, "Singularities and Groups in Bifurcation Theory", section I.3; the example is Peano's, in
 * Genocchi and Peano 1884, section 133.
 */

import { dot, maxNorm } from "../../../numeric/blas1.js";
import { symmetricEigen } from "../../../numeric/symmetric-eigen.js";
import { hessianMatrix } from "../../objective/hessian-matrix.js";
import { PRODUCT_IN_GRADIENTS, VALUE_IN_GRADIENTS } from "../judging-meter.js";
import { countDecayed } from "./decay.js";
import type { GradientAt } from "./kink.js";
import { coordinateScales, curvatureError, type PointEvidence } from "./point-evidence.js";
import { BOTTOMLESS, DYING } from "./ray.js";
import { short, type Test } from "./test.js";

/** Parameters up to which the whole Hessian is looked at, by as many products. */
export const MAX_VALLEY_SIZE = 12;
/** Directions without curvature that are followed. */
const MOST_FLOORS = 2;
/** Price in gradients of a point of a floor: a gradient to get down to it, and a value. */
const POINT_PRICE = 1 + VALUE_IN_GRADIENTS;
/** Points that show a bend. */
const BEND_POINTS = 7;
/** How far the floor is followed near the point, in units of the parameters: far, near, and so near that only rounding differs. */
const [FAR, NEAR, NOISE] = [3e-2, 3e-3, 1e-8];
/** A fall that dies away faster than a slope leaves less than this share at NEAR; a jump leaves all. */
const VANISHING = 0.05;
/** How far out it must not rise to count as falling for ever. */
const LENGTHS: readonly number[] = [1 / 8, 1 / 2, 4, 32, 512, 8192];
/** Lengths at which it must fall by more than rounding. */
const LEAST_FALLS = 2;
/** Samples of the way along the floor, and how many must have decayed for the end to be a limit. */
const [WAY_SAMPLES, DECAYING] = [6, 2];

/** The test, and what the point is if the floor leads down. */
export interface ValleyFindings {
  readonly test: Test;
  readonly finding: "saddle" | "unbounded" | "infimum-not-attained" | undefined;
}

/**
 * @param gradientAt - value and gradient at another point.
 * @param left - gradients that may still be spent: what there is no more room for is not looked at.
 * @returns undefined for more parameters than {@link MAX_VALLEY_SIZE}, without Hessian products, at kinks and bounds, and where there is no
 * valley: curvature along some directions and none along others.
 *
 * Cost: n products with the Hessian; for each floor some 8 gradients and values, and up to 7 more where it leads far down or came far down.
 */
export function valleyTest(point: PointEvidence, gradientAt: GradientAt, left: () => number): ValleyFindings | undefined {
  const { params, hessianVector, held, box, value } = point;
  const n = params.length;
  if (hessianVector === undefined || n > MAX_VALLEY_SIZE || held || box !== undefined) return undefined;
  const mayLook = (points: number): boolean => left() >= points * POINT_PRICE;
  if (left() < n * PRODUCT_IN_GRADIENTS + 2 * POINT_PRICE) return undefined;
  const scales = coordinateScales(point);
  const { flat, steep } = curvatures(hessianVector, scales, curvatureError(point));
  // Without steep directions every floor is straight, and that is looked at elsewhere.
  if (flat.length === 0 || steep.length === 0) return undefined;

  /** The point of the floor above x: down by Newton's step within the steep directions. */
  const settled = (x: Float64Array): Float64Array => {
    const slope = Float64Array.from(gradientAt(x).gradient, (g, i) => g * scales[i]!);
    const down = x.slice();
    for (const { curvature, direction } of steep) {
      const length = dot(direction, slope) / curvature;
      for (let i = 0; i < n; i++) down[i]! -= length * direction[i]! * scales[i]!;
    }
    return down;
  };
  const steepest = Math.max(...steep.map(({ curvature }) => Math.abs(curvature)));
  const bottom = settled(params);
  const base = point.evaluate(bottom);
  let lowest = { change: 0, at: 0 };
  for (const direction of flat.slice(0, MOST_FLOORS)) {
    const unit = 1 / maxNorm(direction);
    const floorAt = (t: number): Float64Array => settled(bottom.map((x, i) => x + t * unit * direction[i]! * scales[i]!));
    const changeAt = (t: number): number => point.evaluate(floorAt(t)) - base;
    // Along the floor a point is known to the rounding of its coordinates: that far up the walls it may be.
    const rounding = 64 * point.roundoff * Math.abs(value);
    const slackAt = (t: number): number => Math.max(rounding, 8 * steepest * (point.roundoff * (1 + Math.abs(t))) ** 2);
    const start = point.startParams.reduce((sum, x, i) => sum + ((x - bottom[i]!) / scales[i]!) * direction[i]!, 0) / unit;
    if (mayLook(1 + WAY_SAMPLES) && hasDecayed(changeAt, start, slackAt)) {
      return found("infimum-not-attained", -base, rounding, "came down to where rounding hides the rest: beyond");
    }
    if (!mayLook(BEND_POINTS)) break;
    const noise = Math.max(rounding, 4 * Math.abs(changeAt(NOISE)));
    for (const side of [1, -1]) {
      const ahead = (t: number): number => changeAt(side * t);
      const [far, near] = [ahead(FAR), ahead(NEAR)];
      if (far < lowest.change) lowest = { change: far, at: FAR };
      if (far < -noise && near < 0 && near >= VANISHING * far) {
        return found("saddle", far, noise, `bends down: at ${short(FAR)} of the parameters along it`);
      }
      const fall = fallFarOut(
        ahead,
        (t) => Math.max(noise, slackAt(t)),
        () => mayLook(1),
      );
      if (fall !== undefined) {
        return found(fall.finding, fall.change, noise, `leads down ever further: at ${short(fall.at)} times the parameters along it`);
      }
    }
  }
  const how = `leads nowhere down: at ${short(lowest.at)} of the parameters along it`;
  return { test: testOf(true, lowest.change, 0, how), finding: undefined };
}

/** Whether values that change by `changeAt` fall out to the last length, with rises of no more than `slackAt`. */
function fallFarOut(
  changeAt: (t: number) => number,
  slackAt: (t: number) => number,
  mayLook: () => boolean,
): { readonly finding: "unbounded" | "infimum-not-attained"; readonly change: number; readonly at: number } | undefined {
  const falls: number[] = [];
  let last = 0;
  for (const [k, t] of LENGTHS.entries()) {
    if (!mayLook()) return undefined;
    const next = changeAt(t);
    const fall = last - next;
    if (!(fall >= -slackAt(t)) || (k < LEAST_FALLS && !(fall > slackAt(t)))) return undefined;
    falls.push(fall);
    last = next;
    if (-next > BOTTOMLESS) break;
  }
  const middle = falls[Math.floor(falls.length / 2)]!;
  const end = falls.at(-1)!;
  const dies = -last <= BOTTOMLESS && !(end > slackAt(LENGTHS.at(-1)!) && end >= DYING * middle);
  return { finding: dies ? "infimum-not-attained" : "unbounded", change: last, at: LENGTHS[falls.length - 1]! };
}

/** Whether values fell over many orders on the way from `start` to 0 and are level beyond: a limit, of which rounding makes a place. */
function hasDecayed(changeAt: (t: number) => number, start: number, slackAt: (t: number) => number): boolean {
  // A way that is short beside the parameters is none that leads out of sight.
  if (!(Math.abs(start) > FAR)) return false;
  const beyond = -Math.sign(start);
  if (!(Math.abs(changeAt(beyond)) <= slackAt(beyond))) return false;
  const whole = changeAt(start);
  if (!(whole > slackAt(start))) return false;
  const restAt = (share: number): number => changeAt((1 - share) * start);
  return countDecayed(restAt, whole, WAY_SAMPLES, (share) => slackAt((1 - share) * start)) >= DECAYING;
}

function found(finding: NonNullable<ValleyFindings["finding"]>, change: number, noise: number, how: string): ValleyFindings {
  return { test: testOf(false, change, -noise, how), finding };
}

function testOf(passed: boolean, value: number, threshold: number, how: string): Test {
  return {
    name: "valley",
    passed,
    value,
    threshold,
    evidence: `the floor of the valley without curvature ${how} the objective changes by ${short(value)}`,
  };
}

/** Directions with a curvature, and those without, orthonormal, in coordinates in which each parameter has size 1. */
function curvatures(
  multiply: (direction: Float64Array) => Float64Array,
  scales: Float64Array,
  error: number,
): { readonly flat: readonly Float64Array[]; readonly steep: readonly { readonly curvature: number; readonly direction: Float64Array }[] } {
  const n = scales.length;
  const scaled = (v: Float64Array): Float64Array => v.map((value, i) => value * scales[i]!);
  const matrix = hessianMatrix((direction) => scaled(multiply(scaled(direction))), n);
  const { values, vectors } = symmetricEigen(matrix, n);
  const largest = Math.max(...values.map(Math.abs));
  const flat: Float64Array[] = [];
  const steep: { curvature: number; direction: Float64Array }[] = [];
  vectors.forEach((direction, k) => {
    if (Math.abs(values[k]!) <= error * largest) flat.push(direction);
    else steep.push({ curvature: values[k]!, direction });
  });
  return { flat, steep };
}
