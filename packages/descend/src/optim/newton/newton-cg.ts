/**
 * Newton's method without its matrix: the Newton step by conjugate gradients on products with the
 * Hessian, cut short where the model is not convex.
 *
 * H·d ≈ −g  to  ‖H·d + g‖ ≤ min(1/2, √‖g‖)·‖g‖;  a direction of negative curvature met on the way ends it.
 *
 * Source: Dembo, Steihaug 1983; Nocedal and Wright 2006, algorithm 7.1. We deviate at points whose gradient is 0: products with a random
 * direction look for negative curvature, and the descent goes on along it.
 */

import { dot, maxNorm, twoNorm } from "../../numeric/blas1.js";
import { threefryUniform } from "../../numeric/random.js";
import { COUNT, type OptionTable, readOptions } from "../options.js";
import { hessianVectorAt, type Search, type SearchMethod, type SearchPoint } from "../search-method.js";
import { restartingSearch } from "../searches/restarting-search.js";
import { LOOSE, wolfeSearch } from "../searches/wolfe-search.js";
import { escapeAlong } from "./escape.js";

export interface NewtonCgOptions {
  readonly maxProducts?: number;
}

/** The rows of {@link NewtonCgOptions}. */
export const newtonCgTable: OptionTable<NewtonCgOptions> = {
  maxProducts: { kind: "number", default: 200, ...COUNT, meaning: "products with the Hessian a step, at most; and 2·n at most" },
};

/** Nothing is remembered. */
export type NewtonCgState = Readonly<Record<string, never>>;

/** Stream of the random directions. */
const STREAM = 0x6e63;

const search = wolfeSearch(LOOSE);

/**
 * @param options.maxProducts - products with the Hessian a step, whole, ≥ 1. Default 200 (and 2·n at most).
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: one or two evaluations and up to `maxProducts` products, each some two gradients; memory 4·n. Superlinear convergence.
 */
export function newtonCg(options: NewtonCgOptions = {}): SearchMethod<NewtonCgState> {
  const { maxProducts } = readOptions("newtonCg", newtonCgTable, options);
  return {
    kind: "search",
    name: "newtonCg",
    uses: "curvature",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return {};
    },
    *step(point, state, problem) {
      const n = problem.size;
      const most = Math.min(maxProducts, 2 * n);
      if (maxNorm(point.gradient!) === 0) {
        const random = Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(problem.seed, STREAM, i) - 1);
        const { negative } = yield* truncatedConjugateGradients(point, random, most, 0);
        const escaped = negative && (yield* escapeAlong(point, negative));
        return escaped && { point: escaped, state };
      }
      const size = twoNorm(point.gradient!);
      const tolerance = Math.min(0.5, Math.sqrt(size)) * size;
      const { direction } = yield* truncatedConjugateGradients(point, point.gradient!, most, tolerance);
      const found = yield* restartingSearch(search, point, problem, { direction, initial: 1 });
      return found && { point: found.point, state };
    },
  };
}

interface Truncated {
  readonly direction: Float64Array;
  /** A direction of negative curvature, if one was met. */
  readonly negative: Float64Array | undefined;
}

/** −H⁻¹·g approximately: conjugate gradients from 0 until the residual is at most `tolerance`, or curvature is not positive. */
function* truncatedConjugateGradients(
  { params }: SearchPoint,
  gradient: Float64Array,
  maxProducts: number,
  tolerance: number,
): Search<Truncated> {
  const step = new Float64Array(gradient.length);
  const residual = Float64Array.from(gradient);
  let direction = gradient.map((g) => -g);
  let squared = dot(residual, residual);
  for (let k = 0; k < maxProducts; k++) {
    const image = yield* hessianVectorAt(params, direction);
    const curvature = dot(direction, image);
    if (!Number.isFinite(curvature)) break;
    if (curvature <= Number.EPSILON * Math.sqrt(dot(direction, direction) * dot(image, image))) {
      const negative = curvature < 0 ? direction : undefined;
      return { direction: k === 0 ? direction : step, negative };
    }
    const length = squared / curvature;
    for (let i = 0; i < step.length; i++) {
      step[i]! += length * direction[i]!;
      residual[i]! += length * image[i]!;
    }
    const next = dot(residual, residual);
    if (Math.sqrt(next) <= tolerance || next === 0) break;
    const beta = next / squared;
    direction = direction.map((d, i) => beta * d - residual[i]!);
    squared = next;
  }
  return { direction: step, negative: undefined };
}
