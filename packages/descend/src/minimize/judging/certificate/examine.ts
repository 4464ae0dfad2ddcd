/**
 * What a point is that the certificate of its derivatives does not explain, and whether one that it calls a minimizer is one by other
 * measures: values far out, steps walked on, gradients around, the same value asked again.
 */

import { maxNorm, twoNorm } from "../../../numeric/blas1.js";
import { lanczos } from "../../../numeric/lanczos.js";
import { PRODUCT_IN_GRADIENTS } from "../judging-meter.js";
import type { Certificate, Finding } from "./certify.js";
import { countDecayed } from "./decay.js";
import { straightFloor } from "./floors.js";
import { gradientSourceTest } from "./gradient-source.js";
import { type GradientAt, kinkTest, MAX_KINK_SIZE } from "./kink.js";
import { isOpen, lookAlongFloors } from "./look-along-floors.js";
import { neighborhoodTest } from "./neighborhood.js";
import { measureNoise, noiseTest } from "./noise.js";
import { LEAST_ORBIT_STEPS, ORBIT_STEPS, orbitTest } from "./orbit.js";
import { lookOutwards } from "./outwards.js";
import { atBound, coordinateScales, EXACT_CURVATURE_ERROR, isSingle, type PointEvidence, randomDirection } from "./point-evidence.js";
import type { RunEvidence } from "./run-evidence.js";
import { failedRay, scanAlong, wayOf } from "./scan-along.js";
import { short, type Test } from "./test.js";

/** Share of a fall that a slope which falls on makes at least of a step as long as the parameters. */
const LEVEL = 1e-6;
/** Gradients of this many units of roundoff of the largest one seen are rounding. */
const GRADIENT_ROUNDING = 1e4;
/** Of the steps walked on, those that were walked before for other reasons. */
const MADE_STEPS = 12;
/** Samples of the way from start to end, and how many must have decayed for the end to be a limit. */
const WAY_SAMPLES = 24;
const DECAYING = 3;

/** Products with the Hessian among parameters that nothing presses against their bounds. */
const MOST_LOOSE_PRODUCTS = 8;
/** What the values around a point cost. */
const NEIGHBORHOOD_GRADIENTS = 14;

export function examine(run: RunEvidence): Certificate {
  const { point, certificate, reasons } = run;
  const { finding } = certificate;
  const [reason] = reasons;
  const isHump = finding === "saddle" || finding === "maximum";
  const found = (tests: readonly Test[], finding: Finding): Certificate => ({ tests: [...certificate.tests, ...tests], finding });

  if (run.host) {
    const scale = Math.max(Math.abs(point.value), Math.abs(point.startValue));
    const thorough = reason === "line-search-failed" || (isHump && run.left() >= NEIGHBORHOOD_GRADIENTS);
    // On a height, where jitter is small beside the value, as its measure supposes: of a value near 0 it may be all.
    const height = isHump ? scale : 0;
    const raised = (params: Float64Array): number => height + point.evaluate(params);
    const noise = measureNoise(raised, point.params, height + point.value, scale, point.roundoff, thorough);
    if (noise > 0) return found([noiseTest(noise, point.value)], "noise-limited");
  }
  if (finding === "minimizer") {
    // Values beyond bounds are those of the nearest point inside, and at a kink those of both sides count.
    if (point.box !== undefined || point.held) return lookOffBounds(run) ?? ((isOpen(run) && lookAlongFloors(run)) || certificate);
    const source = gradientSourceTest(point);
    if (!source.passed) return run.kink(certificate) ?? found([source], "not-stationary");
    if (!hasUnderflown(point)) return (isOpen(run) && lookAlongFloors(run)) || found([source], "minimizer");
  }
  if (isHump) {
    const other = notAHump(run);
    return (other?.finding === "minimizer" && lookAlongFloors({ ...run, certificate: other })) || (other ?? certificate);
  }

  if (finding === "minimizer-to-rounding" && !point.held && isOpen(run)) {
    const along = lookAlongFloors(run);
    if (along !== undefined) return along;
  }
  const kink = run.kink(certificate);
  if (kink !== undefined) return kink;
  const ray = lookFarOut(run);
  if (ray !== undefined) return ray;
  const steps = Math.min(ORBIT_STEPS, 2 * Math.floor((run.left() + MADE_STEPS) / 2));
  if (
    run.walk !== undefined &&
    steps >= LEAST_ORBIT_STEPS &&
    (reason === "max-steps" || reason === "value-tolerance" || reason === "step-tolerance")
  ) {
    const orbit = orbitTest(run.walk, point.params, point.value, point.roundoff, twoNorm(point.gradient), steps);
    if (orbit !== undefined) return found([orbit.test], orbit.test.passed ? finding : "orbiting");
  }
  return { ...certificate, level: isLevel(point) };
}

