/**
 * Trust regions: the second-order model is minimized within a ball in which it has proved true.
 *
 * p = argmin m(p) = f + gᵀp + ½·pᵀHp,  ‖p‖ ≤ Δ,   ρ = (f(x) − f(x + p)) / (m(0) − m(p))
 *
 * A step is taken where ρ > η; the radius Δ shrinks to a quarter of ‖p‖ where ρ < 1/4 and doubles where ρ > 3/4 and p reaches the border.
 *
 * Source: Conn, Gould, Toint 2000; Nocedal and Wright 2006, algorithm 4.1. Near the minimum, where differences of f are rounding, ρ is that
 * of both differences enlarged by the rounding (Conn, Gould, Toint, section 17.4.2).
 */

import { dot, maxNorm, twoNorm } from "../../numeric/blas1.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import { gradientAt, hessianAt, hessianVectorAt, type Search, type SearchMethod, type SearchPoint } from "../search-method.js";
import { doglegStep } from "./dogleg-step.js";
import { exactStep } from "./exact-step.js";
import type { ModelStep } from "./model-step.js";
import { steihaugStep } from "./steihaug-step.js";

export interface TrustRegionOptions {
  readonly subproblem?: "dogleg" | "steihaug" | "exact";
  readonly initialRadius?: number;
}

/** The rows of {@link TrustRegionOptions}. */
export const trustRegionTable: OptionTable<TrustRegionOptions> = {
  subproblem: {
    kind: "choice",
    default: "exact",
    choices: ["dogleg", "steihaug", "exact"],
    meaning: "how the model is minimized: along two legs, by products with the Hessian, or exactly",
  },
  initialRadius: {
    kind: "number",
    default: 1,
    ...POSITIVE,
    meaning: "Δ of the first step, relative to the parameters where these are larger than 1",
  },
};

export type TrustRegionState = { readonly radius: number };

/** A step is taken from this ρ on: η. */
const ACCEPT = 0.1;
/** Rounding of f, relative to max(1, |f|). */
const ROUNDING = 1e-15;
/** Radii below this share of the parameters move nothing. */
const SMALLEST_RADIUS = 1e-16;

/**
 * @param options.subproblem - "dogleg", "steihaug" or "exact". Default "exact".
 * @param options.initialRadius - Δ of the first step relative to max(1, ‖x‖₂), > 0. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: one evaluation a trial; "exact" and "dogleg" n products with the Hessian and O(n³), "steihaug" a product an inner step.
 */
export function trustRegion(options: TrustRegionOptions = {}): SearchMethod<TrustRegionState> {
  const { subproblem, initialRadius } = readOptions("trustRegion", trustRegionTable, options);
  return {
    kind: "search",
    name: "trustRegion",
    uses: "curvature",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init({ params }) {
      return { radius: initialRadius * Math.max(1, twoNorm(params)) };
    },
    *step(point, state) {
      const { params, value } = point;
      const minimize = yield* modelAt(subproblem, point);
      if (minimize === undefined) return undefined;
      const rounding = ROUNDING * Math.max(1, Math.abs(value));
      let { radius } = state;
      while (radius > SMALLEST_RADIUS * maxNorm(params) && radius > 0) {
        const { step, decrease } = yield* minimize(radius);
        if (!(decrease > 0)) return undefined;
        const trial = yield* gradientAt(params.map((x, i) => x + step[i]!));
        const length = twoNorm(step);
        const defined = Number.isFinite(trial.value) && Number.isFinite(maxNorm(trial.gradient));
        const ratio = defined ? (value - trial.value + rounding) / (decrease + rounding) : Number.NEGATIVE_INFINITY;
        const border = length >= 0.99 * radius;
        radius = ratio < 0.25 ? 0.25 * length : ratio > 0.75 && border ? 2 * radius : radius;
        if (ratio > ACCEPT) {
          const moved = trial.params.some((x, i) => x !== params[i]);
          return moved ? { point: trial, state: { radius } } : undefined;
        }
      }
      return undefined;
    },
  };
}

/** What minimizes the model at a point within any radius; undefined where curvature is not finite. */
function* modelAt(
  subproblem: "dogleg" | "steihaug" | "exact",
  { params, gradient }: SearchPoint,
): Search<((radius: number) => Search<ModelStep>) | undefined> {
  const slope = gradient!;
  if (subproblem === "steihaug") {
    return (radius) => steihaugStep(slope, radius, (direction) => hessianVectorAt(params, direction));
  }
  const hessian = yield* hessianAt(params);
  if (!Number.isFinite(maxNorm(hessian))) return undefined;
  const minimizer = subproblem === "dogleg" ? doglegStep(hessian, slope) : exactStep(hessian, slope);
  // biome-ignore lint/correctness/useYield: all is known
  return function* (radius) {
    const step = minimizer(radius);
    return { step, decrease: -(dot(slope, step) + 0.5 * quadratic(hessian, step)) };
  };
}

/** pᵀHp */
function quadratic(hessian: Float64Array, p: Float64Array): number {
  const n = p.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += hessian[i * n + j]! * p[j]!;
    total += p[i]! * row;
  }
  return total;
}
