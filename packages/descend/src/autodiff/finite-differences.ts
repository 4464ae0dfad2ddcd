/**
 * Gradients from values alone, for functions that cannot be differentiated otherwise.
 *
 * A difference quotient errs twice: by truncation, a power of the step h, and by rounding, ε/h. The best step balances both; it
 * depends on the noise of the function, which is the unit roundoff for a well-programmed formula and can be measured
 * (`noise-level.ts`) for a simulation.
 *
 * Source: Nocedal & Wright 2006, "Numerical Optimization", section 8.1; Moré & Wild 2012, "Estimating derivatives of noisy
 * simulations", for the forward step from the noise.
 */

import { OptionError } from "../errors.js";
import { type Box, firstOutsideBox } from "../numeric/box.js";
import { estimateNoise, type VectorFunction } from "./noise-level.js";

export type FiniteDifferenceScheme = "forward" | "central" | "four-point";

export interface FiniteDifferenceOptions {
  /**
   * - forward: (f(x+h) − f(x))/h, n + 1 evaluations, about 8 digits.
   * - central: (f(x+h) − f(x−h))/2h, 2n evaluations, about 10 digits.
   * - four-point: (f(x−2h) − 8f(x−h) + 8f(x+h) − f(x+2h))/12h, 4n evaluations, about 12 digits.
   *
   * Default "central".
   */
  readonly scheme?: FiniteDifferenceScheme;
  /** h for every coordinate, h > 0. Default: ε^(1/2), ε^(1/3), ε^(1/5) by scheme times max(1, |xᵢ|), with ε = 2⁻⁵² or from `noise`. */
  readonly step?: number;
  /** Standard deviation of the noise in f, > 0; "measure" finds it with some ten further evaluations. Default: rounding alone. */
  readonly noise?: number | "measure";
  /** f(x), if it is known: saves the evaluation that one-sided quotients need. */
  readonly value?: number;
  /** f is not evaluated outside of it; quotients at its faces are one-sided. A coordinate without room has derivative 0. Default: none. */
  readonly box?: Box;
}

/** A coordinate whose derivative could not be taken from both sides. */
export interface OneSided {
  readonly index: number;
  /** Where f is finite: beyond x, before x, or on neither side (the derivative is then NaN). */
  readonly side: "right" | "left" | "none";
}

export interface FiniteDifferenceGradient {
  readonly gradient: Float64Array;
  /** Calls of f. */
  readonly evaluations: number;
  /** h of each coordinate. */
  readonly step: Float64Array;
  /** The noise that was given or measured; undefined if rounding was assumed. */
  readonly noise: number | undefined;
  /**
   * Coordinates near an edge of the domain or box, beyond which f is not finite or not evaluated:
   * one-sided quotients of order 2 were taken.
   */
  readonly oneSided: readonly OneSided[];
}

/** Order of the error in h, and the exponent of the relative noise in the best step. */
const SCHEMES: Record<FiniteDifferenceScheme, { readonly exponent: number }> = {
  forward: { exponent: 1 / 2 },
  central: { exponent: 1 / 3 },
  "four-point": { exponent: 1 / 5 },
};

const EPSILON = 2 ** -52;

/**
 * The gradient of f at x by difference quotients.
 *
 * @param x - the point, [n]; not changed.
 * @returns gradient [n], calls of f, steps taken, and where an edge of the domain forced a one-sided quotient.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function finiteDifferenceGradient(
  f: VectorFunction,
  x: ArrayLike<number>,
  options: FiniteDifferenceOptions = {},
): FiniteDifferenceGradient {
  const scheme = options.scheme ?? "central";
  checkOptions(scheme, options);
  const point = Float64Array.from(x);
  const { box } = options;
  let evaluations = 0;
  const counted = (at: Float64Array): number => {
    if (box !== undefined && firstOutsideBox(box, at) >= 0) return Number.NaN;
    evaluations++;
    return f(at);
  };
  let center = options.value;
  const atCenter = (): number => {
    center ??= counted(point);
    return center;
  };

  let noise = typeof options.noise === "number" ? options.noise : undefined;
  if (options.noise === "measure" && point.length > 0) {
    const measured = estimateNoise(counted, point);
    noise = measured.noise > 0 ? measured.noise : undefined;
  }
  const gradient = new Float64Array(point.length);
  const step = new Float64Array(point.length);
  const oneSided: OneSided[] = [];
  for (let i = 0; i < point.length; i++) {
    /** f with coordinate i moved by t. */
    const along = (t: number): number => {
      const kept = point[i]!;
      point[i] = kept + t;
      const value = counted(point);
      point[i] = kept;
      return value;
    };
    const room = box === undefined ? Number.POSITIVE_INFINITY : box.upper[i]! - box.lower[i]!;
    if (room === 0) continue;
    // A quarter of the room leaves space for two steps on one side at least.
    const h = Math.min(options.step ?? bestStep(scheme, point[i]!, noise, atCenter, along), room / 4);
    step[i] = h;
    const { derivative, side } = quotient(scheme, along, h, atCenter);
    gradient[i] = derivative;
    if (side !== "both") oneSided.push({ index: i, side });
  }
  return { gradient, evaluations, step, noise, oneSided };
}

