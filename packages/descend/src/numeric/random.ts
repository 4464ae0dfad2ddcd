/**
 * Counter-based random numbers: a number is a pure function of (seed, stream, counter), so any part of a sequence can be
 * made anywhere, in any order, with the same bits.
 *
 * Threefry-2x32 with 20 rounds. Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

/** Rotation distances of the eight rounds, then repeated. Source: Salmon et al. 2011, table 2 (2x32). */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/** Encrypts the counter (c0, c1) with the key (k0, k1); both halves are 32-bit words. The result is written to `out`. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const keys = [k0 | 0, k1 | 0, PARITY ^ k0 ^ k1];
  let x0 = (c0 + keys[0]!) | 0;
  let x1 = (c1 + keys[1]!) | 0;
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) | 0;
    const distance = ROTATIONS[round % 8]!;
    x1 = ((x1 << distance) | (x1 >>> (32 - distance))) ^ x0;
    if (round % 4 === 3) {
      const block = (round + 1) / 4;
      x0 = (x0 + keys[block % 3]!) | 0;
      x1 = (x1 + keys[(block + 1) % 3]! + block) | 0;
    }
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
