/**
 * The lowest value along a line, from values alone: bracket a minimum with growing steps, then close in by parabolas and golden sections.
 *
 * φ(t) = f(x + t·d) for lower ≤ t ≤ upper, φ(0) known. Values that are not numbers count as ∞, so an edge of the domain is a rise.
 *
 * Source: Brent 1973, chapter 5 (procedure localmin). We deviate in the start: the points of the bracket are kept, so that the first
 * parabola costs no further value.
 */

import type { Search } from "../search-method.js";
import { ranked } from "./region.js";

/** 1/golden ratio², the share of the longer part that a section goes into it. */
const SECTION = 0.3819660112501051;
const GROWTH = 1.618033988749895;
/** Steps of growing length at most: 1.618¹⁰⁰ spans 20 decades. */
const MAX_GROWTH = 100;
const MAX_SECTIONS = 100;

export interface LineProblem {
  /** φ(0), ranked. */
  readonly value: number;
  /** First step, either sign, ≠ 0, inside the limits. */
  readonly first: number;
  readonly lower: number;
  readonly upper: number;
  /** The minimum is located to ± (this × |t| + absolute). */
  readonly relative: number;
  readonly absolute: number;
}

/** A place on the line, and φ there. */
export interface Place {
  readonly t: number;
  readonly value: number;
}

/** @returns the lowest place seen; `{ t: 0, value }` if nothing is lower than φ(0). */
export function* lineMinimum(at: (t: number) => Search<number>, problem: LineProblem): Search<Place> {
  const { lower, upper, value } = problem;
  const visit = function* (t: number): Search<Place> {
    return { t, value: ranked(yield* at(t)) };
  };
  let middle: Place = { t: 0, value };
  let far = yield* visit(problem.first);
  let near: Place | undefined;
  // Downhill is from `near` over `middle` to `far`.
  if (far.value >= middle.value) {
    const back = Math.min(upper, Math.max(lower, -problem.first));
    if (back === 0) return yield* closeIn(visit, { t: 0, value }, middle, far, problem);
    near = far;
    far = yield* visit(back);
  }
  for (let grown = 0; far.value < middle.value && grown < MAX_GROWTH; grown++) {
    const limit = far.t > middle.t ? upper : lower;
    if (far.t === limit) {
      near ??= middle;
      return yield* closeIn(visit, near, far, far, problem);
    }
    const next = Math.min(upper, Math.max(lower, growFrom(near, middle, far)));
    near = middle;
    middle = far;
    if (middle.value === Number.NEGATIVE_INFINITY) return middle;
    far = yield* visit(next);
  }
  return yield* closeIn(visit, near ?? { t: 0, value }, middle, far, problem);
}

/**
 * The next place beyond `far`: where a parabola through three places has its minimum, but not
 * nearer than one golden step and not beyond ten.
 */
function growFrom(near: Place | undefined, middle: Place, far: Place): number {
  const golden = far.t + GROWTH * (far.t - middle.t);
  if (near === undefined || !Number.isFinite(near.value)) return golden;
  const a = (far.t - near.t) * (far.value - middle.value);
  const b = (far.t - middle.t) * (far.value - near.value);
  const vertex = far.t - ((far.t - near.t) * a - (far.t - middle.t) * b) / (2 * (a - b));
  const farthest = far.t + 10 * (far.t - middle.t);
  const ahead = (vertex - far.t) / (farthest - far.t);
  return ahead > 0 && ahead <= 1 ? vertex : golden;
}

/** Brent's iteration between two places, from the lowest place known. */
function* closeIn(visit: (t: number) => Search<Place>, one: Place, middle: Place, other: Place, problem: LineProblem): Search<Place> {
  let left = Math.min(one.t, other.t);
  let right = Math.max(one.t, other.t);
  let best = middle;
  let [second, third] = one.value <= other.value ? [one, other] : [other, one];
  let before = right - left;
  let last = before;
  for (let section = 0; section < MAX_SECTIONS; section++) {
    const center = (left + right) / 2;
    const tolerance = problem.relative * Math.abs(best.t) + problem.absolute;
    if (Math.abs(best.t - center) <= 2 * tolerance - (right - left) / 2) break;
    let move = parabolaMove(best, second, third);
    const next = best.t + move;
    if (Number.isFinite(move) && Math.abs(move) < before / 2 && next > left && next < right) {
      before = last;
      if (next - left < 2 * tolerance || right - next < 2 * tolerance) move = best.t < center ? tolerance : -tolerance;
    } else {
      before = (best.t < center ? right : left) - best.t;
      move = SECTION * before;
      before = Math.abs(before);
    }
    last = Math.abs(move);
    const step = Math.abs(move) >= tolerance ? move : Math.sign(move) * tolerance;
    const trial = yield* visit(Math.min(right, Math.max(left, best.t + step)));
    if (trial.value <= best.value) {
      if (trial.t < best.t) right = best.t;
      else left = best.t;
      [best, second, third] = [trial, best, second];
    } else {
      if (trial.t < best.t) left = trial.t;
      else right = trial.t;
      if (trial.value <= second.value || second.t === best.t) [second, third] = [trial, second];
      else if (trial.value <= third.value || third.t === best.t || third.t === second.t) third = trial;
    }
  }
  return best.value < problem.value ? best : { t: 0, value: problem.value };
}

/** From the best place to the minimum of the parabola through three; NaN if there is none. */
function parabolaMove(best: Place, second: Place, third: Place): number {
  const r = (best.t - second.t) * (best.value - third.value);
  const q = (best.t - third.t) * (best.value - second.value);
  const p = (best.t - third.t) * q - (best.t - second.t) * r;
  return -p / (2 * (q - r));
}
