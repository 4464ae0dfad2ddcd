/**
 * Newton's method with a line search: the minimum of the second-order model, made convex where it is not.
 *
 * d = −(H + E)⁻¹·g
 *
 * - cholesky:    E = τ·I, τ = 0 where H is positive definite, else the first of a growing sequence that makes it so.
 * - eigenvalues: every eigenvalue λ of H counts as max(|λ|, δ): directions of negative curvature lead away from saddles.
 *
 * Source: Nocedal and Wright 2006, section 3.4, algorithm 3.3 (Cholesky with added multiple of the identity); Greenstadt 1967 for |λ|.
 */

import { maxNorm } from "../../numeric/blas1.js";
import { solvePositiveDefinite } from "../../numeric/cholesky.js";
import { symmetricEigen } from "../../numeric/symmetric-eigen.js";
import { type OptionTable, readOptions } from "../options.js";
import { hessianAt, type SearchMethod } from "../search-method.js";
import { backtracking } from "../searches/backtracking.js";
import { restartingSearch } from "../searches/restarting-search.js";
import { escapeAlong } from "./escape.js";

export interface NewtonOptions {
  readonly modification?: "cholesky" | "eigenvalues";
}

/** The rows of {@link NewtonOptions}. */
export const newtonTable: OptionTable<NewtonOptions> = {
  modification: {
    kind: "choice",
    default: "cholesky",
    choices: ["cholesky", "eigenvalues"],
    meaning: "how a Hessian that is not positive definite is made so",
  },
};

/** Nothing is remembered. */
export type NewtonState = Readonly<Record<string, never>>;

/** First multiple of the identity, relative to the largest entry of H, and how it grows. */
const SHIFT = { first: 1e-3, growth: 4 };
/** Smallest curvature relative to the largest: δ. */
const FLATTEST = 1e-8;

const search = backtracking();

/**
 * @param options.modification - "cholesky" or "eigenvalues". Default "cholesky".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: n products with the Hessian, n³/3 multiplications ("eigenvalues": some 10·n³), one or two
 * evaluations; memory n². Quadratic convergence.
 */
export function newton(options: NewtonOptions = {}): SearchMethod<NewtonState> {
  const { modification } = readOptions("newton", newtonTable, options);
  return {
    kind: "search",
    name: "newton",
    uses: "curvature",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return {};
    },
    *step(point, state, problem) {
      const gradient = point.gradient!;
      const hessian = yield* hessianAt(point.params);
      if (!Number.isFinite(maxNorm(hessian))) {
        const found = yield* restartingSearch(search, point, problem, undefined);
        return found && { point: found.point, state };
      }
      if (maxNorm(gradient) === 0) {
        const { values, vectors } = symmetricEigen(hessian, gradient.length);
        const escaped = values[0]! < 0 ? yield* escapeAlong(point, vectors[0]!) : undefined;
        return escaped && { point: escaped, state };
      }
      const direction = modification === "cholesky" ? shiftedDirection(hessian, gradient) : eigenDirection(hessian, gradient);
      const found = yield* restartingSearch(search, point, problem, direction && { direction, initial: 1 });
      return found && { point: found.point, state };
    },
  };
}

/** −(H + τI)⁻¹·g with a small τ ≥ 0 that makes the matrix positive definite; undefined if H is 0. */
export function shiftedDirection(hessian: Float64Array, gradient: Float64Array): Float64Array | undefined {
  const n = gradient.length;
  const size = maxNorm(hessian);
  if (size === 0) return undefined;
  const target = gradient.map((g) => -g);
  const shifted = Float64Array.from(hessian);
  let shift = 0;
  for (;;) {
    const direction = solvePositiveDefinite(shifted, n, target);
    if (direction !== undefined) return direction;
    shift = shift === 0 ? SHIFT.first * size : SHIFT.growth * shift;
    for (let i = 0; i < n; i++) shifted[i * n + i] = hessian[i * n + i]! + shift;
  }
}

function eigenDirection(hessian: Float64Array, gradient: Float64Array): Float64Array | undefined {
  const { values, vectors } = symmetricEigen(hessian, gradient.length);
  const floor = FLATTEST * Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!));
  if (floor === 0) return undefined;
  const direction = new Float64Array(gradient.length);
  values.forEach((curvature, k) => {
    const v = vectors[k]!;
    const slope = v.reduce((sum, entry, i) => sum + entry * gradient[i]!, 0);
    const weight = -slope / Math.max(Math.abs(curvature), floor);
    for (let i = 0; i < direction.length; i++) direction[i]! += weight * v[i]!;
  });
  return direction;
}
