import { dot, twoNorm } from "../../numeric/blas1.js";
import type { Search } from "../search-method.js";
import { toBorder } from "./dogleg-step.js";
import type { ModelStep } from "./model-step.js";

/**
 * The model's minimum by conjugate gradients on products with the Hessian, ended by the border of the ball or by curvature that is not
 * positive, along which it goes to the border.
 *
 * Source: Steihaug 1983; Nocedal and Wright 2006, algorithm 7.2, with tolerance min(1/2, √‖g‖)·‖g‖.
 */
export function* steihaugStep(
  gradient: Float64Array,
  radius: number,
  multiply: (direction: Float64Array) => Search<Float64Array>,
): Search<ModelStep> {
  const n = gradient.length;
  const size = twoNorm(gradient);
  const tolerance = Math.min(0.5, Math.sqrt(size)) * size;
  let step = new Float64Array(n);
  const residual = Float64Array.from(gradient);
  let direction = gradient.map((g) => -g);
  let squared = dot(residual, residual);
  if (squared === 0) return { step, decrease: 0 };
  for (let k = 0; k < 2 * n; k++) {
    const image = yield* multiply(direction);
    const curvature = dot(direction, image);
    const length = squared / curvature;
    const next = step.map((p, i) => p + length * direction[i]!);
    if (!(curvature > 0) || twoNorm(next) >= radius) {
      const share = toBorder(step, direction, radius);
      const decrease = modelDecrease(gradient, residual, step) + share * squared - 0.5 * share * share * curvature;
      return { step: step.map((p, i) => p + share * direction[i]!), decrease };
    }
    step = next;
    for (let i = 0; i < n; i++) residual[i]! += length * image[i]!;
    const after = dot(residual, residual);
    if (Math.sqrt(after) <= tolerance) break;
    const beta = after / squared;
    direction = direction.map((d, i) => beta * d - residual[i]!);
    squared = after;
  }
  return { step, decrease: modelDecrease(gradient, residual, step) };
}

/** −(gᵀp + ½·pᵀHp), since H·p = residual − g. */
function modelDecrease(gradient: Float64Array, residual: Float64Array, step: Float64Array): number {
  return -0.5 * (dot(gradient, step) + dot(residual, step));
}
