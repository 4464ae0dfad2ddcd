/**
 * Is this the gradient of that function?
 *
 * First the derivative along a few random directions is compared with difference quotients: cheap, and any large error shows. Then
 * the wrong components are named: one by one if there are few, else by halving the set of coordinates while a part disagrees, which
 * takes about 2·log₂ n directions a wrong component.
 *
 * Each quotient is taken with two steps. What they differ by, and the rounding of f, bound its own error; before anything is called
 * wrong, the noise of f is measured and the step widened accordingly, so that a noisy function is not blamed on the gradient. Where the
 * slopes from the left and from the right differ (a kink), any value between them is right.
 */

import { OptionError } from "../errors.js";
import { type Box, firstOutsideBox, nearestInBox } from "../numeric/box.js";
import { threefryUniform } from "../numeric/random.js";
import { estimateNoise, type VectorFunction } from "./noise-level.js";

export interface CheckGradientOptions {
  /** Random directions tried first, a whole number ≥ 1. Default 3. */
  readonly directions?: number;
  /** Largest accepted error, relative to the larger of the two values. Default 1e-5. */
  readonly rtol?: number;
  /** Error accepted beside it, in units of f per unit of x. Default: 1e-9 of the largest component of the gradient. */
  readonly atol?: number;
  /** Up to this many parameters every component is compared, also if the random directions agree. Default 64. */
  readonly compareAllUpTo?: number;
  /** Worst components reported. Default 5. */
  readonly report?: number;
  /** Seed of the directions, a whole number ≥ 0. Default 0. */
  readonly seed?: number;
  /**
   * f is not evaluated outside of it. A gradient given as a function is compared a little way inside of its faces; coordinates without room
   * are left out. Default: none.
   */
  readonly box?: Box;
  /** How to call component i in the report. Default "[i]". */
  readonly path?: (index: number) => string;
}

/** One component of the gradient that was compared. */
export interface ComponentCheck {
  readonly index: number;
  readonly path: string;
  /** By central differences of f. */
  readonly expected: number;
  /** In the gradient that is checked. */
  readonly got: number;
  /** |got − expected| / max(|got|, |expected|). */
  readonly relativeError: number;
  /** What `expected` itself may be wrong by. */
  readonly uncertainty: number;
}

export interface GradientCheck {
  /** No direction and no component disagrees by more than the tolerance and the uncertainty of the difference quotient. */
  readonly ok: boolean;
  /** Largest relative error of what was compared, beyond the uncertainty of the quotients; 0 if all agree within it. */
  readonly maxRelativeError: number;
  /** Components that disagree, worst first. Not empty unless `ok`. */
  readonly components: readonly ComponentCheck[];
  /** Components at a kink, where the gradient is one of the values between the slopes of both sides. */
  readonly kinks: readonly number[];
  /** Components that could not be judged: f is not finite nearby. */
  readonly undefinedAt: readonly number[];
  readonly evaluations: number;
}

interface Slope {
  readonly expected: number;
  readonly got: number;
  readonly uncertainty: number;
  /** Beyond tolerance and uncertainty. */
  readonly excess: number;
  readonly verdict: "agrees" | "disagrees" | "kink" | "undefined";
}

const EPSILON = 2 ** -52;

/**
 * Compares a gradient with difference quotients of its function.
 *
 * @param gradient - the gradient at a point, or its value at x.
 * @param x - where to compare, [n]; not changed. A point without symmetry shows errors that a special one hides.
 * @throws OptionError OPTION_OUT_OF_RANGE if the gradient does not have the length of x or an option is out of range.
 * Cost: 5 evaluations of f a direction or component; see `compareAllUpTo`.
 */
