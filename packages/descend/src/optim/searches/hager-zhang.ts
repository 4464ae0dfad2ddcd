/**
 * The line search of CG_DESCENT: brackets a point where the slope changes its sign and closes in by pairs of secants.
 *
 * Accepts α if   φ(α) ≤ φ(0) + δ·α·φ′(0)  and  φ′(α) ≥ σ·φ′(0)                     (Wolfe)
 *           or   φ(α) ≤ φ(0) + ε|φ(0)|    and  (2δ − 1)·φ′(0) ≥ φ′(α) ≥ σ·φ′(0)    (approximate Wolfe)
 *
 * The second pair decides by slopes where values differ by rounding only, so that the search reaches
 * the accuracy of the gradient, not its root.
 *
 * Source: Hager and Zhang 2006, "Algorithm 851: CG_DESCENT", sections 3 and 4 (L0–L3, B0–B3, U0–U3, S1–S4), with their
 * constants. We deviate in reading a trial that is not finite as one that lies too high and still falls, and in taking
 * tenths of the interval until trials are finite.
 */

import { COUNT, type OptionTable, type Range, readOptions } from "../options.js";
import type { LinePoint, LineQuestion, LineSearch } from "./line-search.js";

export interface HagerZhangOptions {
  readonly decrease?: number;
  readonly curvature?: number;
  readonly rounding?: number;
  readonly maxTrials?: number;
}

const HALF: Range = { minimum: 0, minimumExcluded: true, maximum: 0.5, maximumExcluded: true };
const OPEN_UNIT: Range = { minimum: 0, minimumExcluded: true, maximum: 1, maximumExcluded: true };

/** The rows of {@link HagerZhangOptions}. */
export const hagerZhangTable: OptionTable<HagerZhangOptions> = {
  decrease: { kind: "number", default: 0.1, ...HALF, meaning: "δ: share of the decrease that the slope promises" },
  curvature: { kind: "number", default: 0.9, ...OPEN_UNIT, meaning: "σ: share of the slope that may remain; ≥ δ" },
  rounding: { kind: "number", default: 1e-6, minimum: 0, meaning: "ε: rise relative to |φ(0)| that counts as rounding" },
  maxTrials: { kind: "number", default: 60, ...COUNT, meaning: "trials at most" },
};

/** How much longer the next trial is while φ falls: ρ. */
const EXPANSION = 5;
/** Share of the interval at which it is divided: θ; where a trial was not finite, nearer to the end that is. */
const BISECTION = 0.5;
const BISECTION_UNDEFINED = 0.1;
/** An iteration must shrink the interval to this share, or a bisection follows: γ. */
const SHRINKAGE = 0.66;

type Trials<T> = Generator<LineQuestion, T, LinePoint>;
type Bracket = readonly [lower: LinePoint, upper: LinePoint];

/**
 * @param options.decrease - δ, 0 < δ < 1/2. Default 0.1.
 * @param options.curvature - σ, 0 < σ < 1. Default 0.9.
 * @param options.rounding - ε ≥ 0. Default 1e-6.
 * @param options.maxTrials - trials at most, whole, ≥ 1. Default 60. The best trial of those that decrease is taken then.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 */
export function hagerZhang(options: HagerZhangOptions = {}): LineSearch {
  const { decrease, curvature, rounding, maxTrials } = readOptions("hagerZhang", hagerZhangTable, options);
  return function* ({ value, slope, initial, reference = value, maximum = Number.POSITIVE_INFINITY }) {
    const ceiling = value + rounding * Math.abs(value);
    let trials = 0;
    let accepted: LinePoint | undefined;
    let best: LinePoint | undefined;
    const over = (): boolean => accepted !== undefined || trials >= maxTrials;
    const isFlat = ({ slope: s }: LinePoint): boolean => s >= curvature * slope;

    function* evaluate(stepSize: number): Trials<LinePoint> {
      trials++;
      const point = yield { stepSize, slope: true };
      if (!Number.isFinite(point.value) || !Number.isFinite(point.slope)) {
        return { stepSize, value: Number.POSITIVE_INFINITY, slope: Number.NEGATIVE_INFINITY };
      }
      const wolfe = point.value <= reference + decrease * stepSize * slope;
      const approximate = point.value <= ceiling && point.slope <= (2 * decrease - 1) * slope;
      if ((wolfe || approximate) && isFlat(point)) accepted = point;
      if (point.value < (best?.value ?? value)) best = point;
      return point;
    }

    /** U3: between an end that falls and is low, and one that falls and is high, to an end that rises. */
    function* close(lower: LinePoint, upper: LinePoint): Trials<Bracket> {
      let [a, b] = [lower, upper];
      while (!over() && b.stepSize - a.stepSize > Number.EPSILON * b.stepSize) {
        const share = b.value === Number.POSITIVE_INFINITY ? BISECTION_UNDEFINED : BISECTION;
        const d = yield* evaluate(a.stepSize + share * (b.stepSize - a.stepSize));
        if (d.slope >= 0) return [a, d];
        if (d.value <= ceiling) a = d;
        else b = d;
      }
      return [a, b];
    }

    /** U0–U3: the smaller interval that a trial between the ends gives. */
    function* update([a, b]: Bracket, stepSize: number): Trials<{ readonly bracket: Bracket; readonly trial: LinePoint | undefined }> {
      if (!(stepSize > a.stepSize && stepSize < b.stepSize)) return { bracket: [a, b], trial: undefined };
      const c = yield* evaluate(stepSize);
      if (c.slope >= 0) return { bracket: [a, c], trial: c };
      if (c.value <= ceiling) return { bracket: [c, b], trial: c };
      return { bracket: yield* close(a, c), trial: c };
    }

    /** S1–S4: a secant, and another with the end that it moved. */
    function* secantSquared(bracket: Bracket): Trials<Bracket> {
      const [a, b] = bracket;
      const first = yield* update(bracket, secant(a, b));
      const [A, B] = first.bracket;
      if (over() || first.trial === undefined) return first.bracket;
      if (first.trial === B) return (yield* update(first.bracket, secant(b, B))).bracket;
      if (first.trial === A) return (yield* update(first.bracket, secant(a, A))).bracket;
      return first.bracket;
    }

    /** B0–B3: ever longer trials until the slope turns or the value rises. */
    function* bracketFrom(first: LinePoint): Trials<Bracket | undefined> {
      let low: LinePoint = { stepSize: 0, value, slope };
      let c = first;
      while (!over()) {
        if (c.slope >= 0) return [low, c];
        if (!(c.value <= ceiling)) return yield* close({ stepSize: 0, value, slope }, c);
        low = c;
        if (c.stepSize >= maximum) return undefined;
        c = yield* evaluate(Math.min(maximum, EXPANSION * c.stepSize));
      }
      return undefined;
    }

    let bracket = yield* bracketFrom(yield* evaluate(initial));
    while (bracket !== undefined && !over()) {
      const width: number = bracket[1].stepSize - bracket[0].stepSize;
      bracket = yield* secantSquared(bracket);
      if (over()) break;
      const [a, b]: Bracket = bracket;
      const left = b.stepSize - a.stepSize;
      if (left <= Number.EPSILON * b.stepSize) break;
      if (left > SHRINKAGE * width) bracket = (yield* update(bracket, (a.stepSize + b.stepSize) / 2)).bracket;
    }
    return accepted ?? best;
  };
}

/** Where the line through two slopes is zero. */
function secant(a: LinePoint, b: LinePoint): number {
  return (a.stepSize * b.slope - b.stepSize * a.slope) / (b.slope - a.slope);
}
