import { dot, twoNorm } from "../../numeric/blas1.js";
import { shiftedDirection } from "./newton.js";

/**
 * Powell's dogleg: along the steepest descent to the minimum of the model on that line, then straight to
 * the Newton point, as far as the ball goes.
 *
 * Where H is not positive definite the Newton point is that of H + τ·I (`newton`), and the steepest descent leads to the border.
 *
 * @returns for a radius, the step.
 * Source: Powell 1970; Nocedal and Wright 2006, section 4.1.
 */
export function doglegStep(hessian: Float64Array, gradient: Float64Array): (radius: number) => Float64Array {
  const n = gradient.length;
  const newton = shiftedDirection(hessian, gradient);
  const squared = dot(gradient, gradient);
  let curvature = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) curvature += gradient[i]! * hessian[i * n + j]! * gradient[j]!;
  return (radius) => {
    if (newton !== undefined && twoNorm(newton) <= radius) return newton;
    const size = Math.sqrt(squared);
    const toMinimum = curvature > 0 ? squared / curvature : Number.POSITIVE_INFINITY;
    if (size === 0) return new Float64Array(n);
    if (newton === undefined || toMinimum * size >= radius) return gradient.map((g) => (-radius / size) * g);
    const cauchy = gradient.map((g) => -toMinimum * g);
    const leg = newton.map((entry, i) => entry - cauchy[i]!);
    const share = toBorder(cauchy, leg, radius);
    return cauchy.map((entry, i) => entry + share * leg[i]!);
  };
}

/** τ ≥ 0 with ‖p + τ·d‖ = radius, for ‖p‖ ≤ radius. */
export function toBorder(p: Float64Array, d: Float64Array, radius: number): number {
  const a = dot(d, d);
  const b = dot(p, d);
  const c = dot(p, p) - radius * radius;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  // The form without cancellation
  return b > 0 ? -c / (b + root) : (root - b) / a;
}
