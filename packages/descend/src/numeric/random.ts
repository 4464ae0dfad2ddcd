/**
 * Counter-based random numbers: a number is a pure function of (seed, stream, counter), so any part of a sequence can be
 * made anywhere, in any order, with the same bits.
 *
 * Threefry-2x32 with 20 rounds. Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

const PARITY = 0x1bd11bda;
/** Of four rounds each. */
const BLOCKS = 5;

/**
 * Encrypts the counter (c0, c1) with the key (k0, k1); both halves are 32-bit words. The result is written to `out`.
 *
 * Rounds are written out: the rotations are those of Salmon et al. 2011, table 2 (2x32), four by turns.
 */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  // The keys as they are added: after each block they move up by one.
  let [next, last, first] = [k1 | 0, PARITY ^ k0 ^ k1, k0 | 0];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let block = 1; block <= BLOCKS; block++) {
    if ((block & 1) === 1) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    } else {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    }
    x0 = (x0 + next) | 0;
    x1 = (x1 + last + block) | 0;
    const added = next;
    next = last;
    last = first;
    first = added;
  }
  out[0] = x0;
  out[1] = x1;
}

const words = new Uint32Array(2);

/**
 * A uniform number in [0, 1) with 53 random bits.
 *
 * Key: (seed, stream), each taken modulo 2³². Counter: (low, high 32 bits of `counter`).
 *
 * @param seed - whole number ≥ 0.
 * @param stream - whole number ≥ 0: numbers of different streams are independent.
 * @param counter - whole number, 0 ≤ counter < 2⁵³: the place in the stream.
 */
export function threefryUniform(seed: number, stream: number, counter: number): number {
  threefry2x32(seed >>> 0, stream >>> 0, counter >>> 0, Math.floor(counter / 4294967296) >>> 0, words);
  return ((words[0]! >>> 5) * 67108864 + (words[1]! >>> 6)) / 9007199254740992;
}

/** {@link threefryUniform} for float32: a uniform number in [0, 1) with the 24 random bits a float32 can hold, from the first word. */
export function threefryUniform32(seed: number, stream: number, counter: number): number {
  threefry2x32(seed >>> 0, stream >>> 0, counter >>> 0, Math.floor(counter / 4294967296) >>> 0, words);
  return (words[0]! >>> 8) / 16777216;
}
