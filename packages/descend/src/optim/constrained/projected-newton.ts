/**
 * Newton's method on the parameters that no bound holds.
 *
 * A parameter counts as held if it is at a bound, or within ε of one, and its derivative pushes against it. Of the others,
 * d = −(H + τI)⁻¹·g with the least τ of a rising sequence for which H + τI is positive definite; x ← P(x + t·d), t = 1, ½, ¼, … until the
 * objective falls by a share of what the slope promises. Quadratic convergence at a minimizer where strict complementarity holds.
 *
 * Source: Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints", SIAM J. Control Optim. 20(2),
 * equations 24–41 (ε there is min(ε₀, ‖x − P(x − g)‖)); Nocedal and Wright 2006, algorithm 3.3, for τ.
 */

import { maxNorm } from "../../numeric/blas1.js";
import { type Box, nearestInBox, projectedGradient } from "../../numeric/box.js";
import { choleskyFactor, solvePositiveDefinite } from "../../numeric/cholesky.js";
import { type OptionTable, readOptions } from "../options.js";
import { gradientAt, hessianAt, type Search, type SearchMethod, type SearchPoint, type SearchStep, valueAt } from "../search-method.js";

/** Share of the promised fall that is enough. */
const ARMIJO = 1e-4;
const MAX_HALVINGS = 50;
/** Distance to a bound at which a parameter counts as held, at most: relative to max(1, |x|). */
const NEAR = 1e-6;
/** A step no longer than this, in units of max(1, ‖x‖∞): the model is not believed farther away. */
const LONGEST = 100;
/** Falls below these units of roundoff of the value are not seen; then the gradient decides. */
const ROUNDING = 16 * 2 ** -52;

/** It has no options. */
export const projectedNewtonTable: OptionTable<Record<never, never>> = {};

/**
 * Newton's method within bounds, the default for few parameters with bounds. Without bounds it is Newton's method with a shift.
 *
 * @returns a method for few parameters: a step takes the Hessian, n products, and n³/3 flops.
 * @throws OptionError OPTION_UNKNOWN
 *
 * Source: Bertsekas 1982, section 4.
 */
export function projectedNewton(options: Record<never, never> = {}): SearchMethod {
  readOptions("projectedNewton", projectedNewtonTable, options);
  return {
    kind: "search",
    name: "projectedNewton",
    uses: "curvature",
    handles: { box: true, integers: false },
    // biome-ignore lint/correctness/useYield: nothing needs to be asked before the first step
    *init() {
      return {};
    },
    *step(point, _, problem) {
      const box = problem.box ?? unbounded(problem.size);
      const gradient = point.gradient!;
      if (maxNorm(projectedGradient(box, point.params, gradient)) === 0) return undefined;
      const matrix = yield* hessianAt(point.params);
      const direction = newtonDirection(box, point.params, gradient, matrix);
      return (
        (yield* searchAlong(box, point, direction)) ??
        (yield* searchAlong(
          box,
          point,
          gradient.map((g) => -g / (1 + maxNorm(gradient))),
        ))
      );
    },
  };
}

function unbounded(size: number): Box {
  return { lower: new Float64Array(size).fill(Number.NEGATIVE_INFINITY), upper: new Float64Array(size).fill(Number.POSITIVE_INFINITY) };
}

function newtonDirection(box: Box, params: Float64Array, gradient: Float64Array, matrix: Float64Array): Float64Array {
  const n = params.length;
  const reach = maxNorm(
    nearestInBox(
      box,
      params.map((x, i) => x - gradient[i]!),
    ).map((x, i) => x - params[i]!),
  );
  const held = (x: number, i: number): boolean => {
    const near = Math.min(NEAR * Math.max(1, Math.abs(x)), reach);
    const g = gradient[i]!;
    return (x <= box.lower[i]! + near && g > 0) || (x >= box.upper[i]! - near && g < 0);
  };
  const free = Array.from({ length: n }, (_, i) => i).filter((i) => !held(params[i]!, i));
  // What is held but not at its bound goes there.
  const direction = params.map((_, i) => -gradient[i]! / Math.max(Math.abs(matrix[i * n + i]!), 1e-300));
  const reduced = solveShifted(
    Float64Array.from(free.flatMap((i) => free.map((j) => matrix[i * n + j]!))),
    Float64Array.from(free, (i) => -gradient[i]!),
  );
  free.forEach((i, k) => {
    direction[i] = reduced[k]!;
  });
  const longest = LONGEST * Math.max(1, maxNorm(params));
  const length = maxNorm(reduced);
  if (length > longest) {
    for (const i of free) direction[i]! *= longest / length;
  }
  return direction;
}

/** (A + τI)⁻¹·b with the least τ tried for which A + τI is positive definite. */
function solveShifted(matrix: Float64Array, target: Float64Array): Float64Array {
  const n = target.length;
  const scale = maxNorm(matrix) || 1;
  const lowest = matrix.reduce((least, value, k) => (k % (n + 1) === 0 ? Math.min(least, value) : least), Number.POSITIVE_INFINITY);
  let shift = 0;
  for (let attempt = 0; attempt < 60; attempt++) {
    const shifted = matrix.map((value, k) => (k % (n + 1) === 0 ? value + shift : value));
    if (choleskyFactor(shifted, n) !== undefined) return solvePositiveDefinite(shifted, n, target)!;
    shift = shift === 0 ? Math.max(1e-10 * scale, -lowest * 1.001) : 4 * shift;
  }
  return target.map((value) => value / scale);
}

/** The first point of P(x + t·direction), t = 1, ½, …, that is low enough. */
function* searchAlong(box: Box, point: SearchPoint, direction: Float64Array): Search<SearchStep | undefined> {
  const { params, value } = point;
  const gradient = point.gradient!;
  const before = maxNorm(projectedGradient(box, params, gradient));
  const rounding = ROUNDING * Math.abs(value);
  let size = 1;
  for (let k = 0; k < MAX_HALVINGS; k++, size /= 2) {
    const trial = nearestInBox(
      box,
      params.map((x, i) => x + size * direction[i]!),
    );
    if (trial.every((x, i) => x === params[i])) return undefined;
    const promised = trial.reduce((sum, x, i) => sum + gradient[i]! * (x - params[i]!), 0);
    if (!(promised < 0)) continue;
    const reached = yield* valueAt(trial);
    if (reached <= value + ARMIJO * promised && -promised > rounding) return { point: yield* gradientAt(trial), state: {} };
    if (reached <= value + rounding && -promised <= 1e3 * rounding) {
      const there = yield* gradientAt(trial);
      if (maxNorm(projectedGradient(box, trial, there.gradient)) < 0.9 * before) return { point: there, state: {} };
    }
  }
  return undefined;
}
