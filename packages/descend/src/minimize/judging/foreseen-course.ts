/**
 * The way of a descent as the curvature at its start foretells it: to be drawn beside the real one.
 *
 * On the quadratic model with curvatures λᵢ and parts gᵢ of the gradient along them, a rule that is linear in the gradient multiplies each
 * part by its own factor φᵢ(k) in k steps, so ‖g_k‖² = Σ gᵢ²·φᵢ(k)² and f_k − f* = ½ Σ gᵢ²·φᵢ(k)²/λᵢ. A search that moves along gradients
 * chooses its factors itself, and for it there is a bound: after k steps conjugate gradients are as low as polynomials of degree k get, φᵢ
 * = p(λᵢ) with p(0) = 1, and minimal residuals have as small a gradient.
 *
 * Source: Golub and Meurant 2010, chapter 6: the curvatures of m Lanczos products and their shares are a Gauss quadrature, which gives
 * ‖g_k‖ and f₀ − f_k exactly for k < m, whatever the number of parameters. Saad 2003, section 6.5.7, for ‖r_k^MR‖⁻² = Σ_{j ≤ k} ‖r_j^CG‖⁻².
 */

import { dot } from "../../numeric/blas1.js";
import { decayAfter, type LinearRecurrence } from "../../optim/linear-recurrence.js";
import { PRODUCTS, ROUNDING, type StepSizeCertificate } from "./step-size.js";

export interface ForeseenCourse {
  /** course: what the method itself does on the quadratic model. bound: what no method that moves along gradients can fall below there. */
  readonly kind: "course" | "bound";
  /** Steps, ascending from 0. */
  readonly step: Float64Array;
  /** f − f* after each of them, f* the lowest value of the model. */
  readonly excess: Float64Array;
  /** ‖g‖₂. */
  readonly gradientNorm: Float64Array;
}

/** Searches whose steps lie in the span of the gradients seen so far. */
const ALONG_GRADIENTS: readonly string[] = ["lbfgs", "bfgs", "conjugateGradient", "barzilaiBorwein"];
/** Share of ‖g‖₂² that is rounding. */
const REST = 1e-31;
/** Points of a course. */
const POINTS = 1000;

/**
 * The course of a method on the quadratic model of the objective where the certificate was made.
 *
 * @param lastStep - up to this many steps, whole, ≥ 1.
 * @returns undefined where no course is known: of adaptive rules, schedules and other searches, and where a curvature is
 * negative, so that the model has no lowest value.
 *
 * Accuracy: on quadratics exact up to rounding for 100 parameters, and of ‖g‖ for the first 100 steps with more,
 * foreseen-course.test.ts; elsewhere how a descent begins.
 *
 * @example
 * foreseenCourse(stepSizeCertificate("x^2 + 2 y^2", { x: 1, y: 1 }, { method: gradientDescent({ learningRate: 0.1 }) })!, 10)!.excess;
 */
export function foreseenCourse(
  { method, indefinite, largestCurvature, recurrence, spectrum }: StepSizeCertificate,
  lastStep: number,
): ForeseenCourse | undefined {
  if (indefinite || spectrum === undefined) return undefined;
  const { gradientNorm, curvature, share } = spectrum;
  const modes = Array.from(curvature, (value, k) => ({ curvature: value, part: gradientNorm * Math.sqrt(share[k]!) })).filter(
    (mode) => mode.curvature > ROUNDING * largestCurvature,
  );
  if (recurrence !== undefined) return courseOf(recurrence, modes, lastStep);
  // With as many products as a probe takes, there are curvatures left that it did not meet
  const last = curvature.length < PRODUCTS.gradient ? lastStep : Math.min(lastStep, modes.length - 1);
  return ALONG_GRADIENTS.includes(method) ? boundOf(modes, last) : undefined;
}

/** A direction of the model: its curvature, and the length of the gradient along it. */
interface Mode {
  readonly curvature: number;
  readonly part: number;
}

function courseOf(recurrence: LinearRecurrence, modes: readonly Mode[], lastStep: number): ForeseenCourse {
  const points = Math.min(POINTS, lastStep + 1);
  const step = Float64Array.from({ length: points }, (_, k) => Math.round((k * lastStep) / (points - 1)));
  const after = Array.from(step, (steps) =>
    measured(
      modes,
      modes.map(({ curvature, part }) => part * decayAfter(recurrence, recurrence.learningRate * curvature, steps)),
    ),
  );
  return { kind: "course", step, excess: column(after, "excess"), gradientNorm: column(after, "gradientNorm") };
}

/** Conjugate gradients on the diagonal model; every residual is made orthogonal to those before, as it would be without rounding. */
function boundOf(modes: readonly Mode[], lastStep: number): ForeseenCourse {
  const residual = Float64Array.from(modes, ({ part }) => part);
  const multiply = (v: Float64Array): Float64Array => v.map((value, i) => value * modes[i]!.curvature);
  const direction = Float64Array.from(residual);
  const directions: Float64Array[] = [];
  const after = [measured(modes, residual)];
  let size = dot(residual, residual);
  let inverse = 1 / size;
  while (after.length <= Math.min(lastStep, modes.length)) {
    const ahead = multiply(direction);
    const unit = Math.sqrt(dot(residual, residual));
    directions.push(residual.map((value) => value / unit));
    const length = size / dot(direction, ahead);
    for (let i = 0; i < residual.length; i++) residual[i]! -= length * ahead[i]!;
    for (const before of directions) {
      const along = dot(before, residual);
      for (let i = 0; i < residual.length; i++) residual[i]! -= along * before[i]!;
    }
    const next = dot(residual, residual);
    if (!(next > REST * after[0]!.gradientNorm ** 2) || after.length === modes.length) {
      // At rest
      after.push({ excess: 0, gradientNorm: 0 });
      break;
    }
    for (let i = 0; i < residual.length; i++) direction[i] = residual[i]! + (next / size) * direction[i]!;
    size = next;
    inverse += 1 / size;
    after.push({ ...measured(modes, residual), gradientNorm: 1 / Math.sqrt(inverse) });
  }
  return {
    kind: "bound",
    step: Float64Array.from(after, (_, k) => k),
    excess: column(after, "excess"),
    gradientNorm: column(after, "gradientNorm"),
  };
}

type Measured = { readonly excess: number; readonly gradientNorm: number };

function measured(modes: readonly Mode[], parts: ArrayLike<number>): Measured {
  let excess = 0;
  let squares = 0;
  modes.forEach(({ curvature }, i) => {
    squares += parts[i]! ** 2;
    excess += (parts[i]! / curvature) * (parts[i]! / 2);
  });
  return { excess, gradientNorm: Math.sqrt(squares) };
}

function column(after: readonly Measured[], name: keyof Measured): Float64Array {
  return Float64Array.from(after, (entry) => entry[name]);
}
