/**
 * Is the point where a descent ended a minimizer? Independent tests, each with its numbers, and what they find.
 *
 * A small gradient alone proves nothing: it is small on plateaus, at saddles, and far from the minimum of a flat function.
 * So curvature is measured by products with the Hessian, and the point counts as a minimizer only if the step that
 * Newton's method would still make is small against the parameters, and its gain against what was gained. In the end no way down may
 * be found among points close by.
 */

import { maxNorm } from "../../numeric/blas1.js";
import { curvatureTest } from "./curvature.js";
import { gradientTest } from "./gradient.js";
import { type Neighborhood, neighborhoodTest } from "./neighborhood.js";
import { type PointEvidence, parameterScale } from "./point-evidence.js";
import { NEWTON_PRODUCTS, remainingTests } from "./remaining.js";
import type { Test } from "./test.js";

export interface Certificate {
  readonly tests: readonly Test[];
  /** Whether the point is a minimizer as far as the tests can tell, or what it is instead. */
  readonly finding: "minimizer" | "saddle" | "maximum" | "plateau" | "not-stationary";
}

export function certify(point: PointEvidence): Certificate {
  const gradient = gradientTest(point);
  if (!gradient.passed) return { tests: [gradient], finding: "not-stationary" };
  if (point.hessianVector === undefined) return withNeighborhood([gradient], point, { along: undefined, mustRise: true });

  const multiply = point.hessianVector;
  const budget = { ...point, maxProducts: point.maxProducts - NEWTON_PRODUCTS };
  const { test: curvature, lowest, highest, largest, error, flattest } = curvatureTest(budget, multiply);
  const size = maxNorm(point.gradient);
  if (!curvature.passed) {
    // Stationary only in the limit: a concave stretch that is still sloping is no saddle.
    const sloping = size / largest > 1e-2 * parameterScale(point);
    return { tests: [gradient, curvature], finding: sloping ? "plateau" : highest > error * largest ? "saddle" : "maximum" };
  }
  if (largest === 0 || size === 0) {
    return withNeighborhood([gradient, curvature], point, { along: flattest, mustRise: !(lowest > error * largest) });
  }
  const remaining = remainingTests(point, multiply);
  const tests = [gradient, curvature, ...remaining];
  if (!remaining.every((test) => test.passed)) return { tests, finding: "not-stationary" };
  return withNeighborhood(tests, point, { along: flattest, mustRise: false });
}

function withNeighborhood(tests: readonly Test[], point: PointEvidence, look: Neighborhood): Certificate {
  const { test, flat } = neighborhoodTest(point, look);
  return { tests: [...tests, test], finding: test.passed ? "minimizer" : flat ? "plateau" : "not-stationary" };
}
