/** Sums whose error does not grow with the number of terms. */

/**
 * Σ aᵢ·bᵢ as if computed with twice the digits and rounded once.
 *
 * Accuracy: relative error ≤ 2⁻⁵³ + about n²·2⁻¹⁰⁶ times the condition number Σ|aᵢ·bᵢ| / |Σ aᵢ·bᵢ|. Cost: 25 flops a term, so not for
 * hot loops. Products beyond 2⁹⁹⁶ in size overflow.
 * Source: Ogita, Rump, Oishi 2005, "Accurate sum and dot product", algorithm 5.3 (Dot2).
 */
export function compensatedDot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [high, low] = compensatedDotParts(a, b);
  return high + low;
}

/** The same before the last rounding: a number and what it lacks. */
export function compensatedDotParts(a: ArrayLike<number>, b: ArrayLike<number>): [high: number, low: number] {
  let sum = 0;
  let correction = 0;
  for (let i = 0; i < a.length; i++) {
    const product = a[i]! * b[i]!;
    const total = sum + product;
    const back = total - sum;
    correction += sum - (total - back) + (product - back) + productError(a[i]!, b[i]!, product);
    sum = total;
  }
  return [sum, correction];
}

/**
 * Σ aᵢ, rounded once. Accuracy as {@link compensatedDot}.
 *
 * Source: Neumaier 1974; Ogita, Rump, Oishi 2005, algorithm 4.4 (Sum2).
 */
export function compensatedSum(values: ArrayLike<number>): number {
  let sum = 0;
  let correction = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const total = sum + value;
    const back = total - sum;
    correction += sum - (total - back) + (value - back);
    sum = total;
  }
  return sum + correction;
}

/** a·b − product exactly, by Dekker's splitting into halves of 26 bits. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const aLow = a - aHigh;
  const bHigh = upperHalf(b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function upperHalf(x: number): number {
  const c = 134217729 * x;
  return c - (c - x);
}
