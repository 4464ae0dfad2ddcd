/**
 * Where did a descent by mini-batches end? Its own values and gradients are those of single batches, so the whole table is asked: is the
 * gradient over all rows small against how much those of batches differ, and did the objective over all rows still fall?
 *
 * In the stationary phase of constant steps the gradient over all rows is within the spread of those of batches and the objective hovers at
 * a floor of about α·tr(Σ)/(4B) above the minimum; shorter steps or larger batches lower it. A longer gradient without progress is an
 * orbit: the steps are too long for the curvature.
 *
 * Source: Pflug 1983 and Chee, Toulis 2018 for the two phases; McCandlish et al. 2018 for the spread against the gradient.
 */

import { twoNorm } from "../../../numeric/blas1.js";
import { krylovNewton } from "../../../numeric/krylov-newton.js";
import type { Certificate, Finding } from "./certify.js";
import { EXACT_CURVATURE_ERROR } from "./point-evidence.js";
import { NEWTON_PRODUCTS } from "./remaining.js";
import { short, type Test } from "./test.js";

export interface BatchEvidence {
  /** Over all rows, at the point. */
  readonly gradient: Float64Array;
  readonly value: number;
  /** Of some full batches, at the point. */
  readonly batchGradients: readonly Float64Array[];
  /** Variance of the gradient of a batch of an epoch, in units of that of a full one: the last batch may be smaller. ≥ 1. */
  readonly unevenness: number;
  /** v ↦ H·v over all rows. */
  readonly hessianVector: ((direction: Float64Array) => Float64Array) | undefined;
  /** Length of a step in units of the gradient of its batch, around here: α of gradient descent; 0 if unknown. */
  readonly rate: number;
  /** Over all rows, at points of the second half of the descent, in order; the last is `value`. */
  readonly values: readonly number[];
  readonly roundoff: number;
}

/** Values of the second half that make a trend. */
const MIN_VALUES = 6;
/** Standard errors by which the means of its halves must differ for the objective to be falling still. */
const SIGNIFICANT = 2.5;
/** Size of the gradient against its spread from which more than noise drives the steps. */
const STANDS_OUT = 2;
/** The floor is right within this factor. */
const FLOOR_MARGIN = 2;

export function examineBatches(certificate: Certificate, evidence: BatchEvidence): Certificate {
  if (certificate.finding === "minimizer") return certificate;
  const spread = spreadOf(evidence);
  const noise = noiseTest(evidence, spread);
  const floor = floorTest(evidence, spread);
  const progress = progressTest(evidence);
  const tests = [...certificate.tests, noise, ...(floor === undefined ? [] : [floor]), progress];
  const found = (finding: Finding): Certificate => ({ tests, finding });
  if (!noise.passed && floor?.passed === false) return found("noise-limited");
  if (!(evidence.values.length >= MIN_VALUES) || progress.passed) return found("not-stationary");
  return found(noise.passed ? "orbiting" : "noise-limited");
}

/** Root of the mean square of ‖g_B − g‖₂: the root of the trace of the covariance of gradients of batches. */
function spreadOf({ gradient, batchGradients, unevenness }: BatchEvidence): number {
  const squares = batchGradients.map((g) => twoNorm(g.map((value, i) => value - gradient[i]!)) ** 2);
  return Math.sqrt(unevenness * mean(squares));
}

/** Passed if what Newton's step would gain stands out from the floor that steps of this length keep above the minimum. */
function floorTest({ gradient, hessianVector, rate }: BatchEvidence, spread: number): Test | undefined {
  if (hessianVector === undefined || !(rate > 0) || twoNorm(gradient) === 0) return undefined;
  const { gap, unresolved } = krylovNewton(hessianVector, gradient, { products: NEWTON_PRODUCTS, floor: EXACT_CURVATURE_ERROR });
  const floor = (FLOOR_MARGIN * rate * spread ** 2) / 4;
  return {
    name: "noise-floor",
    passed: gap > floor || unresolved > 0.1 * spread,
    value: gap,
    threshold: floor,
    evidence: `Newton's step over all rows would gain ${short(gap)}; steps of this length hover about ${short(floor / FLOOR_MARGIN)} above the minimum`,
  };
}

/** Passed if the gradient stands out from the spread of those of batches. */
function noiseTest({ gradient, batchGradients }: BatchEvidence, spread: number): Test {
  const size = twoNorm(gradient);
  return {
    name: "batch-noise",
    passed: size > STANDS_OUT * spread,
    value: size,
    threshold: STANDS_OUT * spread,
    evidence: `‖g‖₂ over all rows is ${short(size)}; gradients of ${batchGradients.length} batches differ from it by ${short(spread)}`,
  };
}

/** Passed if the objective over all rows was still falling. */
function progressTest({ values, value, roundoff }: BatchEvidence): Test {
  const half = values.length >> 1;
  const [early, late] = [values.slice(0, half), values.slice(values.length - half)];
  const fall = mean(early) - mean(late);
  const error = half < 2 ? Number.POSITIVE_INFINITY : Math.sqrt((variance(early) + variance(late)) / half);
  const threshold = Math.max(SIGNIFICANT * error, 8 * roundoff * Math.abs(value));
  return {
    name: "progress",
    passed: fall > threshold,
    value: fall,
    threshold,
    evidence: `over the second half of the descent the objective over all rows fell by ${short(fall)}, with a standard error of ${short(error)}`,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