export function checkGradient(
  f: VectorFunction,
  gradient: ((x: Float64Array) => ArrayLike<number>) | ArrayLike<number>,
  x: ArrayLike<number>,
  options: CheckGradientOptions = {},
): GradientCheck {
  const { directions = 3, rtol = 1e-5, compareAllUpTo = 64, report = 5, seed = 0, path = (i) => `[${i}]` } = options;
  if (!(Number.isInteger(directions) && directions >= 1)) throw outOfRange("directions", "a whole number ≥ 1", directions);
  if (!(rtol > 0)) throw outOfRange("rtol", "a number > 0", rtol);
  const { box } = options;
  const point = box === undefined || typeof gradient !== "function" ? Float64Array.from(x) : nearestInBox(inset(box, x), x);
  const n = point.length;
  const given = Float64Array.from(typeof gradient === "function" ? gradient(point.slice()) : gradient);
  if (given.length !== n) throw outOfRange("gradient", `${n} components, as x has`, given.length);
  const largest = given.reduce((m, g) => (Number.isFinite(g) ? Math.max(m, Math.abs(g)) : m), 0);
  const tolerance: Tolerance = { rtol, atol: options.atol ?? 1e-9 * largest };
  let noise: number | undefined;

  let evaluations = 0;
  const counted: VectorFunction = (at) => {
    if (box !== undefined && firstOutsideBox(box, at) >= 0) return Number.NaN;
    evaluations++;
    return f(at);
  };
  const center = counted(point.slice());
  const along = (set: readonly number[], signs: ArrayLike<number>): Slope => {
    const line: Line = { f: counted, center, point, gradient: given, set, signs };
    const rounding = EPSILON * Math.abs(center);
    const slope = compareSlope(line, noise ?? rounding, tolerance);
    if (slope.verdict !== "disagrees" || noise !== undefined) return slope;
    noise = Math.max(rounding, estimateNoise(counted, point).noise);
    return noise > 10 * rounding ? compareSlope(line, noise, tolerance) : slope;
  };

  const all = Array.from({ length: n }, (_, i) => i).filter(
    (i) => box === undefined || box.upper[i]! - box.lower[i]! > 2 * margin(point[i]!),
  );
  const compared = new Map<number, Slope>();
  const signsOf = (direction: number): Float64Array =>
    Float64Array.from(
      { length: n },
      (_, i) => (threefryUniform(seed, direction, i) < 0.5 ? -1 : 1) * (0.5 + threefryUniform(seed, direction, n + i)),
    );

  let maxExcess = 0;
  let suspicious = all.filter((i) => !Number.isFinite(given[i]!));
  for (let d = 0; d < directions && n > 0; d++) {
    const signs = signsOf(d);
    const slope = along(all, signs);
    if (slope.verdict === "agrees") continue;
    if (slope.verdict === "disagrees") maxExcess = Math.max(maxExcess, slope.excess);
    if (n > compareAllUpTo)
      suspicious.push(
        ...narrow(
          all,
          (set) =>
            along(
              set,
              set.map((i) => signs[i]!),
            ).verdict !== "agrees",
        ),
      );
  }
  if (n <= compareAllUpTo) suspicious = all;
  for (const i of new Set(suspicious)) compared.set(i, along([i], [1]));

  const wrong = [...compared].filter(([, slope]) => slope.verdict === "disagrees");
  // A direction at odds with the function while each component fits means that the point is at a kink across coordinates: accepted.
  const ok = wrong.length === 0;
  const components = wrong
    .map(([index, slope]) => componentCheck(index, path(index), slope))
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, report);
  return {
    ok,
    maxRelativeError: ok ? 0 : Math.max(...wrong.map(([, slope]) => slope.excess), maxExcess),
    components,
    kinks: [...compared].filter(([, slope]) => slope.verdict === "kink").map(([i]) => i),
    undefinedAt: [...compared].filter(([, slope]) => slope.verdict === "undefined").map(([i]) => i),
    evaluations,
  };
}

/** Room that the points of a quotient need on both sides. */
function margin(x: number): number {
  return 4 * Math.cbrt(EPSILON) * Math.max(1, Math.abs(x));
}

