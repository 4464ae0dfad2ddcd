/**
 * The last digits of a fit: Newton's method on the coordinates that are not held at 0 by ‖w‖₁, with their signs kept.
 *
 * Where the descent ends it has found which weights are 0 and the signs of the others; on those the objective is smooth. A step is kept
 * only if the subgradient of smallest norm becomes smaller, so the point can only get better, and the tests at the end judge the final one.
 */

import { maxNorm } from "../numeric/blas1.js";
import { solvePositiveDefinite } from "../numeric/cholesky.js";
import type { FitParams, FitProblem } from "./fit-problem.js";
import { hessianMatrix } from "./hessian.js";
import { applyPreconditioner, preconditionedHessian } from "./preconditioner.js";

/** The descent as the polish sees it: a point that can be moved, and the gradient there, subgradients of kinks included. */
export interface PolishedDescent {
  params: FitParams;
  readonly gradient: FitParams;
}

export interface Polish {
  /** Newton steps kept. */
  readonly steps: number;
  /** Largest entry of the subgradient of smallest norm, before and after. */
  readonly before: number;
  readonly after: number;
}

const MAX_STEPS = 8;

/** Moves `descent` to where Newton's steps lead; leaves it where no step helps. */
export function polishByNewton(problem: FitProblem, descent: PolishedDescent, preconditioner: Float64Array | undefined): Polish {
  const before = maxNorm(residual(problem, descent));
  let after = before;
  let steps = 0;
  while (steps < MAX_STEPS && after > 0) {
    const { params } = descent;
    const next = newtonStep(problem, descent, preconditioner);
    if (next === undefined) break;
    descent.params = next;
    const norm = maxNorm(residual(problem, descent));
    if (!(norm < after)) {
      descent.params = params;
      break;
    }
    after = norm;
    steps++;
  }
  return { steps, before, after };
}

/** The subgradient of smallest norm: intercepts, then weights. */
function residual({ l1 }: FitProblem, { params, gradient }: PolishedDescent): Float64Array {
  const weights = gradient.weights.map((g, i) => (l1 > 0 && params.weights[i] === 0 ? Math.sign(g) * Math.max(0, Math.abs(g) - l1) : g));
  return Float64Array.of(...interceptsOf(gradient), ...weights);
}

function interceptsOf({ intercept }: FitParams): ArrayLike<number> & Iterable<number> {
  return intercept === undefined ? [] : typeof intercept === "number" ? [intercept] : intercept;
}

/** A Newton step on the free coordinates; undefined where the Hessian is singular there or a held sign would change. */
function newtonStep(problem: FitProblem, descent: PolishedDescent, preconditioner: Float64Array | undefined): FitParams | undefined {
  const { params } = descent;
  const { l1, z } = problem;
  const intercepts = interceptsOf(params);
  const first = intercepts.length;
  const point = Float64Array.of(...intercepts, ...params.weights);
  const slope = residual(problem, descent);
  const constant = new Set(z.constant);
  const varies = (i: number): boolean => i < first || !constant.has(Math.floor((i - first) / problem.outputs));
  const free = [...point.keys()].filter((i) => varies(i) && (i < first || l1 === 0 || point[i] !== 0));
  const n = point.length;
  const scaled = hessianMatrix(problem, applyPreconditioner(params, z.width, preconditioner));
  const hessian = preconditionedHessian(scaled, n, first, z.width, preconditioner);
  const reduced = Float64Array.from(
    { length: free.length ** 2 },
    (_, at) => hessian[free[Math.floor(at / free.length)]! * n + free[at % free.length]!]!,
  );
  const step = solvePositiveDefinite(
    reduced,
    free.length,
    free.map((i) => -slope[i]!),
  );
  if (step === undefined) return undefined;
  free.forEach((i, j) => {
    point[i]! += step[j]!;
  });
  if (l1 > 0 && free.some((i) => i >= first && Math.sign(point[i]!) !== Math.sign(params.weights[i - first]!))) return undefined;
  const weights = point.slice(first);
  if (params.intercept === undefined) return { weights };
  return { intercept: typeof params.intercept === "number" ? point[0]! : point.slice(0, first), weights };
}
