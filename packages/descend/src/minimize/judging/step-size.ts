/**
 * What the curvature at a point says about the length of steps: the largest stable learning rate, how far the one in use is from it, and
 * how many steps the gradient will take to become small.
 *
 * The curvature along the gradient comes from a Krylov probe, Σ θₖ·uₖuₖᵀ; a rule that is linear in the gradient multiplies the part of the
 * gradient along each uₖ by a known factor at each step, so its whole way on a quadratic is known before the first step. An adaptive rule
 * is one that is linear in the gradient while its denominators stay as they are: its threshold holds for P⁻¹·H, and no course is predicted.
 *
 * Source: Cohen et al. 2022, "Adaptive gradient methods at the edge of stability", for (2 + 2β₁)/((1 − β₁)·α), 38/α with β₁ = 0.9.
 */

import { dot, maxNorm, twoNorm } from "../../numeric/blas1.js";
import { lanczos } from "../../numeric/lanczos.js";
import { denominatorsOf } from "../../optim/denominators.js";
import { decayAfter, type LinearRecurrence, type Stability, stabilityOf, stepAlong } from "../../optim/linear-recurrence.js";
import type { Transformation } from "../../optim/transformation.js";
import { randomDirection } from "./certificate/point-evidence.js";

/** All curvatures in units of the objective per squared parameter. */
export interface StepSizeCertificate {
  readonly method: string;
  readonly largestCurvature: number;
  /** The smallest one above rounding that the probe met: an upper estimate for more parameters than it has products. */
  readonly smallestCurvature: number;
  /** largest/smallest. */
  readonly conditionNumber: number;
  /** Whether a negative curvature was met: the limit is then one along the other directions. */
  readonly indefinite: boolean;
  /**
   * The largest learning rate at which the method is stable here; undefined where there is none to tell, for the reason that `basis` gives.
   * Of an adaptive rule it holds while its denominators stay as they are.
   */
  readonly stableLearningRate: number | undefined;
  /**
   * What the stable rate rests on.
   * - curvature: the largest one.
   * - preconditioned-curvature: the largest one of P⁻¹·H, P the denominators of an adaptive rule.
   * - no-memory: the rule is adaptive and has no denominators yet; a few steps on it has.
   * - no-theory: a stable rate of this rule, or of rates that follow a schedule, is not known.
   * - search: the method finds the lengths of its steps itself.
   */
  readonly basis: "curvature" | "preconditioned-curvature" | "no-memory" | "no-theory" | "search";
  /** Largest curvature of P⁻¹·H; undefined unless the stable rate rests on it. */
  readonly preconditionedCurvature: number | undefined;
  /** The rate in use, and its share of the stable one: below 1 it is stable. */
  readonly learningRate: number | undefined;
  readonly stability: number | undefined;
  /** Of gradient descent: 2/(largest + smallest), the constant rate of the fastest worst case. */
  readonly bestLearningRate: number;
  /** Steps until ‖g‖∞ has fallen to the tolerance, were the objective its quadratic model; undefined where that is unknown or never. */
  readonly predictedSteps: number | undefined;
  /** ‖g‖∞ after some numbers of steps by the same model, from 0 to the predicted end: to be drawn beside the real ones. */
  readonly prediction: { readonly step: Float64Array; readonly gradientNorm: Float64Array } | undefined;
  /**
   * Of the quadratic model along the gradient: the curvatures it meets, ascending, and the share of ‖g‖₂² along each; undefined where the
   * gradient is zero. What {@link foreseenCourse} follows.
   */
  readonly spectrum: { readonly gradientNorm: number; readonly curvature: Float64Array; readonly share: Float64Array } | undefined;
  /** How the rule multiplies along one curvature; undefined for rules that are not linear in the gradient. */
  readonly recurrence: LinearRecurrence | undefined;
  /** Products with the Hessian this took. */
  readonly products: number;
}

