/** The order of numbers. */

const DIGIT_BITS = 11;
const DIGITS = Math.ceil(64 / DIGIT_BITS);
const RADIX = 1 << DIGIT_BITS;
const MASK = RADIX - 1;

/**
 * Indices of `values` from the least value to the greatest, equal values in the order they stand; what is not a number comes last.
 *
 * The bits of a float64, those below the sign turned where it is set and the sign itself turned always, are whole
 * numbers in the same order. They are sorted by digits of 11 bits, the lowest first, as cards by a sorting machine: six
 * passes over the indices, and none that compares.
 *
 * Source: Knuth 1998, The Art of Computer Programming 3, section 5.2.5.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const { length } = values;
  const keys = keysOf(values);
  let from = new Uint32Array(length);
  let to = new Uint32Array(length);
  for (let i = 0; i < length; i++) from[i] = i;
  const places = new Uint32Array(RADIX);
  for (let digit = 0; digit < DIGITS; digit++) {
    const bit = digit * DIGIT_BITS;
    // A digit that lies in both halves of a key is read from a window of 32 bits over the middle
    const [half, shift] = bit < 22 ? [0, bit] : bit < 32 ? [1, bit - 16] : [2, bit - 32];
    const words = keys[half]!;
    places.fill(0);
    for (let i = 0; i < length; i++) places[(words[i]! >>> shift) & MASK]!++;
    if (places[(words[0]! >>> shift) & MASK] === length) continue;
    for (let k = 0, place = 0; k < RADIX; k++) {
      const count = places[k]!;
      places[k] = place;
      place += count;
    }
    for (let i = 0; i < length; i++) {
      const index = from[i]!;
      to[places[(words[index]! >>> shift) & MASK]!++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}

/**
 * Keys in windows of 32 bits: the low half, the bits 16 to 47, the high half. Zeros are equal whatever
 * their sign, and what is no number is one key.
 */
function keysOf(values: Float64Array): readonly Uint32Array[] {
  const { length } = values;
  const canonical = new Float64Array(length);
  for (let i = 0; i < length; i++) canonical[i] = Number.isNaN(values[i]!) ? Number.NaN : values[i]! + 0;
  const bits = new BigUint64Array(canonical.buffer);
  const words = new Uint32Array(canonical.buffer);
  const lowFirst = bits.length === 0 || Number(bits[0]! & 0xffffffffn) === words[0];
  const [low, middle, high] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
  for (let i = 0; i < length; i++) {
    const top = words[2 * i + (lowFirst ? 1 : 0)]!;
    const turned = top >>> 31 === 1 ? 0xffffffff : 0;
    low[i] = words[2 * i + (lowFirst ? 0 : 1)]! ^ turned;
    high[i] = top ^ (turned | 0x80000000);
    middle[i] = (low[i]! >>> 16) | (high[i]! << 16);
  }
  return [low, middle, high];
}
