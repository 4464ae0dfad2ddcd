/**
 * Least squares with coefficients ≥ 0, by an active set: min ‖Σᵢ μᵢ·aᵢ − b‖₂, μ ≥ 0.
 *
 * Source: Lawson, Hanson 1974, "Solving least squares problems", chapter 23, algorithm NNLS.
 */

import { DescendError } from "../errors.js";
import { twoNorm } from "./blas1.js";
import { leastSquaresByQr } from "./qr.js";

export interface NonNegativeSolution {
  /**
   * b − Σ μᵢ·aᵢ, [dimension]. Its products with all aᵢ are ≤ 0, up to rounding: by Farkas it
   * separates b from their cone, where it is not 0.
   */
  readonly residual: Float64Array;
  /** Vectors with μ > 0, and these μ. */
  readonly support: readonly number[];
  readonly coefficients: Float64Array;
}

/** A residual below this share of b is rounding. */
const ROUNDING = 1e-11;

/**
 * @param vectors - a₀, a₁, …, [count, dimension] row-major, each of length about 1.
 * @param target - b, [dimension].
 * @returns undefined where it takes more than 10·dimension + 50 exchanges: never seen but for tables at the edge of rounding.
 *
 * Cost: an exchange takes count·dimension + dimension³ flops; there are about as many as the dimension.
 */
export function nonNegativeLeastSquares(vectors: Float64Array, dimension: number, target: Float64Array): NonNegativeSolution | undefined {
  const count = vectors.length / dimension;
  const vector = (i: number): Float64Array => vectors.subarray(i * dimension, (i + 1) * dimension);
  const size = twoNorm(target);
  // Vectors that turned out to depend on the support, until the support changes
  const dependent = new Set<number>();
  let point: Point = { support: [], coefficients: [] };
  for (let exchange = 0; exchange < 10 * dimension + 50; exchange++) {
    const residual = residualOf(point, vectors, dimension, target);
    const best =
      twoNorm(residual) <= ROUNDING * size
        ? -1
        : steepest(vectors, dimension, count, residual, (i) => dependent.has(i) || point.support.includes(i));
    if (best < 0) return { residual, support: point.support, coefficients: Float64Array.from(point.coefficients) };
    const next = enter(point, best, (support) => solveOn(support, vector, dimension, target));
    if (next === undefined) dependent.add(best);
    else {
      point = next;
      dependent.clear();
    }
  }
  return undefined;
}

interface Point {
  readonly support: readonly number[];
  readonly coefficients: readonly number[];
}

/** The vector whose entry brings the residual down fastest; −1 if none does. */
function steepest(vectors: Float64Array, dimension: number, count: number, residual: Float64Array, skip: (i: number) => boolean): number {
  let best = -1;
  let bestSlope = ROUNDING * twoNorm(residual);
  for (let i = 0; i < count; i++) {
    let slope = 0;
    for (let j = 0; j < dimension; j++) slope += vectors[i * dimension + j]! * residual[j]!;
    if (slope > bestSlope && !skip(i)) {
      best = i;
      bestSlope = slope;
    }
  }
  return best;
}

/** Takes `entering` into the support and lets go what would become negative; undefined where it depends on the support to rounding. */
function enter(
  { support, coefficients }: Point,
  entering: number,
  solve: (support: readonly number[]) => Float64Array | undefined,
): Point | undefined {
  let places: readonly number[] = [...support, entering];
  let current: readonly number[] = [...coefficients, 0];
  let solved = solve(places);
  if (solved === undefined || !(solved.at(-1)! > 0)) return undefined;
  while (solved.some((value) => value <= 0)) {
    const goal: Float64Array = solved;
    const ratios = current.map((value, k) => (goal[k]! <= 0 ? value / (value - goal[k]!) : Number.POSITIVE_INFINITY));
    const step = Math.min(...ratios);
    const kept = places.map((_, k) => k).filter((k) => ratios[k]! > step);
    current = kept.map((k) => current[k]! + step * (goal[k]! - current[k]!));
    places = kept.map((k) => places[k]!);
    const again = solve(places);
    if (again === undefined) return undefined;
    solved = again;
  }
  return { support: places, coefficients: Array.from(solved) };
}

function residualOf({ support, coefficients }: Point, vectors: Float64Array, dimension: number, target: Float64Array): Float64Array {
  const residual = target.slice();
  support.forEach((i, k) => {
    for (let j = 0; j < dimension; j++) residual[j]! -= coefficients[k]! * vectors[i * dimension + j]!;
  });
  return residual;
}

function solveOn(
  support: readonly number[],
  vector: (i: number) => Float64Array,
  dimension: number,
  target: Float64Array,
): Float64Array | undefined {
  if (support.length > dimension || support.length === 0) return undefined;
  const matrix = new Float64Array(support.length * dimension);
  support.forEach((i, k) => {
    matrix.set(vector(i), k * dimension);
  });
  try {
    return leastSquaresByQr(matrix, dimension, support.length, target).solution;
  } catch (error) {
    if (error instanceof DescendError && error.code === "MATRIX_SINGULAR") return undefined;
    throw error;
  }
}
