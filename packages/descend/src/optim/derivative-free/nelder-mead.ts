import { NumericalError } from "../../errors.js";
import { householderQr } from "../../numeric/qr.js";
import { type OptionTable, POSITIVE, readOptions } from "../options.js";
import {
  type Search,
  type SearchMethod,
  type SearchPoint,
  type SearchProblem,
  type SearchStep,
  valueAt,
  valuesAt,
} from "../search-method.js";
import { Region, ranked } from "./region.js";
import { firstSteps, goesOn, isDone, PROBE, roundingOf, samePoint, stepScales } from "./step-sizes.js";

export interface NelderMeadOptions {
  readonly size?: number;
  readonly tolerance?: number;
}

/** The rows of {@link NelderMeadOptions}. */
export const nelderMeadTable: OptionTable<NelderMeadOptions> = {
  size: { kind: "number", default: 0.2, ...POSITIVE, meaning: "edges of the first simplex, relative to max(1, abs(x))" },
  tolerance: {
    kind: "number",
    default: 1e-8,
    ...POSITIVE,
    meaning: "extent of the simplex, relative to the parameter, at which it is checked and the search ends",
  },
};

/** A simplex with its values, best vertex first. */
export type NelderMeadState = {
  readonly vertices: readonly Float64Array[];
  readonly values: Float64Array;
  /** Steps since the simplex was built. */
  readonly age: number;
};

/** A simplex is flat if its edges depend on each other to this. Valleys of condition κ rightly flatten it to about 1/√κ. */
const FLAT = 1e9;
/** Steps, in multiples of n, between looks at the flatness, which cost n³. */
const LOOK_EVERY = 10;

/**
 * Nelder and Mead's simplex: n + 1 points that crawl downhill by reflecting the worst one through the others.
 *
 * x_r = c + α(c − x_w), expanded by β or contracted by γ; if nothing helps, all vertices shrink by δ toward the best.
 * α = 1, β = 1 + 2/n, γ = 3/4 − 1/(2n), δ = 1 − 1/n; the classic 1, 2, ½, ½ for n ≤ 2.
 *
 * A simplex that has collapsed, to a point or into a plane, is not believed: points to both sides of every coordinate are
 * evaluated, and the search goes on from a fresh simplex if one of them is lower. It ends where none is.
 *
 * @param options.size - edges of the first simplex, relative to max(1, |xᵢ|), > 0. Default 0.2.
 * @param options.tolerance - extent of the simplex relative to |xᵢ| at which it counts as collapsed, > 0. Default 1e-8.
 * @throws OptionError OPTION_OUT_OF_RANGE, OPTION_UNKNOWN
 *
 * Cost: one or two values a step. Points outside the box are moved to its faces.
 * Source: Nelder and Mead 1965; Gao and Han 2012 for the coefficients; Kelley 1999 for restarts, which we decide by values around
 * the best vertex instead of a simplex gradient.
 */
export function nelderMead(options: NelderMeadOptions = {}): SearchMethod<NelderMeadState> {
  const { size, tolerance } = readOptions("nelderMead", nelderMeadTable, options);

  function* init(point: SearchPoint, problem: SearchProblem): Search<NelderMeadState> {
    const region = new Region(problem);
    const steps = firstSteps({ ...problem, start: point.params }, region, size);
    const others = freeCoordinates(region).map((i) => neighbor(region, point.params, i, steps[i]!));
    return sorted([point.params, ...others], [point.value, ...Array.from(yield* valuesAt(others))], 0);
  }

  function* step(point: SearchPoint, given: NelderMeadState, problem: SearchProblem): Search<SearchStep<NelderMeadState>> {
    const region = new Region(problem);
    const state = samePoint(point.params, given.vertices[0]!) ? given : yield* init(point, problem);
    const n = state.vertices.length - 1;
    if (n === 0) return isDone(point, state);
    const scales = stepScales(state.vertices[0]!, firstSteps(problem, region, size));
    const relativeExtent = extentOf(state.vertices, scales);
    const collapsed = relativeExtent <= tolerance;
    const looks = state.age > 0 && state.age % (LOOK_EVERY * n) === 0;
    if (collapsed || (looks && isFlat(state.vertices, scales, region))) {
      const distance = collapsed ? PROBE : relativeExtent;
      const fresh = yield* rebuilt(
        state,
        region,
        scales.map((scale) => distance * scale),
      );
      const better = fresh.values[0]! < state.values[0]! - roundingOf(state.values[0]!);
      return collapsed && !better ? isDone(point, state) : taken(fresh, scales);
    }
    return taken(yield* crawled(state, region, n), scales);
  }

  return { kind: "search", name: "nelderMead", uses: "values", handles: { box: true, integers: false }, init, step };
}

