/**
 * Rules that are linear in the gradient, on a quadratic: along a direction of curvature λ each step multiplies (x, α·m) by one matrix.
 *
 * m ← β·m + w·λ·x,  x ← x − α·(c·m + d·λ·x), so with a = α·λ
 *
 * A(a) = [[1 − a·(c·w + d), −c·β], [w·a, β]]
 *
 * The direction is stable while both eigenvalues are inside the unit circle: 1 − tr + det > 0, 1 + tr + det > 0, det < 1. Only the second
 * depends on a, and gives the limit: gradient descent 2, heavy ball 2(1 + β), its weighted form
 * 2(1 + β)/(1 − β), Nesterov 2(1 + β)/(1 + 2β).
 *
 * Source: Polyak 1964 for heavy ball; Cohen et al. 2021, appendix B, for Nesterov in this form and for adaptive rules, whose limit
 * (2 + 2β₁)/(1 − β₁) holds for the curvature divided by their denominators.
 */

import type { Transformation } from "./transformation.js";

export interface LinearRecurrence {
  /** α of a constant rate. */
  readonly learningRate: number;
  readonly beta: number;
  /** Weight of a new gradient in m, and of m and of the gradient itself in the update. */
  readonly weight: number;
  readonly ofMemory: number;
  readonly ofGradient: number;
}

/** What is known of the stability of a rule. */
export interface Stability {
  readonly learningRate: number;
  /** Largest stable α·λ; for an adaptive rule of the curvature divided by its denominators. */
  readonly limit: number;
  /** Absent for adaptive rules. */
  readonly recurrence: LinearRecurrence | undefined;
}

/** Rules that divide by a memory of squares, and their β₁ where they have one. */
const ADAPTIVE: Readonly<Record<string, number>> = {
  adam: 0.9,
  adamw: 0.9,
  amsgrad: 0.9,
  nadam: 0.9,
  radam: 0.9,
  adabelief: 0.9,
  yogi: 0.9,
  adamax: 0.9,
  rmsprop: 0,
  adagrad: 0,
};
const USUAL_RATE: Readonly<Record<string, number>> = { gradientDescent: 0.01, momentum: 0.01, nesterov: 0.01 };

/** @returns undefined for rules of other kinds, and for rates or constants that change by a schedule. */
export function stabilityOf({ name, settings }: Pick<Transformation, "name" | "settings">): Stability | undefined {
  if (settings === undefined) return undefined;
  const number = (option: string, usual: number): number => {
    const value = settings[option] ?? usual;
    return typeof value === "number" ? value : Number.NaN;
  };
  const usualRate = USUAL_RATE[name];
  if (usualRate !== undefined) {
    const learningRate = number("learningRate", usualRate);
    const beta = name === "gradientDescent" ? 0 : number("momentum", 0.9);
    if (!Number.isFinite(learningRate) || !Number.isFinite(beta)) return undefined;
    const weight = settings.form === "ema" ? 1 - beta : 1;
    const nesterov = name === "nesterov";
    const recurrence = { learningRate, beta, weight, ofMemory: nesterov ? beta : 1, ofGradient: nesterov ? 1 : 0 };
    return { learningRate, limit: limitOf(recurrence), recurrence };
  }
  const usualBeta = ADAPTIVE[name];
  const beta1 = usualBeta === undefined ? Number.NaN : number(name === "rmsprop" ? "momentum" : "beta1", usualBeta);
  const learningRate = number("learningRate", name === "adagrad" || name === "rmsprop" || name === "yogi" ? 0.01 : 0.001);
  if (!Number.isFinite(beta1) || !Number.isFinite(learningRate)) return undefined;
  // RMSProp's own momentum sums, β₁ averages.
  const limit = name === "rmsprop" ? 2 * (1 + beta1) : (2 + 2 * beta1) / (1 - beta1);
  return { learningRate, limit, recurrence: undefined };
}

/** a with 1 + tr A(a) + det A(a) = 0. */
function limitOf({ beta, weight, ofMemory, ofGradient }: LinearRecurrence): number {
  return (2 * (1 + beta)) / (ofMemory * weight + ofGradient * (1 + beta));
}

/**
 * Trace and determinant of A(a): the roots of z² − trace·z + determinant are the factors by which the direction shrinks. Where they are
 * complex, trace² < 4·determinant, it swings, with the envelope √determinant and the angle arccos(trace/(2·√determinant)) a step.
 */
export function characteristicOf(
  { beta, weight, ofMemory, ofGradient }: LinearRecurrence,
  a: number,
): { readonly trace: number; readonly determinant: number } {
  return { trace: 1 + beta - a * (ofMemory * weight + ofGradient), determinant: beta * (1 - a * ofGradient) };
}

/** One step along a direction with α·λ = a: the new (x, α·m). */
export function stepAlong(
  { beta, weight, ofMemory, ofGradient }: LinearRecurrence,
  a: number,
  x: number,
  memory: number,
): [number, number] {
  return [(1 - a * (ofMemory * weight + ofGradient)) * x - ofMemory * beta * memory, weight * a * x + beta * memory];
}

/** x after `steps` steps from x = 1, m = 0, along a direction with α·λ = a. */
export function decayAfter({ beta, weight, ofMemory, ofGradient }: LinearRecurrence, a: number, steps: number): number {
  let power: Matrix = [1 - a * (ofMemory * weight + ofGradient), -ofMemory * beta, weight * a, beta];
  let result: Matrix = [1, 0, 0, 1];
  for (let left = steps; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(result, power);
    power = product(power, power);
  }
  return result[0];
}

/** Row-major, 2 × 2. */
type Matrix = readonly [number, number, number, number];

function product([a, b, c, d]: Matrix, [e, f, g, h]: Matrix): Matrix {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}
