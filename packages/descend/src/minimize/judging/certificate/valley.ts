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

import { VALUE_IN_GRADIENTS } from "../judging-meter.js";
import { countDecayed } from "./decay.js";
import type { Floors } from "./floors.js";
import type { GradientAt } from "./kink.js";
import { hasExactSlopes, lookOutwards, roundingAlong } from "./outwards.js";
import { type PointEvidence, valueRounding } from "./point-evidence.js";
import { BOTTOMLESS, DYING } from "./ray.js";
import { short, type Test } from "./test.js";

/** Points that show a bend. */
const BEND_POINTS = 4;
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
  readonly finding: "saddle" | "unbounded" | "infimum-not-attained" | "plateau" | "not-stationary" | undefined;
  /** Where it leads down and is not known to bend: the way. */
  readonly along?: Float64Array;
}

/**
 * @param floors - of the valley, or straight lines.
 * @param gradientAt - value and gradient at another point.
 * @param left - gradients that may still be spent: what there is no more room for is not looked at.
 * @returns undefined where there is no floor.
 *
 * Cost: for each floor two points where it rises on both sides at once; up to 30 where it leads far down or came far down.
 */
export function valleyTest(
  point: PointEvidence,
  { floors, bend }: Floors,
  gradientAt: GradientAt,
  left: () => number,
): ValleyFindings | undefined {
  if (floors.length === 0) return undefined;
  const price = (bend ? 1 : 0) + (hasExactSlopes(point) ? 1 : VALUE_IN_GRADIENTS);
  const mayLook = (points: number): boolean => left() >= points * price;
  let lowest = { change: 0, at: 0 };
  for (const floor of floors) {
    const { at, start } = floor;
    let known: number | undefined;
    const changeAt = (t: number): number => {
      known ??= point.evaluate(at(0));
      return point.evaluate(at(t)) - known;
    };
    const rounding = valueRounding(point);
    const slackAt = (t: number): number => roundingAlong(point, floor, t);
    for (const side of start > 0 ? ([-1, 1] as const) : ([1, -1] as const)) {
      const { rises, falls, changes } = lookOutwards(point, floor, side, gradientAt, mayLook);
      if (rises) continue;
      if (bend && start * side <= 0 && mayLook(1 + WAY_SAMPLES) && hasDecayed(changeAt, start, slackAt)) {
        return found("infimum-not-attained", -known!, rounding, "came down to where rounding hides the rest: beyond");
      }
      if (bend && changes && mayLook(BEND_POINTS)) {
        const noise = Math.max(rounding, 4 * Math.abs(changeAt(NOISE)));
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
      if (falls === undefined) continue;
      const how = `leads down, which is the first that is seen to change: at ${short(falls.length)} of the parameters along it`;
      const along = floor.direction.map((d) => side * d);
      return { ...found(falls.sloping ? "not-stationary" : "plateau", falls.change, rounding, how), along };
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
