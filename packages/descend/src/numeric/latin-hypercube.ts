/** Random points that are spread evenly along every coordinate. */

import { threefryUniform } from "./random.js";

/**
 * `count` points in the unit cube, row after row: along each coordinate the `count` slices of equal width hold one point each.
 *
 * x_ij = (π_j(i) + u_ij) / count, π_j random permutations, u uniform in [0, 1)
 *
 * @param count - whole, ≥ 1.
 * @param dimensions - whole, ≥ 1.
 * @param seed - whole, ≥ 0. The same one gives the same bits everywhere.
 *
 * Source: McKay, Beckman, Conover 1979, "A comparison of three methods for selecting values of input variables".
 */
export function latinHypercube(count: number, dimensions: number, seed: number): Float64Array {
  const points = new Float64Array(count * dimensions);
  for (let j = 0; j < dimensions; j++) {
    const slices = Int32Array.from({ length: count }, (_, i) => i);
    // Counters 0 to count − 1 of a stream shuffle, those from count on place the points
    for (let i = count - 1; i > 0; i--) {
      const k = Math.floor(threefryUniform(seed, j, i) * (i + 1));
      [slices[i], slices[k]] = [slices[k]!, slices[i]!];
    }
    for (let i = 0; i < count; i++) {
      const place = (slices[i]! + threefryUniform(seed, j, count + i)) / count;
      // Rounding must not reach the next slice
      points[i * dimensions + j] = Math.min(place, lastBefore((slices[i]! + 1) / count));
    }
  }
  return points;
}

function lastBefore(x: number): number {
  return x * (1 - 2 ** -52);
}
