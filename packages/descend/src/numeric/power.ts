/**
 * Powers with whole exponents, the same on every engine.
 *
 * The last digits of an engine's own aᵇ depend on its version. Here powers are products, carried with twice the digits: each product
 * is exact but for the square of the rounding error.
 *
 * Source: Dekker 1971, "A floating-point technique for extending the available precision", sections 4 and 5.
 */

/** Exponents up to which powers are products. */
const LARGEST_EXPONENT = 64;
/** Beyond, products of parts of numbers could over- or underflow. */
const LARGEST = 1e280;
/** 2²⁷ + 1: cuts the 53 bits of a number into halves. */
const SPLITTER = 134217729;

/** A number as an unevaluated sum of two, the second less than half a unit in the last place of the first. */
type Pair = readonly [number, number];

/**
 * baseᵉˣᵖᵒⁿᵉⁿᵗ, as JavaScript's `**`.
 *
 * Within 0.51 ulp and the same on every engine for whole exponents up to ±64 and ±½ where the result is within 1e±280; the engine's own elsewhere.
 */
export function power(base: number, exponent: number): number {
  const size = Math.abs(exponent);
  let result = Number.NaN;
  if (size === 0.5 && base > 0) result = exponent > 0 ? Math.sqrt(base) : Math.sqrt(1 / base);
  if (Number.isInteger(size) && size <= LARGEST_EXPONENT) {
    let product: Pair = [1, 0];
    let square: Pair = [base, 0];
    for (let rest = size; rest > 0; rest >>= 1) {
      if (rest % 2 === 1) product = times(product, square);
      if (rest > 1) square = times(square, square);
    }
    result = exponent < 0 ? inverse(product) : product[0];
  }
  const within = Math.abs(result) < LARGEST && Math.abs(result) > 1 / LARGEST;
  return within ? result : base ** exponent;
}

function times([a, b]: Pair, [c, d]: Pair): Pair {
  const high = a * c;
  return normalized(high, productError(a, c, high) + (a * d + b * c));
}

function inverse([a, b]: Pair): number {
  const guess = 1 / a;
  const product = guess * a;
  return guess + guess * (1 - product - productError(guess, a, product) - guess * b);
}

/** a·c − product, exactly. */
function productError(a: number, c: number, product: number): number {
  const a1 = upperHalf(a);
  const c1 = upperHalf(c);
  return a1 * c1 - product + a1 * (c - c1) + (a - a1) * c1 + (a - a1) * (c - c1);
}

function upperHalf(a: number): number {
  const scaled = SPLITTER * a;
  return scaled - (scaled - a);
}

function normalized(high: number, low: number): Pair {
  const sum = high + low;
  return [sum, low - (sum - high)];
}
