/**
 * Is the point where a descent ended a minimizer? Independent tests, each with its numbers, and what they find.
 *
 * A small gradient alone proves nothing: it is small on plateaus, at saddles, and far from the minimum of a flat function.
 * So curvature is measured by products with the Hessian, and the point counts as a minimizer only if the step that
 * Newton's method would still make is small against the parameters, and its gain against what was gained. In the end no way down may
 * be found among points close by.
 */

import { maxNorm } from "../../../numeric/blas1.js";
import { type LanczosResult, lanczos } from "../../../numeric/lanczos.js";
import { curvatureTest } from "./curvature.js";
import { gradientTest } from "./gradient.js";
import { type Neighborhood, neighborhoodTest } from "./neighborhood.js";
import { type PointEvidence, parameterScale, valueRounding } from "./point-evidence.js";
import { NEWTON_PRODUCTS, remainingTests } from "./remaining.js";
import type { Test } from "./test.js";

/** A point as far as tests can tell; "not-stationary" if it is nothing in particular. */
export type Finding =
  | "minimizer"
  | "minimizer-to-rounding"
  | "saddle"
  | "maximum"
  | "plateau"
  | "not-stationary"
  | "unbounded"
  | "infimum-not-attained"
  | "orbiting"
  | "noise-limited";

export interface Certificate {
  readonly tests: readonly Test[];
  /** Whether the point is a minimizer as far as the tests can tell, or what it is instead. */
  readonly finding: Finding;
  /** Whether second derivatives leave open what the point is, because there is a direction without curvature. */
  readonly inconclusive?: boolean;
  /** Whether the objective is nearly level here beside all that it fell on the way: it does not fall on. */
  readonly level?: boolean;
  /** The direction of the lowest curvature, where it is known. */
  readonly along?: readonly Float64Array[];
  /** From the point to a lower one close by, where values around it showed one. */
  readonly wayDown?: Float64Array | undefined;
}

/** Length of a Newton step, in units of the parameters, from which a concave stretch is still sloping. */
const SLOPING = 1e-4;

/** @param begun - a probe of the curvature along the gradient, if there is one already: what it showed is not measured again. */
export function certify(point: PointEvidence, begun?: LanczosResult): Certificate {
  const gradient = gradientTest(point);
  if (!gradient.passed) return { tests: [gradient], finding: "not-stationary" };
  if (point.hessianVector === undefined) return withNeighborhood([gradient], point, { along: [], mustRise: true, inconclusive: true });

  const multiply = point.hessianVector;
  const size = maxNorm(point.gradient);
  const along = size === 0 ? undefined : (begun ?? lanczos(multiply, point.gradient, 1)).extend(NEWTON_PRODUCTS);
  const budget = { ...point, maxProducts: point.maxProducts - (along?.products ?? 0) };
  const { test: curvature, lowest, highest, largest, error, flattest } = curvatureTest(budget, multiply, along);
  const inconclusive = !(lowest > error * largest);
  const look = { along: [flattest], inconclusive };
  if (!curvature.passed) {
    // Stationary only in the limit: a concave stretch that is still sloping is no saddle.
    const sloping = size / largest > SLOPING * parameterScale(point);
    const rises = highest > error * largest || neighborhoodTest(point, { along: [], mustRise: true, inconclusive: true }).rises;
    return { tests: [gradient, curvature], finding: sloping ? "plateau" : rises ? "saddle" : "maximum", ...look };
  }
  if (largest === 0 || along === undefined) return withNeighborhood([gradient, curvature], point, { ...look, mustRise: inconclusive });
  const remaining = remainingTests(point, along);
  const tests = [gradient, curvature, ...remaining];
  const [step, decrease] = remaining;
  if (step.passed && decrease.passed) return withNeighborhood(tests, point, { ...look, mustRise: false, known: decrease.value });
  // What Newton's step would still gain cannot be seen in the value.
  if (!(decrease.value <= valueRounding(point))) return { tests, finding: "not-stationary" };
  const seen = withNeighborhood(tests, point, { ...look, mustRise: true });
  return seen.finding === "minimizer" ? { ...seen, finding: "minimizer-to-rounding" } : seen;
}

function withNeighborhood(tests: readonly Test[], point: PointEvidence, look: Neighborhood): Certificate {
  const { test, shape, wayDown } = neighborhoodTest(point, look);
  const finding = test.passed ? "minimizer" : shape === "flat" ? "plateau" : (shape ?? "not-stationary");
  return { tests: [...tests, test], finding, ...look, wayDown };
}
