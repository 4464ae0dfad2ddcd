/**
 * What Newton's method would still do at a point, from products with the Hessian alone.
 *
 * In the Krylov space of the gradient, H ≈ Σ θₖ·uₖuₖᵀ (Lanczos), so Newton's step is Σ (uₖᵀg/θₖ)·uₖ and the decrease it predicts
 * ½·Σ (uₖᵀg)²/θₖ, over the Ritz values θₖ that are more than rounding. On a quadratic the predicted decrease is f − min f, up to what the
 * probe is too short to see.
 *
 * Source: Conn, Gould and Toint 2000, "Trust-Region Methods", chapter 5, for Lanczos and the quadratic model.
 */

import { dot, twoNorm } from "./blas1.js";
import { type LanczosResult, lanczos } from "./lanczos.js";

/** The quadratic model along the gradient. */
export interface KrylovNewton {
  /** The step is *subtracted* from the point, [n]. */
  readonly step: Float64Array;
  /** Decrease that the step predicts, ≥ 0: the remaining gap on a quadratic. */
  readonly gap: number;
  /** Curvature of the Ritz vector with the largest part of the gap, and that part, 0 to 1; 0 and 0 where there is no gap. */
  readonly slowest: { readonly curvature: number; readonly share: number };
  /** Every curvature above the floor and its share of the gap, ascending by curvature. */
  readonly modes: readonly { readonly curvature: number; readonly share: number }[];
  /** ‖g‖₂ along Ritz vectors whose curvature is not above the floor. */
  readonly unresolved: number;
  readonly probe: LanczosResult;
}

export interface KrylovNewtonOptions {
  /** Products at most. Default 20. */
  readonly products?: number;
  /** Curvatures at or below this share of the largest are rounding. ≥ 0. Default 0. */
  readonly floor?: number;
}

/**
 * @param multiply - v ↦ H·v, [n]; the result is read before the next call.
 * @param gradient - g, [n], not zero.
 */
export function krylovNewton(
  multiply: (direction: Float64Array) => ArrayLike<number>,
  gradient: ArrayLike<number>,
  { products = 20, floor = 0 }: KrylovNewtonOptions = {},
): KrylovNewton {
  return newtonFromProbe(lanczos(multiply, gradient, products), gradient, floor);
}

/** The same from a probe that was begun along the gradient, or is complete. */
export function newtonFromProbe(probe: LanczosResult, gradient: ArrayLike<number>, floor: number = 0): KrylovNewton {
  const n = gradient.length;
  const size = twoNorm(gradient);
  const lowest = floor * Math.max(0, probe.values.at(-1)!);
  const step = new Float64Array(n);
  let gap = 0;
  let unresolved = 0;
  const parts: { curvature: number; part: number }[] = [];
  for (let k = 0; k < probe.values.length; k++) {
    const curvature = probe.values[k]!;
    const u = probe.vector(k);
    const slope = dot(u, gradient);
    if (!(curvature > lowest)) {
      unresolved = Math.hypot(unresolved, slope);
      continue;
    }
    // In this order: slope/curvature may overflow where their scaled quotient does not.
    const length = (slope / size / curvature) * size;
    for (let i = 0; i < n; i++) step[i]! += length * u[i]!;
    const part = 0.5 * length * slope;
    gap += part;
    parts.push({ curvature, part });
  }
  const modes = parts.map(({ curvature, part }) => ({ curvature, share: gap > 0 ? part / gap : 0 }));
  const slowest = modes.reduce((most, mode) => (mode.share > most.share ? mode : most), { curvature: 0, share: 0 });
  return { step, gap, unresolved, slowest, modes, probe };
}
