/**
 * Yeo and Johnson's powers: a monotone bend of a column, of any sign, that makes it as normal as such a bend can.
 *
 * ψ(λ, x) = ((x + 1)^λ − 1)/λ for x ≥ 0, −((1 − x)^(2 − λ) − 1)/(2 − λ) for x < 0, with logarithms where the exponent is 0.
 */

import { columnStatistics } from "../column-statistics.js";
import { type AffineData, affineColumns, learnAffine, undoAffine } from "./affine.js";

export interface PowerData {
  readonly kind: "power";
  /** λ, [columns]: 1 changes nothing. */
  readonly lambdas: readonly number[];
  /** What the bent columns are standardized by. */
  readonly centers: readonly number[];
  readonly scales: readonly number[];
}

/** λ is sought here first; where the likelihood still rises at an end, further out. */
const SEARCHED = { from: -2, to: 4 };
/** A likelihood near its maximum is flat to rounding: λ has half the digits. */
const TOLERANCE = 1e-9;
const MOST_WIDENINGS = 5;

/**
 * Source: Yeo, Johnson 2000, "A new family of power transformations to improve normality or symmetry", section 3: λ by maximum likelihood.
 */
export function learnPower(columns: readonly ArrayLike<number>[]): PowerData {
  const lambdas = columns.map(likeliestPower);
  const bent = columns.map((column, k) => Float64Array.from(column, (x) => bend(lambdas[k]!, x)));
  const { centers, scales } = learnAffine("standard", bent);
  return { kind: "power", lambdas, centers, scales };
}

export function powerColumns({ lambdas, ...affine }: PowerData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  const bent = columns.map((column, k) => Float64Array.from(column, (x) => bend(lambdas[k]!, x)));
  return affineColumns(affine as unknown as AffineData, bent);
}

export function undoPower({ lambdas, ...affine }: PowerData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return undoAffine(affine as unknown as AffineData, columns).map((column, k) => column.map((y) => unbend(lambdas[k]!, y)));
}

function bend(lambda: number, x: number): number {
  return x >= 0 ? boxCox(lambda, Math.log1p(x)) : -boxCox(2 - lambda, Math.log1p(-x));
}

function unbend(lambda: number, y: number): number {
  return y >= 0 ? Math.expm1(unBoxCox(lambda, y)) : -Math.expm1(unBoxCox(2 - lambda, -y));
}

/** (e^(λ·l) − 1)/λ, l where λ = 0. */
function boxCox(lambda: number, l: number): number {
  return lambda === 0 ? l : Math.expm1(lambda * l) / lambda;
}

function unBoxCox(lambda: number, y: number): number {
  return lambda === 0 ? y : Math.log1p(lambda * y) / lambda;
}

function likeliestPower(column: ArrayLike<number>): number {
  if (columnStatistics(column).deviation === 0) return 1;
  let signed = 0;
  for (let i = 0; i < column.length; i++) signed += Math.sign(column[i]!) * Math.log1p(Math.abs(column[i]!));
  // −log likelihood over n, without constants; overflow is as unlikely as can be
  const unlikeliness = (lambda: number): number => {
    const { deviation } = columnStatistics(Float64Array.from(column, (x) => bend(lambda, x)));
    const value = Math.log(deviation) - ((lambda - 1) * signed) / column.length;
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  };
  let { from, to } = SEARCHED;
  for (let widening = 0; ; widening++) {
    const lambda = goldenSection(unlikeliness, from, to);
    const width = to - from;
    if (widening === MOST_WIDENINGS || (lambda - from > 1e-3 * width && to - lambda > 1e-3 * width)) return lambda;
    if (lambda - from < to - lambda) [from, to] = [from - 2 * width, from + 0.1 * width];
    else [from, to] = [to - 0.1 * width, to + 2 * width];
  }
}

/** Where a function with one valley is lowest. Source: Kiefer 1953, "Sequential minimax search for a maximum". */
function goldenSection(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > TOLERANCE * Math.max(1, Math.abs(a))) {
    if (fc <= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}
