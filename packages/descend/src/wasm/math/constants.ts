/**
 * Constants that several functions share.
 */

/** ln 2 in two parts; the first has 42 bits, so that k times it is exact for |k| ≤ 2¹¹. */
export const LN2: readonly [number, number] = [0.6931471805598903, 5.497923018708371e-14];
/** The same for float32: the first part has 15 bits, for |k| ≤ 2⁹. */
export const LN2_32: readonly [number, number] = [0.693145751953125, 1.4286068203094173e-6];

/** 1.5·2⁵² and 1.5·2²³: adding it leaves the nearest whole number in the low bits of the sum. */
export const ROUND = 6755399441055744;
export const ROUND_32 = 12582912;

export const SMALLEST_NORMAL = 2.2250738585072014e-308;
export const SMALLEST_NORMAL_32 = 1.1754943508222875e-38;
export const LARGEST = 1.7976931348623157e308;
export const LARGEST_32 = 3.4028234663852886e38;

/** π and π/2 as sums of two numbers. */
export const PI: readonly [number, number] = [Math.PI, 1.2246467991473532e-16];
export const HALF_PI: readonly [number, number] = [Math.PI / 2, 6.123233995736766e-17];
