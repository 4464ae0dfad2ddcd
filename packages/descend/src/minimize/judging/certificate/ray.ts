/** Where does the objective go along a ray? Values at lengths that grow fourfold, to 10¹⁴ times the parameters. */

import { maxNorm } from "../../../numeric/blas1.js";
import { type Box, firstOutsideBox } from "../../../numeric/box.js";
import { short } from "./test.js";

export interface Ray {
  readonly from: Float64Array;
  /** Any length. */
  readonly direction: ArrayLike<number>;
  /** f at `from`. */
  readonly value: number;
  /** Size of the parameters, > 0. */
  readonly scale: number;
  readonly evaluate: (params: Float64Array) => number;
  /** The ray ends where it leaves the box, if there is one. */
  readonly box: Box | undefined;
  readonly roundoff: number;
}

export interface RayFindings {
  /**
   * - falls: every value is below the one before, and the falls do not die away.
   * - approaches: every value is below the one before, or equal in the end, and the falls die away.
   * - dips: lower values first, then a rise.
   * - none: nothing of this.
   */
  readonly kind: "falls" | "approaches" | "dips" | "none";
  /** The lowest value, and how far out it is in the maximum norm. */
  readonly lowest: number;
  readonly distance: number;
  readonly evidence: string;
}

/** Lengths in units of the scale. */
const LENGTHS: readonly number[] = [1 / 8, 1 / 4, 1 / 2, ...Array.from({ length: 24 }, (_, k) => 4 ** k)];
/** Values that are asked for at most where the objective is defined all along the ray. */
export const RAY_VALUES: number = LENGTHS.length;
/** A fall below the value where the ray begins, relative to 1 + |f|, that is bottomless. */
export const BOTTOMLESS = 1e6;
/** Falls from one length to the next die away if the last one is below this share of the one in the middle. */
export const DYING = 0.4;
/** Shares of the way to the edge of the domain. */
const EDGE_SHARES: readonly number[] = Array.from({ length: 16 }, (_, k) => 1 - 2 ** -(k + 1));
const MAX_HALVINGS = 100;
/** How closely the edge is found, as a share of its distance: well within the last of the shares. */
const EDGE_ERROR = 2 ** -22;
/** Lengths with lower and lower values that a ray must at least have. */
const MIN_LENGTHS = 10;

export function scanRay({ from, direction, value, scale, evaluate, box, roundoff }: Ray): RayFindings {
  const size = maxNorm(direction);
  const at = (distance: number): Float64Array => from.map((x, i) => x + (distance / size) * direction[i]!);
  const allowed = (distance: number): boolean => box === undefined || firstOutsideBox(box, at(distance)) < 0;
  const valueAt = (distance: number): number => (allowed(distance) ? evaluate(at(distance)) : Number.NaN);
  const outwards = follow(
    value,
    LENGTHS.map((length) => length * scale),
    valueAt,
    roundoff,
  );
  // Too far already: what happens on the way to where the domain ends? At a bound nothing does.
  if (outwards.undefinedAt === undefined || outwards.distance > 0 || !allowed(outwards.undefinedAt)) return outwards;
  const edge = edgeOfDomain(outwards.undefinedAt, (distance) => Number.isFinite(valueAt(distance)));
  const towards = follow(
    value,
    EDGE_SHARES.map((share) => share * edge),
    valueAt,
    roundoff,
  );
  return towards.kind === "falls" ? towards : outwards;
}

/** Values at distances as long as they fall, and what they do in the end. */
function follow(
  value: number,
  distances: readonly number[],
  valueAt: (distance: number) => number,
  roundoff: number,
): RayFindings & { readonly undefinedAt: number | undefined } {
  const values = [value];
  let end: "far" | "rise" | "undefined" = "far";
  for (const distance of distances) {
    const next = valueAt(distance);
    if (Number.isNaN(next) || next === Number.POSITIVE_INFINITY) end = "undefined";
    else if (next > values.at(-1)! + 4 * roundoff * Math.abs(values.at(-1)!)) end = "rise";
    if (end !== "far") break;
    values.push(next);
    if (next === Number.NEGATIVE_INFINITY) break;
  }
  const last = values.length - 1;
  const lowest = values[last]!;
  const distance = last === 0 ? 0 : distances[last - 1]!;
  const undefinedAt = end === "undefined" ? distances[last] : undefined;
  const found = (kind: RayFindings["kind"], evidence: string) => ({ kind, lowest, distance, evidence, undefinedAt });
  if (!(value - lowest > 8 * roundoff * Math.abs(value))) return found("none", "the objective does not fall along the ray");
  const bottomless = lowest < value - BOTTOMLESS * (1 + Math.abs(value));
  const falls = `the objective falls from ${short(value)} to ${short(lowest)} over a distance of ${short(distance)}`;
  if (end === "rise" || (last < MIN_LENGTHS && !bottomless)) return found("dips", `${falls}, and not beyond`);
  if (bottomless) return found("falls", falls);
  const middle = Math.floor(last / 2);
  const [before, after] = [values[middle - 1]! - values[middle]!, values[last - 1]! - lowest];
  if (after >= DYING * before && after > 8 * roundoff * Math.abs(lowest)) return found("falls", `${falls}, by no less in the end`);
  return found("approaches", `${falls}, by less and less`);
}

/** Distance at which values end, between 0 and one where they have. */
function edgeOfDomain(outside: number, isDefined: (distance: number) => boolean): number {
  let [inside, beyond] = [0, outside];
  // Down to nothing: the edge may be next to where the ray begins.
  for (let k = 0; k < MAX_HALVINGS && beyond - inside > EDGE_ERROR * beyond; k++) {
    const middle = inside === 0 ? beyond / 256 : 0.5 * (inside + beyond);
    if (isDefined(middle)) inside = middle;
    else beyond = middle;
  }
  return inside;
}