export interface StepSizeContext {
  readonly gradient: Float64Array;
  readonly hessianVector: (direction: Float64Array) => Float64Array;
  readonly method: string;
  /** Absent for methods with a search. */
  readonly rule: Transformation | undefined;
  /** Of the rule, by name. */
  readonly state: Readonly<Record<string, Float64Array>>;
  /** ‖g‖∞ at which the descent ends: this, or this share of the largest ‖g‖∞ on the way. */
  readonly tolerance: { readonly absolute: number; readonly relative: number };
  readonly seed: number;
}

/** Products with the Hessian of the probe along the gradient, whose slowest part decides, and of one from chance. */
export const PRODUCTS: { readonly gradient: number; readonly random: number } = { gradient: 100, random: 20 };
/** Curvatures below this share of the largest are rounding. */
export const ROUNDING = 1e-13;
/** Steps that are looked ahead. */
const MAX_STEPS = 2 ** 40;
/** Multiplications for following a swinging gradient step by step, at most. */
const SWING_WORK = 2e7;
/** Rules whose denominators are known from their state, and of which the threshold is. */
const DENOMINATED: readonly string[] = ["adam", "adamw", "rmsprop", "adagrad"];
/** Denominators that are no more than an ε have no memory of a gradient yet. */
const LEAST_MEMORY = 1e-7;
/** Points of the predicted curve. */
const CURVE = 200;

export function measureStepSize({
  gradient,
  hessianVector,
  method,
  rule,
  state,
  tolerance,
  seed,
}: StepSizeContext): StepSizeCertificate | undefined {
  const n = gradient.length;
  const random = lanczos(hessianVector, randomDirection(n, seed), PRODUCTS.random);
  const atRest = maxNorm(gradient) === 0;
  const along = atRest ? undefined : lanczos(hessianVector, gradient, PRODUCTS.gradient);
  const values = [...random.values, ...(along?.values ?? [])];
  if (!values.every(Number.isFinite)) return undefined;
  const largest = Math.max(...values);
  const smallest = Math.min(...values.filter((value) => value > ROUNDING * largest));
  if (!(largest > 0)) return undefined;
  const stability = rule && stabilityOf(rule);
  const recurrence = stability?.recurrence;
  const denominators = rule !== undefined && DENOMINATED.includes(rule.name) ? denominatorsOf(rule, state) : undefined;
  const known = denominators?.some((value) => value > LEAST_MEMORY) === true;
  const preconditioned =
    stability === undefined || recurrence !== undefined || !known
      ? undefined
      : lanczos(divided(hessianVector, denominators!), randomDirection(n, seed), PRODUCTS.random);
  const preconditionedCurvature = preconditioned?.values.at(-1);
  const basis = basisOf(rule, stability, preconditionedCurvature);
  const decisive = basis === "curvature" ? largest : basis === "preconditioned-curvature" ? preconditionedCurvature! : Number.NaN;
  const stableLearningRate = Number.isNaN(decisive) ? undefined : stability!.limit / decisive;
  const modes =
    along === undefined ? [] : Array.from(along.values, (curvature, k) => ({ curvature, part: partAlong(along.vector(k), gradient) }));
  const predictedSteps = recurrence === undefined || atRest ? undefined : stepsTo(recurrence, modes, n, tolerance);
  return {
    method,
    largestCurvature: largest,
    smallestCurvature: smallest,
    conditionNumber: largest / smallest,
    indefinite: Math.min(...values) < -ROUNDING * largest,
    stableLearningRate,
    basis,
    preconditionedCurvature,
    learningRate: stability?.learningRate,
    stability: stableLearningRate === undefined ? undefined : stability!.learningRate / stableLearningRate,
    bestLearningRate: 2 / (largest + smallest),
    predictedSteps,
    prediction: predictedSteps === undefined ? undefined : curve(recurrence!, modes, n, predictedSteps),
    spectrum: along && { gradientNorm: twoNorm(gradient), curvature: along.values, share: along.weights },
    recurrence,
    products: random.products + (along?.products ?? 0) + (preconditioned?.products ?? 0),
  };
}

