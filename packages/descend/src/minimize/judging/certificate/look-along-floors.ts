/**
 * Where a direction has no curvature, the derivatives of a point leave open what it is. Does a parameter by itself lead down there, the floor of the valley, the
 * way that the descent took, or anything far out?
 */

import { hessianMatrix } from "../../objective/hessian-matrix.js";
import { PRODUCT_IN_GRADIENTS, VALUE_IN_GRADIENTS } from "../judging-meter.js";
import type { Certificate, Finding } from "./certify.js";
import { coordinateTest, leftBehindTest } from "./coordinate.js";
import { type Floors, floorsOf, NEGLIGIBLE, straightFloor } from "./floors.js";
import { distanceToLimit } from "./limit.js";
import { ownUnitsTest } from "./own-units.js";
import { curvatureError, type PointEvidence } from "./point-evidence.js";
import { RAY_VALUES } from "./ray.js";
import type { RunEvidence } from "./run-evidence.js";
import { failedRay, scanAlong, wayOf } from "./scan-along.js";
import { short, type Test } from "./test.js";
import { valleyTest } from "./valley.js";

/** Parameters up to which the whole Hessian is looked at, by as many products. */
const MAX_HESSIAN_SIZE = 12;
/** Gradients without which floors are not looked for. */
const FLOOR_GRADIENTS = 4;

/** Whether second derivatives leave open what the point is: beside the largest, beside what the descent has gained, or beside their rounding. */
export function isOpen({ point, certificate, slopeRounding }: RunEvidence): boolean {
  if (certificate.inconclusive === true) return true;
  const curvature = certificate.tests.find(({ name }) => name === "curvature");
  if (curvature === undefined) return false;
  const largest = -curvature.threshold / curvatureError(point);
  const length = wayOf(point).reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  const gained = point.startValue - point.value;
  const least = Math.max(NEGLIGIBLE * largest, curvatureNoise(point, slopeRounding));
  return curvature.value < least || largest * length ** 2 < NEGLIGIBLE * gained;
}

/** Curvature that is rounding where it is a difference of gradients whose slopes are wrong by so much. */
export function curvatureNoise({ params }: PointEvidence, slopeRounding: number): number {
  const length = params.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  return slopeRounding / (1e-4 * length);
}

export function lookAlongFloors(run: RunEvidence): Certificate | undefined {
  const { point, certificate, gradientAt, left } = run;
  const mayAsk = (values: number): boolean => left() >= values * VALUE_IN_GRADIENTS;
  const failed = (test: Test, finding: Finding): Certificate => ({ tests: [...certificate.tests, test], finding });
  const limit = atLimit(run);
  if (limit !== undefined) return limit;
  const coordinate = coordinateTest(point, mayAsk);
  if (coordinate !== undefined) return failed(coordinate, "not-stationary");
  const behind = leftBehindTest(point, mayAsk);
  if (behind !== undefined) return failed(behind, "plateau");
  const hessian = wholeHessian(run);
  const own = hessian && ownUnitsTest(point, hessian, gradientAt, (points) => left() >= points);
  if (own !== undefined) return failed(own.test, own.finding);
  if (left() < 1) return undefined;
  const floors = hessian ? floorsOf(point, hessian, curvatureNoise(point, run.slopeRounding), gradientAt) : straightAlong(run);
  const valley = valleyTest(point, floors, gradientAt, left);
  if (valley?.finding !== undefined) {
    const beyond = valley.along !== undefined && mayAsk(RAY_VALUES) ? scanAlong(run, valley.along) : undefined;
    return beyond ?? failed(valley.test, valley.finding);
  }
  if (!mayAsk(RAY_VALUES) || point.box !== undefined || point.held) return undefined;
  const ahead = scanAlong(run, wayOf(point));
  return ahead?.finding === "plateau" ? undefined : ahead;
}

/** Whether values came down to a limit along the direction without curvature. */
function atLimit(run: RunEvidence): Certificate | undefined {
  const { point, certificate, left } = run;
  const flattest = certificate.along?.[0];
  if (flattest === undefined || point.held || point.box !== undefined) return undefined;
  const distance = distanceToLimit(point, flattest, (values) => left() >= values * VALUE_IN_GRADIENTS);
  if (distance === undefined) return undefined;
  const evidence = `along the direction without curvature the objective fell over many orders, over a distance of ${short(distance)}, and does not rise beyond`;
  return failedRay(run, distance, evidence, "infimum-not-attained");
}

/** The matrix of second derivatives, where there are few parameters and nothing holds them. */
function wholeHessian({ point, left }: RunEvidence): Float64Array | undefined {
  const { params, hessianVector, held, box } = point;
  const n = params.length;
  if (hessianVector === undefined || n > MAX_HESSIAN_SIZE || held || box !== undefined) return undefined;
  return left() < n * PRODUCT_IN_GRADIENTS + FLOOR_GRADIENTS ? undefined : hessianMatrix(hessianVector, n);
}

/** A line through the point, along the direction of the lowest curvature. */
function straightAlong({ certificate: { along }, point }: RunEvidence): Floors {
  const flattest = along?.[0];
  return flattest === undefined ? { floors: [], bend: false } : straightFloor(point, flattest);
}
