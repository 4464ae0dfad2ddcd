/** Norms for tests of the last bit: exact sums of exact squares of doubles, by integers. */

/** √(Σ xᵢ²) rounded once, for numbers between 1e-30 and 1e30 (or 0). */
export function exactTwoNorm(x: ArrayLike<number>): number {
  // Every such double is a whole multiple of 2⁻¹⁶⁰ up to 53 bits long; scaled by 2³²⁰ the squares are integers.
  let sum = 0n;
  for (let i = 0; i < x.length; i++) sum += wholeMultiple(x[i]!) ** 2n;
  return Number(squareRoot(sum << 120n)) / 2 ** 220;
}

/** The distance from |x| to the next larger double. */
export function ulpOf(x: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (exponent - 52);
}

/** x·2¹⁶⁰. */
function wholeMultiple(x: number): bigint {
  let mantissa = x;
  let shift = 160;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    shift--;
  }
  return BigInt(mantissa) << BigInt(shift);
}

/** ⌊√n⌋ by Newton's iteration. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