/**
 * What rounding of f makes of a difference quotient with the default steps: ε|f|/h of the shortest of them.
 *
 * @param x - the point, [n].
 * @param value - f there.
 */
export function differenceRounding(scheme: FiniteDifferenceScheme, x: ArrayLike<number>, value: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) shortest = Math.min(shortest, Math.max(1, Math.abs(x[i]!)));
  return (EPSILON * Math.abs(value)) / (shortest * EPSILON ** SCHEMES[scheme].exponent);
}

type AlongLine = (t: number) => number;

interface Quotient {
  readonly derivative: number;
  readonly side: "both" | OneSided["side"];
}

function quotient(scheme: FiniteDifferenceScheme, along: AlongLine, h: number, atCenter: () => number): Quotient {
  const right = along(h);
  if (scheme === "forward" && Number.isFinite(right)) return { derivative: (right - atCenter()) / h, side: "both" };
  const left = along(-h);
  if (Number.isFinite(right) && Number.isFinite(left) && scheme !== "forward") {
    const central = (right - left) / (2 * h);
    if (scheme === "central") return { derivative: central, side: "both" };
    const outer = (along(2 * h) - along(-2 * h)) / (4 * h);
    return { derivative: Number.isFinite(outer) ? central + (central - outer) / 3 : central, side: "both" };
  }
  if (Number.isFinite(right)) return { derivative: threePoint(along, h, right, atCenter()), side: "right" };
  if (Number.isFinite(left)) return { derivative: threePoint(along, -h, left, atCenter()), side: "left" };
  return { derivative: Number.NaN, side: "none" };
}

/** (−3f(x) + 4f(x+h) − f(x+2h))/2h, of order 2; of order 1 if the third point is outside too. h may be negative. */
function threePoint(along: AlongLine, h: number, first: number, center: number): number {
  const second = along(2 * h);
  return Number.isFinite(second) ? (4 * first - 3 * center - second) / (2 * h) : (first - center) / h;
}

/** The step that balances truncation and noise, rounded so that x + h differs from x by h exactly. */
function bestStep(scheme: FiniteDifferenceScheme, xi: number, noise: number | undefined, atCenter: () => number, along: AlongLine): number {
  const scale = Math.max(1, Math.abs(xi));
  let h = scale * EPSILON ** SCHEMES[scheme].exponent;
  if (noise !== undefined) {
    const curvature = scheme === "forward" ? secondDerivative(along, atCenter(), noise, scale) : undefined;
    if (curvature !== undefined) {
      // Moré & Wild 2012: minimizes the bound of the expected squared error of the forward quotient.
      h = 8 ** 0.25 * Math.sqrt(noise / curvature);
    } else {
      const relative = noise / Math.max(Math.abs(atCenter()), noise);
      h = scale * Math.max(relative, EPSILON) ** SCHEMES[scheme].exponent;
    }
  }
  const exact = xi + h - xi;
  return exact > 0 ? exact : h;
}

/**
 * |f″| along a coordinate, to the one digit a step needs, or undefined.
 *
 * Tries a step of ⁴√noise and corrects it once; a second difference is trusted if it is 100 times the noise and the values change by
 * at most a tenth. Source: Moré & Wild 2012, section 5, heuristic conditions (5.3); deviation: scaled by max(1, |x|).
 */
function secondDerivative(along: AlongLine, center: number, noise: number, scale: number): number | undefined {
  const tryStep = (h: number): { estimate: number; trusted: boolean } => {
    const right = along(h);
    const left = along(-h);
    const difference = Math.abs(right - 2 * center + left);
    const smooth =
      Math.max(Math.abs(right - center), Math.abs(left - center)) <= 0.1 * Math.max(Math.abs(right), Math.abs(left), Math.abs(center));
    return { estimate: difference / (h * h), trusted: difference >= 100 * noise && smooth };
  };
  const first = tryStep(scale * noise ** 0.25);
  if (first.trusted) return first.estimate;
  if (!(first.estimate > 0) || !Number.isFinite(first.estimate)) return undefined;
  const second = tryStep((noise / first.estimate) ** 0.25);
  return second.trusted ? second.estimate : undefined;
}

function checkOptions(scheme: FiniteDifferenceScheme, { step, noise }: FiniteDifferenceOptions): void {
  if (!Object.hasOwn(SCHEMES, scheme)) throw outOfRange("scheme", Object.keys(SCHEMES).join(", "), scheme);
  if (step !== undefined && !(step > 0 && Number.isFinite(step))) throw outOfRange("step", "a number > 0", step);
  if (noise !== undefined && noise !== "measure" && !(noise > 0 && Number.isFinite(noise)))
    throw outOfRange("noise", 'a number > 0 or "measure"', noise);
}

function outOfRange(option: string, expected: string, got: unknown): OptionError {
  return new OptionError("OPTION_OUT_OF_RANGE", `finiteDifferenceGradient({ ${option} }): expected ${expected}, got ${String(got)}.`, {
    option,
    expected,
    got,
  });
}
