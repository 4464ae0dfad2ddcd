/**
 * Is there a way down to a point close by? Derivatives at one point see neither kinks nor jumps, nor what higher orders do where
 * curvature vanishes; the values around it do.
 */

import { coordinateScales, isSingle, type PointEvidence, randomDirection } from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Directions that come from chance, each looked at both ways. */
const NEIGHBORS = 10;
/** Where a way down is checked for rises. */
const FRACTIONS: readonly number[] = [0.75, 0.5, 0.25, 0.08, 0.02];

/** Where functions of high order rise, in units of the parameters. */
const WIDE = 0.1;
/** Share of a fall that may be left at a hundredth of the distance: of a slope a hundredth is, of a jump all. */
const VANISHING = 0.2;

/** The model by which a fall is known is right within this factor. */
const KNOWN_MARGIN = 2;

export interface Neighborhood {
  /** Directions to look along beside those from chance: that of the lowest curvature, where it is known. */
  readonly along: readonly Float64Array[];
  /** Where curvature says nothing, the objective must also rise somewhere. */
  readonly mustRise: boolean;
  /** Whether second derivatives leave open what the point is. */
  readonly inconclusive: boolean;
  /** A fall that is known and was judged to be none, ≥ 0: what Newton's step would gain. Default 0. */
  readonly known?: number;
}

/** A value close by. */
interface Look {
  readonly direction: Float64Array;
  readonly signed: number;
  readonly change: number;
}

export interface NeighborhoodFindings {
  readonly test: Test;
  /**
   * What the values around the point look like: nothing changes at all; some are lower, by more than the gradient explains and less and
   * less towards the point, and others higher, or none; or nothing of this.
   */
  readonly shape: "flat" | "saddle" | "maximum" | undefined;
  /** Whether any value is higher. */
  readonly rises: boolean;
  /** From the point to the lowest one, if it is lower. */
  readonly wayDown: Float64Array | undefined;
}

export function neighborhoodTest(point: PointEvidence, { along, mustRise, inconclusive, known = 0 }: Neighborhood): NeighborhoodFindings {
  const scales = coordinateScales(point);
  // Well beyond the step that may remain, so that a minimizer missed by that much is not taken for a slope.
  const radii = isSingle(point) ? [1e-1, 3e-2, 1e-2] : [1e-3, 1e-4, 1e-5];
  // As far as the first parameter that moves by its share.
  const move = (direction: Float64Array, length: number): Float64Array => {
    let unit = Number.POSITIVE_INFINITY;
    for (let i = 0; i < scales.length; i++) unit = Math.min(unit, scales[i]! / Math.abs(direction[i]!));
    return direction.map((d) => length * unit * d);
  };
  const changeAt = (direction: Float64Array, length: number): number => {
    const there = move(direction, length);
    for (let i = 0; i < there.length; i++) there[i]! += point.params[i]!;
    return point.evaluate(there) - point.value;
  };
  const random = Array.from({ length: NEIGHBORS }, (_, k) =>
    randomDirection(point.params.length, point.seed + 1 + k).map((d, i) => d * scales[i]!),
  );
  const largestAt = (radius: number): number =>
    Math.max(
      0,
      ...random
        .slice(0, 3)
        .map((direction) => Math.abs(changeAt(direction, radius)))
        .filter(Number.isFinite),
    );
  // What next to nothing changes is rounding, unless it is as much as anything changes: that is a jump.
  const noise = Math.min(4 * largestAt(4 * point.roundoff), 1e-3 * largestAt(radii[0]!));
  const rounding = Math.max(8 * point.roundoff * Math.abs(point.value), noise);

  /** What was looked at, by radius. */
  const looks: Look[][] = radii.map(() => []);
  const look = (direction: Float64Array, radius: number): void => {
    const length = radii[radius]!;
    for (const signed of [length, -length]) looks[radius]!.push({ direction, signed, change: changeAt(direction, signed) });
  };
  random.forEach((direction, k) => {
    look(direction, k % 3);
  });
  for (const direction of along) for (const radius of radii.keys()) look(direction, radius);
  // Behind a rise lies another valley.
  const counts = ({ direction, signed, change }: Look): boolean =>
    change >= -rounding || FRACTIONS.every((fraction) => changeAt(direction, fraction * signed) <= rounding);
  const ascending = (each: Look[]): Look[] => each.sort((a, b) => a.change - b.change);
  /** The lowest change at each radius; of all where their shape is not asked for. */
  const lows = (inconclusive ? looks : [looks.flat()]).map((each) => ascending(each).find(counts));
  const low = ascending(lows.filter((each) => each !== undefined))[0];
  const lowest = low?.change ?? Number.POSITIVE_INFINITY;
  const falls = lows.map((each) => Math.min(0, each?.change ?? 0));
  const all = looks.flat();
  // Changes that are no number are no rises.
  const highest = Math.max(...all.map(({ change }) => change).filter((change) => !Number.isNaN(change)));
  // Flatter than the radii see, as x⁸ is: further out it must rise on all sides.
  const flat = highest <= rounding && lowest >= -rounding;
  const wide = [...random.slice(0, 3), ...along];
  const bowl = flat && mustRise && wide.every((direction) => [WIDE, -WIDE].every((length) => changeAt(direction, length) > rounding));
  const threshold = -Math.max(rounding, KNOWN_MARGIN * known);
  const test: Test = {
    name: "neighborhood",
    passed: lowest >= threshold && (!(mustRise && point.movable) || bowl || highest > rounding),
    value: lowest,
    threshold,
    evidence: `${all.length} points within ${radii[0]} of the parameters change the objective by ${short(lowest)} to ${short(highest)}`,
  };
  const slope = point.gradient.reduce((sum, g, i) => sum + Math.abs(g) * scales[i]!, 0);
  const [widest, , closest] = falls as [number, number?, number?];
  const curves = inconclusive && widest < -rounding && -widest > 2 * slope * radii[0]! && -closest! <= VANISHING * -widest;
  const shape = curves ? (highest > rounding ? "saddle" : "maximum") : flat && !bowl ? "flat" : undefined;
  const wayDown = low && lowest < threshold ? move(low.direction, low.signed) : undefined;
  return { test, shape, rises: highest > rounding, wayDown };
}