/**
 * What a point at a kink is: a minimizer if 0 lies among the gradients around it and no way down is found, also not where it
 * is smooth. Undefined where there is no kink.
 *
 * @param maxGradients - to be spent at most.
 */
export function atKink(
  point: PointEvidence,
  certificate: Certificate,
  gradientAt: GradientAt,
  maxGradients: number,
): Certificate | undefined {
  if (point.params.length > MAX_KINK_SIZE || atBound(point)) return undefined;
  const scales = coordinateScales(point);
  const rounding = GRADIENT_ROUNDING * point.roundoff * point.gradientScale * maxNorm(scales);
  const kink = kinkTest(gradientAt, point.params, scales, { single: isSingle(point), rounding, seed: point.seed, maxGradients });
  if (kink === undefined) return undefined;
  // The gradient of one side says nothing.
  const others = certificate.tests.filter(({ name }) => name === "curvature");
  if (!kink.test.passed) return { tests: [...others, kink.test], finding: "not-stationary" };
  const { test, shape } = neighborhoodTest(point, { along: kink.smooth, mustRise: true, inconclusive: true });
  return { tests: [kink.test, test], finding: test.passed ? "minimizer" : shape === "flat" ? "plateau" : (shape ?? "not-stationary") };
}

/** Where nothing presses a parameter against its bound: do higher orders lead down away from it, together with parameters that are free? */
function lookOffBounds({ point, certificate, left, loose: looseAt }: RunEvidence): Certificate | undefined {
  const { params, seed, box } = point;
  const loose = box && looseAt();
  const products = Math.min(MOST_LOOSE_PRODUCTS, params.length);
  if (loose === undefined || left() < products * PRODUCT_IN_GRADIENTS + NEIGHBORHOOD_GRADIENTS) return undefined;
  const start = randomDirection(params.length, seed).map((d, i) => d * loose.mask[i]!);
  const flattest = lanczos(loose.hessianVector, start, products).vector(0);
  const { test, shape } = neighborhoodTest(point, { along: [flattest], mustRise: false, inconclusive: true });
  return test.passed
    ? undefined
    : { tests: [...certificate.tests, test], finding: shape === "flat" ? "plateau" : (shape ?? "not-stationary") };
}

/** Where differences of gradients are rounding, so is their curvature: a way down that is none is not seen in the values along it. */
function notAHump({ point, certificate, gradientAt, left }: RunEvidence): Certificate | undefined {
  const flattest = certificate.along?.[0];
  if (point.curvatureError <= EXACT_CURVATURE_ERROR || flattest === undefined || left() < NEIGHBORHOOD_GRADIENTS) return undefined;
  const { floors } = straightFloor(point, flattest);
  const leadsDown = floors.some((line) =>
    ([1, -1] as const).some((side) => lookOutwards(point, line, side, gradientAt, () => left() >= 1).falls !== undefined),
  );
  if (leadsDown) return undefined;
  const { test } = neighborhoodTest(point, { along: [flattest], mustRise: true, inconclusive: true });
  const others = certificate.tests.filter(({ name }) => name !== "curvature");
  return { tests: [...others, test], finding: test.passed ? "minimizer" : "not-stationary" };
}

/** Does the objective fall for ever along the way the descent took, or down the slope where it ended? Or only far from here? */
function lookFarOut(run: RunEvidence): Certificate | undefined {
  const { point } = run;
  const found =
    scanAlong(run, wayOf(point)) ??
    scanAlong(
      run,
      point.gradient.map((g) => -g),
    );
  if (found !== undefined || !hasUnderflown(point)) return found;
  return failedRay(run, 0, `the objective approached ${short(point.value)} until rounding hid the rest`, "infimum-not-attained");
}

/** Whether the slope makes next to nothing of all that the objective fell of a step as long as the parameters. */
function isLevel({ gradient, params, startValue, value }: PointEvidence): boolean {
  return maxNorm(gradient) * maxNorm(params) <= LEVEL * (startValue - value);
}

/** Whether the values on the way here fell over many orders to where nothing changes any more: a limit, of which rounding makes a place. */
function hasUnderflown({ params, startParams, value, startValue, gradient, evaluate, roundoff }: PointEvidence): boolean {
  const flat = maxNorm(gradient) * maxNorm(params) <= 4 * roundoff * Math.max(Math.abs(value), startValue - value);
  const way = wayOf({ params, startParams });
  if (!flat || maxNorm(way) === 0 || !(startValue > value)) return false;
  const beyond = evaluate(params.map((x, i) => x + way[i]!));
  if (beyond !== value) return false;
  const restAt = (share: number): number => evaluate(startParams.map((x, i) => x + share * way[i]!)) - value;
  return countDecayed(restAt, startValue - value, WAY_SAMPLES) >= DECAYING;
}
