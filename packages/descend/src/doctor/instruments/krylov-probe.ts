/**
 * Curvature at a point by products with the Hessian: 20 Lanczos steps from the gradient tell what a descent still has before it, 20 from a
 * random direction the extremes.
 */

import { twoNorm } from "../../numeric/blas1.js";
import { krylovNewton } from "../../numeric/krylov-newton.js";
import { type LanczosResult, lanczos } from "../../numeric/lanczos.js";
import { threefryUniform } from "../../numeric/random.js";
import type { Probe } from "../probe.js";

/** A curvature of the quadratic model along the gradient, and its share of the gap. */
export interface GapMode {
  readonly curvature: number;
  readonly share: number;
}

export interface KrylovProbe {
  readonly largest: number;
  readonly lowest: number;
  /** What `lowest` may be wrong by: its residual bound. */
  readonly lowestBound: number;
  /** Unit vector of the lowest curvature. */
  readonly lowestVector: Float64Array;
  /** ½·Σ ωᵢ/θᵢ over positive curvatures: what Newton's method would still gain, were the objective quadratic. */
  readonly gap: number;
  /** The curvature that carries the largest part of the gap; 0 where there is none. */
  readonly slowCurvature: number;
  /** What the gap is made of, by curvature, ascending. */
  readonly modes: readonly GapMode[];
  /** ‖H⁻¹g‖₂ over positive curvatures. */
  readonly distance: number;
}

const PRODUCTS = 20;
const LARGEST_ALONE = 12;
/** Curvatures below this share of the largest are rounding. */
const ROUNDING = 1e-13;

/** Lanczos steps from a random direction, as many as tell the largest curvature alone; they can be extended. */
export function extremeCurvatures(probe: Probe, params: Float64Array, seed: number): LanczosResult {
  return lanczos(probe.hessianVector(params), randomDirection(params.length, seed), LARGEST_ALONE);
}

/** @param begun - extreme curvatures at the same point, to go on from. */
export function krylovProbe(
  probe: Probe,
  { params, gradient, begun }: { params: Float64Array; gradient: Float64Array; begun: LanczosResult },
): KrylovProbe {
  const multiply = probe.hessianVector(params);
  const random = begun.extend(PRODUCTS);
  const along = twoNorm(gradient) > 0 ? krylovNewton(multiply, gradient, { products: PRODUCTS, floor: ROUNDING }) : undefined;
  const deepest = along !== undefined && along.probe.values[0]! < random.values[0]! ? along.probe : random;
  return {
    largest: Math.max(random.values.at(-1)!, along?.probe.values.at(-1) ?? Number.NEGATIVE_INFINITY),
    lowest: deepest.values[0]!,
    lowestBound: deepest.bounds[0]!,
    lowestVector: deepest.vector(0),
    gap: along?.gap ?? 0,
    slowCurvature: along?.slowest.curvature ?? 0,
    modes: along?.modes ?? [],
    distance: along === undefined ? 0 : twoNorm(along.step),
  };
}

/** The largest curvature alone, with half the products. P^(−½)·H·P^(−½) where a diagonal P is given. */
export function largestCurvature(
  probe: Probe,
  params: Float64Array,
  seed: number,
  preconditioner?: Float64Array,
  products: number = LARGEST_ALONE,
): number {
  const multiply = probe.hessianVector(params);
  const root = preconditioner?.map((p) => 1 / Math.sqrt(p));
  const scaled =
    root === undefined
      ? multiply
      : (v: Float64Array): Float64Array => multiply(v.map((value, i) => value * root[i]!)).map((value, i) => value * root[i]!);
  return lanczos(scaled, randomDirection(params.length, seed), products).values.at(-1)!;
}

function randomDirection(n: number, seed: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(seed, 0xd0c, i) - 1);
}
