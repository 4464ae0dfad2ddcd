import { dot } from "../../numeric/blas1.js";
import type { Box } from "../../numeric/box.js";
import { type CompactMatrix, rowOf } from "./compact-matrix.js";

export interface CauchyPoint {
  /** xᶜ, [n]. */
  readonly params: Float64Array;
  /** Wᵀ(xᶜ − x), [2k]. */
  readonly projected: Float64Array;
  /** 1 for each coordinate that the path left between its bounds. */
  readonly free: Uint8Array;
}

/**
 * The generalized Cauchy point: the first local minimum of the model along the projected path of steepest descent, x(t) = P(x − t·g).
 *
 * The path is straight between the times at which a coordinate meets its bound; the model along each piece is a parabola, whose
 * coefficients are updated from piece to piece with the rows of W.
 *
 * Source: Byrd, Lu, Nocedal, Zhu 1995, algorithm CP.
 */
export function cauchyPoint(params: Float64Array, gradient: Float64Array, box: Box, matrix: CompactMatrix): CauchyPoint {
  const n = params.length;
  const { scale, columns } = matrix;
  const direction = new Float64Array(n);
  const times = new Float64Array(n);
  const free = new Uint8Array(n).fill(1);
  for (let i = 0; i < n; i++) {
    const g = gradient[i]!;
    const bound = g < 0 ? box.upper[i]! : box.lower[i]!;
    times[i] = g === 0 ? Number.POSITIVE_INFINITY : (params[i]! - bound) / g;
    if (times[i]! <= 0) free[i] = 0;
    else direction[i] = -g;
  }
  const point = Float64Array.from(params);
  let p = Float64Array.from(columns, (column) => dot(column, direction));
  let c = new Float64Array(columns.length);
  let slope = -dot(direction, direction);
  let curvature = -scale * slope - dot(p, matrix.multiplyMiddle(p));
  const least = Number.EPSILON * -scale * slope;
  let wait = -slope / curvature;
  let time = 0;

  const order = Array.from({ length: n }, (_, i) => i)
    .filter((i) => times[i]! > 0 && times[i]! < Number.POSITIVE_INFINITY)
    .sort((i, j) => times[i]! - times[j]!);
  let met = 0;
  for (; met < order.length && slope < 0; met++) {
    const i = order[met]!;
    const piece = times[i]! - time;
    if (wait < piece) break;
    // Coordinate i meets its bound and stays there.
    const g = gradient[i]!;
    point[i] = g < 0 ? box.upper[i]! : box.lower[i]!;
    free[i] = 0;
    direction[i] = 0;
    const moved = point[i]! - params[i]!;
    const row = rowOf(matrix, i);
    c = c.map((value, k) => value + piece * p[k]!);
    const middle = matrix.multiplyMiddle(row);
    slope += piece * curvature + g * g + scale * g * moved - g * dot(middle, c);
    curvature += -scale * g * g - 2 * g * dot(middle, p) - g * g * dot(middle, row);
    curvature = Math.max(curvature, least);
    p = p.map((value, k) => value + g * row[k]!);
    wait = -slope / curvature;
    time = times[i]!;
  }
  const rest = slope < 0 ? Math.max(0, wait) : 0;
  if (rest > 0 && Number.isFinite(rest)) {
    time += rest;
    c = c.map((value, k) => value + rest * p[k]!);
  }
  for (let i = 0; i < n; i++) {
    if (direction[i] === 0) continue;
    point[i] = Math.min(box.upper[i]!, Math.max(box.lower[i]!, params[i]! + time * direction[i]!));
  }
  return { params: point, projected: c, free };
}