/** One reflection, with what follows from it. */
function* crawled(state: NelderMeadState, region: Region, n: number): Search<NelderMeadState> {
  const { vertices, values, age } = state;
  const m = Math.max(n, 2);
  const [expansion, contraction, shrinkage] = [1 + 2 / m, 0.75 - 1 / (2 * m), 1 - 1 / m];
  const worst = vertices[n]!;
  const center = new Float64Array(worst.length);
  for (let k = 0; k < n; k++) for (let i = 0; i < center.length; i++) center[i]! += vertices[k]![i]! / n;
  const along = (t: number): Float64Array => region.settled(center.map((c, i) => c + t * (c - worst[i]!)));
  const replaced = (vertex: Float64Array, value: number): NelderMeadState =>
    sorted([...vertices.slice(0, n), vertex], [...values.subarray(0, n), value], age + 1);

  const reflected = along(1);
  const value = ranked(yield* valueAt(reflected));
  if (value < values[0]!) {
    const expanded = along(expansion);
    const further = ranked(yield* valueAt(expanded));
    return further < value ? replaced(expanded, further) : replaced(reflected, value);
  }
  if (value < values[n - 1]!) return replaced(reflected, value);
  const outside = value < values[n]!;
  const contracted = along(outside ? contraction : -contraction);
  const nearer = ranked(yield* valueAt(contracted));
  if (outside ? nearer <= value : nearer < values[n]!) return replaced(contracted, nearer);
  const best = vertices[0]!;
  const shrunk = vertices.slice(1).map((vertex) => region.settled(vertex.map((x, i) => best[i]! + shrinkage * (x - best[i]!))));
  return sorted([best, ...shrunk], [values[0]!, ...Array.from(yield* valuesAt(shrunk))], age + 1);
}

/** A simplex around the best vertex with the given edges, each to the side where the value is lower. */
function* rebuilt(state: NelderMeadState, region: Region, edges: Float64Array): Search<NelderMeadState> {
  const best = state.vertices[0]!;
  const free = freeCoordinates(region);
  const sides = free.flatMap((i) => [neighbor(region, best, i, edges[i]!), neighbor(region, best, i, -edges[i]!)]);
  const values = Array.from(yield* valuesAt(sides), ranked);
  const lower = free.map((_, k) => (values[2 * k]! <= values[2 * k + 1]! ? 2 * k : 2 * k + 1));
  return sorted([best, ...lower.map((k) => sides[k]!)], [state.values[0]!, ...lower.map((k) => values[k]!)], 0);
}

/** x moved along coordinate i; the other way if a face of the box leaves no room. */
function neighbor(region: Region, x: Float64Array, i: number, edge: number): Float64Array {
  const moved = x.slice();
  moved[i] = region.settle(i, x[i]! + edge);
  if (moved[i] === x[i]) moved[i] = region.settle(i, x[i]! - edge);
  return moved;
}

function freeCoordinates(region: Region): number[] {
  return Array.from(region.lower, (_, i) => i).filter((i) => !region.isFixed(i));
}

function sorted(vertices: readonly Float64Array[], values: readonly number[], age: number): NelderMeadState {
  const order = values.map((_, k) => k).sort((a, b) => difference(ranked(values[a]!), ranked(values[b]!)) || a - b);
  return { vertices: order.map((k) => vertices[k]!), values: Float64Array.from(order, (k) => ranked(values[k]!)), age };
}

/** Order of two values of which both may be infinite. */
function difference(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function extentOf(vertices: readonly Float64Array[], scales: Float64Array): number {
  let extent = 0;
  for (const vertex of vertices)
    for (let i = 0; i < scales.length; i++) extent = Math.max(extent, Math.abs(vertex[i]! - vertices[0]![i]!) / scales[i]!);
  return extent;
}

/** Whether the edges from the best vertex, in units of the scales, are linearly dependent for practical purposes. */
function isFlat(vertices: readonly Float64Array[], scales: Float64Array, region: Region): boolean {
  const free = freeCoordinates(region);
  const edges = new Float64Array(free.length ** 2);
  free.forEach((_, k) => {
    free.forEach((i, row) => {
      edges[k * free.length + row] = (vertices[k + 1]![i]! - vertices[0]![i]!) / scales[i]!;
    });
  });
  try {
    return householderQr(edges, free.length, free.length).conditionEstimate > FLAT;
  } catch (error) {
    if (error instanceof NumericalError) return true;
    throw error;
  }
}

function taken(state: NelderMeadState, scales: Float64Array): SearchStep<NelderMeadState> {
  const extent = extentOf(state.vertices, new Float64Array(scales.length).fill(1));
  return goesOn(state.vertices[0]!, state.values[0]!, state, extent, scales);
}