function basisOf(
  rule: Transformation | undefined,
  stability: Stability | undefined,
  preconditioned: number | undefined,
): StepSizeCertificate["basis"] {
  if (rule === undefined) return "search";
  if (stability?.recurrence !== undefined) return "curvature";
  if (stability === undefined || !DENOMINATED.includes(rule.name)) return "no-theory";
  return preconditioned !== undefined && preconditioned > 0 ? "preconditioned-curvature" : "no-memory";
}

/** v ↦ P^−½·H·P^−½·v, which has the eigenvalues of P⁻¹·H and is symmetric. */
function divided(
  multiply: (direction: Float64Array) => Float64Array,
  denominators: Float64Array,
): (direction: Float64Array) => Float64Array {
  const roots = denominators.map(Math.sqrt);
  return (direction) => multiply(direction.map((value, i) => value / roots[i]!)).map((value, i) => value / roots[i]!);
}

/** A direction of the model: its curvature, and the part of the gradient along it, [n]. */
interface Mode {
  readonly curvature: number;
  readonly part: Float64Array;
}

function partAlong(u: Float64Array, gradient: Float64Array): Float64Array {
  const slope = dot(u, gradient);
  return u.map((value) => value * slope);
}

/** ‖g‖∞ of the model after some steps. */
function gradientAfter(recurrence: LinearRecurrence, modes: readonly Mode[], n: number, steps: number): number {
  const gradient = new Float64Array(n);
  for (const { curvature, part } of modes) {
    const factor = decayAfter(recurrence, recurrence.learningRate * curvature, steps);
    for (let i = 0; i < n; i++) gradient[i]! += factor * part[i]!;
  }
  return maxNorm(gradient);
}

/** The first number of steps after which the gradient is below the tolerance; undefined if there is none. */
function stepsTo(
  recurrence: LinearRecurrence,
  modes: readonly Mode[],
  n: number,
  { absolute, relative }: StepSizeContext["tolerance"],
): number | undefined {
  const atStart = gradientAfter(recurrence, modes, n, 0);
  const isSmall = (steps: number): boolean => gradientAfter(recurrence, modes, n, steps) <= Math.max(absolute, relative * atStart);
  let enough = 1;
  while (!isSmall(enough)) {
    enough *= 2;
    if (enough > MAX_STEPS) return undefined;
  }
  let few = enough / 2;
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isSmall(middle)) enough = middle;
    else few = middle;
  }
  // With momentum the gradient swings: it may be small before, or large once more and with it the tolerance.
  if (recurrence.beta === 0 || enough * modes.length * n > SWING_WORK) return enough;
  const states = modes.map(() => [1, 0] as [number, number]);
  let scale = atStart;
  for (let steps = 1; steps < 2 * enough; steps++) {
    const gradient = new Float64Array(n);
    modes.forEach(({ curvature, part }, k) => {
      const state = stepAlong(recurrence, recurrence.learningRate * curvature, ...states[k]!);
      states[k] = state;
      for (let i = 0; i < n; i++) gradient[i]! += state[0] * part[i]!;
    });
    const norm = maxNorm(gradient);
    if (norm <= Math.max(absolute, relative * scale)) return steps;
    scale = Math.max(scale, norm);
  }
  return enough;
}

function curve(recurrence: LinearRecurrence, modes: readonly Mode[], n: number, last: number): StepSizeCertificate["prediction"] {
  const points = Math.min(CURVE, last + 1);
  const step = Float64Array.from({ length: points }, (_, k) => Math.round((k * last) / Math.max(1, points - 1)));
  return { step, gradientNorm: step.map((steps) => gradientAfter(recurrence, modes, n, steps)) };
}
