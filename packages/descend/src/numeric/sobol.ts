/** Points that fill a cube evenly: each new one lies where the earlier ones leave room. */

import { invariant } from "../errors.js";

/**
 * Of each dimension after the first: the primitive polynomial over two elements, its coefficients as bits with both ends, and the odd
 * numbers m₁, m₂, … that begin the sequence of directions. Source: Joe, Kuo 2008, "Constructing Sobol sequences with better two-dimensional
 * projections", the first rows of their table for 21201 dimensions.
 */
const DIRECTIONS: readonly (readonly [polynomial: number, first: readonly number[]])[] = [
  [3, [1]],
  [7, [1, 3]],
  [11, [1, 3, 1]],
  [13, [1, 1, 1]],
  [19, [1, 1, 3, 3]],
  [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]],
  [41, [1, 1, 5, 5, 5]],
  [47, [1, 1, 7, 11, 19]],
  [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]],
  [61, [1, 3, 5, 5, 31]],
  [67, [1, 3, 3, 9, 7, 49]],
  [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]],
  [103, [1, 1, 1, 15, 7, 5]],
  [109, [1, 3, 1, 15, 13, 25]],
  [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]],
  [137, [1, 3, 7, 13, 13, 15, 69]],
];

export const MAX_SOBOL_DIMENSIONS: number = DIRECTIONS.length + 1;

const BITS = 32;

/**
 * Point `index` of Sobol's sequence as 32-bit fractions of 1: any point by itself, in the order of Gray's code.
 *
 * x_j = ⊕ v_{j,k} over the bits k of index ⊕ ⌊index/2⌋
 *
 * @param index - whole, 0 ≤ index < 2³². Point 0 is the corner 0.
 * @param dimensions - whole, from 1 to 21.
 *
 * Of 2^m points from one whose index is a multiple of 2^m, each of the 2^m slices across a coordinate holds one.
 * Source: Sobol 1967; Antonov, Saleev 1979 for the order.
 */
export function sobolPoint(index: number, dimensions: number): Uint32Array {
  invariant(dimensions <= MAX_SOBOL_DIMENSIONS, "Sobol's sequence has direction numbers for every dimension");
  const code = (index ^ (index >>> 1)) >>> 0;
  return Uint32Array.from({ length: dimensions }, (_, j) => {
    directionsOf[j] ??= directionNumbers(j);
    const directions = directionsOf[j]!;
    let x = 0;
    for (let k = 0; k < BITS; k++) if ((code >>> k) & 1) x ^= directions[k]!;
    return x >>> 0;
  });
}

const directionsOf: Uint32Array[] = [];

/** v_k = m_k·2^(32−k); from the degree of the polynomial on by its recurrence. */
function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  const [polynomial, first] = dimension === 0 ? [1, []] : DIRECTIONS[dimension - 1]!;
  const degree = first.length;
  for (let k = 0; k < BITS; k++) {
    if (degree === 0) v[k] = 2 ** (BITS - 1 - k);
    else if (k < degree) v[k] = first[k]! * 2 ** (BITS - 1 - k);
    else {
      let next = v[k - degree]! ^ (v[k - degree]! >>> degree);
      for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) next ^= v[k - i]!;
      v[k] = next >>> 0;
    }
  }
  return v;
}