/** The box without its rim, where it is wide enough. */
function inset({ lower, upper }: Box, x: ArrayLike<number>): Box {
  const rim = lower.map((low, i) => (upper[i]! - low > 2 * margin(x[i]!) ? margin(x[i]!) : 0));
  return { lower: lower.map((low, i) => low + rim[i]!), upper: upper.map((high, i) => high - rim[i]!) };
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** A direction: Σ signsᵢ·scaleᵢ·eᵢ over the coordinates in `set`. */
interface Line {
  readonly f: VectorFunction;
  /** f at the point. */
  readonly center: number;
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly set: readonly number[];
  readonly signs: ArrayLike<number>;
}

/** The slope of f along a line, by differences of a function with the given noise, and by the gradient. */
function compareSlope({ f, center, point, gradient, set, signs }: Line, noise: number, { rtol, atol }: Tolerance): Slope {
  const scales = set.map((i) => Math.max(1, Math.abs(point[i]!)));
  const norm = Math.sqrt(set.reduce((total, _, k) => total + (signs[k]! * scales[k]!) ** 2, 0));
  const scale = Math.sqrt(scales.reduce((total, s) => total + s * s, 0));
  const at = (t: number): number => {
    const moved = point.slice();
    for (const [k, i] of set.entries()) moved[i]! += (t * signs[k]! * scales[k]!) / norm;
    return f(moved);
  };
  let got = 0;
  let magnitude = 0;
  for (const [k, i] of set.entries()) {
    const part = (gradient[i]! * signs[k]! * scales[k]!) / norm;
    got += part;
    magnitude += part * part;
  }
  // Wide enough that the noise of f hardly counts, and its half, to see the truncation.
  const h = scale * Math.max(EPSILON, noise / Math.max(Math.abs(center), noise)) ** (1 / 3);
  const [right, left, halfRight, halfLeft] = [at(h), at(-h), at(h / 2), at(-h / 2)];
  if (![right, left, halfRight, halfLeft, center].every(Number.isFinite))
    return { expected: Number.NaN, got, uncertainty: Number.NaN, excess: 0, verdict: "undefined" };
  const coarse = (right - left) / (2 * h);
  const fine = (halfRight - halfLeft) / h;
  const rounding = (8 * Math.max(noise, EPSILON * Math.max(Math.abs(right), Math.abs(left)))) / h;
  const uncertainty = Math.abs(fine - coarse) + rounding;
  const expected = fine + (fine - coarse) / 3;
  // In a direction the terms may cancel: their root sum of squares is what relative refers to.
  const size = Math.max(Math.abs(got), Math.abs(expected), Math.sqrt(magnitude));
  const error = Math.abs(got - expected);
  if (error <= rtol * size + atol + 2 * uncertainty) return { expected, got, uncertainty, excess: 0, verdict: "agrees" };
  const [slopeRight, slopeLeft] = [(halfRight - center) / (h / 2), (center - halfLeft) / (h / 2)];
  const slack = rtol * size + atol + 4 * rounding;
  // Of a smooth function the slopes of both sides approach each other as the step shrinks; at a kink their gap stays.
  const gap = Math.abs(slopeRight - slopeLeft);
  const wideGap = Math.abs((right - 2 * center + left) / h);
  const kink = gap > 1e-3 * Math.max(Math.abs(slopeRight), Math.abs(slopeLeft)) && gap > 0.75 * wideGap;
  if (kink && got >= Math.min(slopeRight, slopeLeft) - slack && got <= Math.max(slopeRight, slopeLeft) + slack) {
    return { expected, got, uncertainty, excess: 0, verdict: "kink" };
  }
  const excess = Number.isNaN(error) ? Number.POSITIVE_INFINITY : (error - 2 * uncertainty) / size;
  return { expected, got, uncertainty, excess, verdict: "disagrees" };
}

/** Members of `set` that disagree alone, found by halving while a part disagrees. */
function narrow(set: readonly number[], disagrees: (part: readonly number[]) => boolean): number[] {
  if (set.length <= 1) return [...set];
  const middle = set.length >> 1;
  return [set.slice(0, middle), set.slice(middle)].flatMap((part) => (disagrees(part) ? narrow(part, disagrees) : []));
}

function componentCheck(index: number, path: string, { expected, got, uncertainty }: Slope): ComponentCheck {
  return { index, path, expected, got, relativeError: Math.abs(got - expected) / Math.max(Math.abs(got), Math.abs(expected)), uncertainty };
}

/** Absolute errors matter first: a wrong large component misleads a descent more than a wrong small one. */
function rank({ expected, got }: ComponentCheck): number {
  const error = Math.abs(got - expected);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

function outOfRange(option: string, expected: string, got: unknown): OptionError {
  return new OptionError("OPTION_OUT_OF_RANGE", `checkGradient({ ${option} }): expected ${expected}, got ${String(got)}.`, {
    option,
    expected,
    got,
  });
}
