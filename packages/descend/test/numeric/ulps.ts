const bits = new BigInt64Array(1);
const number = new Float64Array(bits.buffer);

/** A whole number that counts float64 values in order, so that neighbors differ by 1 and −0 and 0 are one. */
function ordinal(value: number): bigint {
  number[0] = value;
  const raw = bits[0]!;
  return raw >= 0n ? raw : -(raw & 0x7fffffffffffffffn);
}

/** How many float64 numbers lie between two: 0 if they are equal, 1 for neighbors. Infinite if only one is NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
  const difference = ordinal(a) - ordinal(b);
  return Number(difference < 0n ? -difference : difference);
}
