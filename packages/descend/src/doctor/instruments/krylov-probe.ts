/**
 * Curvature at a point by products with the Hessian: 20 Lanczos steps from the gradient tell what a descent still has before it, 20 from a
 * random direction the extremes.
 */

import { dot, twoNorm } from "../../numeric/blas1.js";
import { lanczos } from "../../numeric/lanczos.js";
import { threefryUniform } from "../../numeric/random.js";
import type { Probe } from "../probe.js";

export interface KrylovProbe {
  readonly largest: number;
  readonly lowest: number;
  /** What `lowest` may be wrong by: its residual bound. */
  readonly lowestBound: number;
  /** Unit vector of the lowest curvature. */
  readonly lowestVector: Float64Array;
  /** ½·Σ ωᵢ/θᵢ over positive curvatures: what Newton's method would still gain, were the objective quadratic. */
  readonly gap: number;
  /** The curvature that carries the largest part of the gap, and its direction. */
  readonly slowCurvature: number;
  readonly slowVector: Float64Array;
  /** Share of the gap along `slowVector`. */
  readonly slowShare: number;
  /** ‖H⁻¹g‖∞ and ‖H⁻¹g‖₂ over positive curvatures. */
  readonly distance: number;
  readonly distanceTwo: number;
}

const PRODUCTS = 20;
/** Curvatures below this share of the largest are rounding. */
const ROUNDING = 1e-13;

export function krylovProbe(probe: Probe, params: Float64Array, gradient: Float64Array, seed: number): KrylovProbe {
  const multiply = probe.hessianVector(params);
  const random = lanczos(multiply, randomDirection(params.length, seed), PRODUCTS);
  const size = twoNorm(gradient);
  const lowestAt = 0;
  const along = size > 0 ? lanczos(multiply, gradient, PRODUCTS) : undefined;
  let largest = random.values.at(-1)!;
  let lowest = random.values[lowestAt]!;
  let lowestBound = random.bounds[lowestAt]!;
  let lowestVector = random.vector(lowestAt);
  if (along !== undefined) {
    largest = Math.max(largest, along.values.at(-1)!);
    if (along.values[0]! < lowest) {
      lowest = along.values[0]!;
      lowestBound = along.bounds[0]!;
      lowestVector = along.vector(0);
    }
  }
  let gap = 0;
  let slow = -1;
  let slowPart = 0;
  const step = new Float64Array(params.length);
  along?.values.forEach((theta, k) => {
    if (!(theta > ROUNDING * largest)) return;
    const part = (along.weights[k]! * size * size) / (2 * theta);
    gap += part;
    if (part > slowPart) {
      slowPart = part;
      slow = k;
    }
    const u = along.vector(k);
    const length = dot(u, gradient) / theta;
    for (let i = 0; i < step.length; i++) step[i]! += length * u[i]!;
  });
  return {
    largest,
    lowest,
    lowestBound,
    lowestVector,
    gap,
    slowCurvature: slow < 0 ? 0 : along!.values[slow]!,
    slowVector: slow < 0 ? new Float64Array(params.length) : along!.vector(slow),
    slowShare: gap > 0 ? slowPart / gap : 0,
    distance: step.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    distanceTwo: twoNorm(step),
  };
}

/** The largest curvature alone, with half the products. P^(−½)·H·P^(−½) where a diagonal P is given. */
export function largestCurvature(probe: Probe, params: Float64Array, seed: number, preconditioner?: Float64Array, products = 12): number {
  const multiply = probe.hessianVector(params);
  const root = preconditioner?.map((p) => 1 / Math.sqrt(p));
  const scaled =
    root === undefined
      ? multiply
      : (v: Float64Array): Float64Array => multiply(v.map((value, i) => value * root[i]!)).map((value, i) => value * root[i]!);
  return lanczos(scaled, randomDirection(params.length, seed), products).values.at(-1)!;
}

export function randomDirection(n: number, seed: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(seed, 0xd0c, i) - 1);
}
