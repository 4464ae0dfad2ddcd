/**
 * The other kind of method: one whose step decides, from what it has evaluated, where to evaluate next. Line searches, trust
 * regions, simplices and populations are of this kind; update rules (`transformation.ts`) are not.
 *
 * A step is a generator that yields questions and is resumed with their answers, so the same method runs around a compiled
 * objective, an asynchronous one, and one that lives elsewhere (ask and tell). Between steps everything a method remembers is
 * plain data: it survives JSON, and a step from the same data gives the same bits. Random numbers are counter-based
 * (`numeric/random.ts`), their counters part of the state.
 */

import type { Box } from "../numeric/box.js";
import type { PairSpace } from "../numeric/curvature-pairs.js";

export type { Box } from "../numeric/box.js";

/** Of a parameter that takes whole numbers only. */
export const WHOLE = 1;
/** Of a parameter whose whole numbers are names: 2 is no nearer to 1 than 7 is. */
export const CATEGORY = 2;

/** What is known before the first question. */
export interface SearchProblem {
  /** Number of parameters, n. */
  readonly size: number;
  /** Where to begin, [n]; inside the box. */
  readonly start: Float64Array;
  /** No question may lie outside of it. */
  readonly box: Box | undefined;
  /** What each parameter takes, [n]: any number (0), {@link WHOLE} numbers only, or a {@link CATEGORY}, whose bounds are finite. */
  readonly integers: Uint8Array | undefined;
  readonly seed: number;
  /** For what a method remembers of curvature, in one descent. Default: plain arrays. */
  readonly pairs?: PairSpace;
}

/** A point with what was learned there. */
export interface SearchPoint {
  readonly params: Float64Array;
  readonly value: number;
  /** Absent for methods that use values alone. */
  readonly gradient: Float64Array | undefined;
}

/** What a step may ask of the objective. */
export type Question =
  | { readonly kind: "values"; readonly points: readonly Float64Array[] }
  | { readonly kind: "gradient"; readonly params: Float64Array }
  | { readonly kind: "hessian-vector"; readonly params: Float64Array; readonly direction: Float64Array }
  | { readonly kind: "hessian"; readonly params: Float64Array };

/** The answer to a question, by its kind: values in the order of the points; value and gradient; H·v, [n]; H, [n, n] row-major. */
export interface Answer {
  readonly values: ArrayLike<number>;
  readonly vector?: Float64Array;
}

/** A computation that asks questions on its way to a result. */
export type Search<T> = Generator<Question, T, Answer>;

/**
 * What a method remembers between steps: plain data under names that are the same at every step, each
 * of the same kind. Lists may grow and shrink.
 */
export type SearchState = { readonly [name: string]: number | Float64Array | readonly Float64Array[] };

/** Where a step led. */
export interface SearchStep<S extends SearchState = SearchState> {
  readonly point: SearchPoint;
  readonly state: S;
  /** Extent of what is still searched (diameter of a simplex, width of a mesh, spread of a population), for methods that have one. */
  readonly extent?: number;
}

export interface SearchMethod<S extends SearchState = SearchState> {
  readonly kind: "search";
  /** Its name in code: "lbfgs". */
  readonly name: string;
  /** The most it asks for. */
  readonly uses: "values" | "gradients" | "curvature";
  /** Whether it respects a box, moves whole numbers as such, and tries categories without regard to their order (default: not). */
  readonly handles: { readonly box: boolean; readonly integers: boolean; readonly categories?: boolean };
  /** What it remembers before its first step. */
  init(point: SearchPoint, problem: SearchProblem): Search<S>;
  /** One step from a point; undefined if no step from there helps. */
  step(point: SearchPoint, state: S, problem: SearchProblem): Search<SearchStep<S> | undefined>;
}

/** A search that has nothing to ask. */
// biome-ignore lint/correctness/useYield: the result is known at once.
export function* decided<T>(result: T): Search<T> {
  return result;
}

/** f at one point. */
export function* valueAt(params: Float64Array): Search<number> {
  return (yield { kind: "values", points: [params] }).values[0]!;
}

/** f at several points, which may be evaluated side by side. */
export function* valuesAt(points: readonly Float64Array[]): Search<ArrayLike<number>> {
  return (yield { kind: "values", points }).values;
}

/** f and ∇f at one point. */
export function* gradientAt(params: Float64Array): Search<SearchPoint & { readonly gradient: Float64Array }> {
  const { values, vector } = yield { kind: "gradient", params };
  return { params, value: values[0]!, gradient: vector! };
}

/** ∇²f(params)·direction. */
export function* hessianVectorAt(params: Float64Array, direction: Float64Array): Search<Float64Array> {
  return (yield { kind: "hessian-vector", params, direction }).vector!;
}

/** ∇²f(params), [n, n] row-major. */
export function* hessianAt(params: Float64Array): Search<Float64Array> {
  return (yield { kind: "hessian", params }).vector!;
}

/** Runs a search to its end with an objective that answers at once. */
export function answered<T>(search: Search<T>, answer: (question: Question) => Answer): T {
  let next = search.next();
  while (!next.done) next = search.next(answer(next.value));
  return next.value;
}
