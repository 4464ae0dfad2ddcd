/**
 * Is any curvature negative? Ritz values of products with the Hessian, from directions that come from chance.
 *
 * A curvature that was measured along some direction is never below the lowest there is, so a negative one proves a way down, while
 * twenty positive ones among thousands of parameters prove little. Two places are therefore looked at: directions of all
 * parameters, and directions of those that never moved, where a symmetric start hides a hump.
 */

import { type LanczosResult, lanczos } from "../../../numeric/lanczos.js";
import { curvatureError, type PointEvidence, randomDirection } from "./point-evidence.js";
import { short, type Test } from "./test.js";

/** Products with the Hessian spent on the first probe, and on that of parameters that never moved. */
const PROBE_PRODUCTS = 12;
const UNMOVED_PRODUCTS = 3;
/** Products of a longer probe at most: what follows costs their cube. */
const LONG_PROBE_PRODUCTS = 128;
/** Multiplications for making the vectors of a longer probe orthogonal, at most: n·products². */
const PROBE_WORK = 2e8;

/** Outcome of the test, and what the tests after it need to know. */
export interface CurvatureFindings {
  readonly test: Test;
  readonly lowest: number;
  readonly highest: number;
  /** Largest |curvature|. */
  readonly largest: number;
  /** Error of a curvature relative to the largest. */
  readonly error: number;
  /** Direction of the lowest curvature. */
  readonly flattest: Float64Array;
  /** Products used. */
  readonly products: number;
}

/** @param known - a probe of the curvature here; if it is complete, no other is needed. */
export function curvatureTest(
  point: PointEvidence,
  multiply: (direction: Float64Array) => Float64Array,
  known?: LanczosResult,
): CurvatureFindings {
  const error = curvatureError(point);
  const probe = known?.products === point.params.length ? known : probeCurvature(point, multiply, error);
  const hidden = probeUnmoved(point, multiply);
  const inHidden = hidden !== undefined && hidden.values[0]! < probe.values[0]!;
  const lowest = inHidden ? hidden.values[0]! : probe.values[0]!;
  const highest = Math.max(probe.values.at(-1)!, hidden?.values.at(-1) ?? Number.NEGATIVE_INFINITY);
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  const products = probe.products + (hidden?.products ?? 0);
  const threshold = -error * largest;
  return {
    test: {
      name: "curvature",
      passed: !(lowest < threshold),
      value: lowest,
      threshold,
      evidence: `curvatures from ${short(lowest)} to ${short(highest)} by ${products} products with the Hessian`,
    },
    lowest,
    highest,
    largest,
    error,
    flattest: (inHidden ? hidden : probe).vector(0),
    products,
  };
}

/** Curvatures along directions that come from chance; more products if so few do not tell whether the lowest is negative. */
function probeCurvature(point: PointEvidence, multiply: (direction: Float64Array) => Float64Array, error: number): LanczosResult {
  const n = point.params.length;
  const probe = lanczos(multiply, randomDirection(n, point.seed), Math.min(PROBE_PRODUCTS, Math.max(2, point.maxProducts)));
  const largest = Math.max(Math.abs(probe.values[0]!), Math.abs(probe.values.at(-1)!));
  const open = probe.values[0]! >= -error * largest && probe.bounds[0]! > error * largest;
  const products = Math.floor(Math.min(n, point.maxProducts - UNMOVED_PRODUCTS, LONG_PROBE_PRODUCTS, Math.sqrt(PROBE_WORK / n)));
  return open && products > PROBE_PRODUCTS ? probe.extend(products) : probe;
}

/** Curvatures among the parameters that are still where they began, if there are others that moved. */
function probeUnmoved(
  { params, startParams, seed }: PointEvidence,
  multiply: (direction: Float64Array) => Float64Array,
): LanczosResult | undefined {
  const n = params.length;
  const direction = randomDirection(n, seed);
  let unmoved = 0;
  for (let i = 0; i < n; i++) {
    if (params[i] === startParams[i]) unmoved++;
    else direction[i] = 0;
  }
  return n > PROBE_PRODUCTS && unmoved > 0 && unmoved < n ? lanczos(multiply, direction, UNMOVED_PRODUCTS) : undefined;
}
