/**
 * BFGS: a Newton-like direction from a dense estimate of the inverse Hessian.
 *
 * d = −H·g,  H₊ = (I − ρ·s·yᵀ)·H·(I − ρ·y·sᵀ) + ρ·s·sᵀ,  ρ = 1/yᵀs
 *
 * with s the change of the point, y that of the gradient. Before the first update H = (sᵀy/yᵀy)·I.
 *
 * Source: Broyden, Fletcher, Goldfarb, Shanno 1970; Nocedal and Wright 2006, algorithm 6.1 and equation 6.20 for the scale. Damped: Powell
 * 1978, in its form for the inverse, s̃ = θ·s + (1 − θ)·H·y with θ such that s̃ᵀy = yᵀHy/5 where sᵀy is less.
 */

import { dot } from "../../numeric/blas1.js";
import { type OptionTable, readOptions } from "../options.js";
import type { SearchMethod } from "../search-method.js";
import { lineSearchOf, searchSpec } from "../searches/catalogue.js";
import { restartingSearch } from "../searches/restarting-search.js";

export interface BfgsOptions {
  readonly update?: "skip" | "damped";
  readonly search?: string;
}

/** The rows of {@link BfgsOptions}. */
export const bfgsTable: OptionTable<BfgsOptions> = {
  update: {
    kind: "choice",
    default: "skip",
    choices: ["skip", "damped"],
    meaning: "what is done with a pair of no positive curvature: left out, or mixed with the estimate",
  },
  search: searchSpec("strong-wolfe"),
};

/** H, [n, n] row-major; empty before the first step. */
export type BfgsState = { readonly inverse: Float64Array };

const NONE: BfgsState = { inverse: new Float64Array(0) };
/** Share of yᵀHy that damping leaves for sᵀy. */
const DAMPING = 0.2;

/**
 * @param options.update - "skip" or "damped". Default "skip".
 * @param options.search - "strong-wolfe", "hager-zhang" or "backtracking". Default "strong-wolfe".
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost of a step: one or two evaluations and 4·n² multiplications; memory n².
 */
export function bfgs(options: BfgsOptions = {}): SearchMethod<BfgsState> {
  const { update, search: choice } = readOptions("bfgs", bfgsTable, options);
  const search = lineSearchOf(choice);
  return {
    kind: "search",
    name: "bfgs",
    uses: "gradients",
    handles: { box: false, integers: false },
    // biome-ignore lint/correctness/useYield: nothing to ask before the first step
    *init() {
      return NONE;
    },
    *step(point, { inverse }, problem) {
      const gradient = point.gradient!;
      const remembered = inverse.length === 0 ? undefined : { direction: product(inverse, gradient, -1), initial: 1 };
      const found = yield* restartingSearch(search, point, problem, remembered);
      if (found === undefined) return undefined;
      const step = found.point.params.map((x, i) => x - point.params[i]!);
      const change = found.point.gradient.map((g, i) => g - gradient[i]!);
      return { point: found.point, state: { inverse: updated(found.restarted ? NONE.inverse : inverse, step, change, update) } };
    },
  };
}

/** factor·A·x */
function product(matrix: Float64Array, x: Float64Array, factor: number): Float64Array {
  const n = x.length;
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) total += matrix[i * n + j]! * x[j]!;
    result[i] = factor * total;
  }
  return result;
}

function updated(inverse: Float64Array, step: Float64Array, change: Float64Array, update: "skip" | "damped"): Float64Array {
  const n = step.length;
  let s = step;
  let curvature = dot(s, change);
  const shows = curvature > Number.EPSILON * Math.sqrt(dot(step, step)) * Math.sqrt(dot(change, change));
  if (!shows && (update === "skip" || inverse.length === 0)) return inverse;
  const before = inverse.length > 0 ? inverse : scaledIdentity(n, curvature / dot(change, change));
  const hy = product(before, change, 1);
  const yhy = dot(change, hy);
  if (update === "damped" && curvature < DAMPING * yhy) {
    const theta = ((1 - DAMPING) * yhy) / (yhy - curvature);
    s = step.map((value, i) => theta * value + (1 - theta) * hy[i]!);
    curvature = dot(s, change);
  }
  if (!(curvature > 0) || !Number.isFinite(1 / curvature)) return inverse;
  const next = new Float64Array(n * n);
  const outer = (1 + yhy / curvature) / curvature;
  for (let i = 0; i < n; i++) {
    const [si, hi] = [s[i]!, hy[i]!];
    for (let j = 0; j < n; j++) {
      next[i * n + j] = before[i * n + j]! + (outer * si * s[j]! - (si * hy[j]! + hi * s[j]!) / curvature);
    }
  }
  return next;
}

function scaledIdentity(n: number, scale: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = scale;
  return matrix;
}
